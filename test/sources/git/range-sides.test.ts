import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/model/user-error.ts';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import { pathsOf, runCommand, runJson, scanRange, skippedOf } from '../../support/scan.ts';

const key = robotomailKey('sides');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const token = (name: string): string => `T=${githubToken(name)}\n`;

/** main: base, main.env; side: base, side.env. HEAD is on main. */
function forked(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { a: '1\n' } });
  repo.branch('side');
  repo.commit({ files: { 'side.env': token('side') } });
  repo.checkout('main');
  repo.commit({ files: { 'main.env': token('main') } });
  return repo;
}

describe('the sides of a range', () => {
  it.each([
    ['A..B', 'side..main', ['main.env']],
    ['B..A', 'main..side', ['side.env']],
    ['A...B, from the merge base', 'side...main', ['main.env']],
    ['B...A', 'main...side', ['side.env']],
    ['an omitted left side is HEAD', '..side', ['side.env']],
    ['an omitted right side is HEAD', 'side..', ['main.env']],
    ['an omitted right side of three dots', 'side...', ['main.env']],
    ['parents and ids', 'main~1..main', ['main.env']],
    ['full ref names', 'refs/heads/side..refs/heads/main', ['main.env']],
  ])('%s', async (_name, range, expected) => {
    const repo = forked();
    const report = await scanRange(repo, range);
    expect(pathsOf(report)).toEqual(expected);
    expect(report.target.range).toMatch(/^[0-9a-f]{40}\.\.[0-9a-f]{40}$/);
  });

  it('a tag stands for its commit', async () => {
    const repo = forked();
    repo.tag('v1', 'release', 'side');
    expect(pathsOf(await scanRange(repo, 'v1..HEAD'))).toEqual(['main.env']);
  });

  it('the same on both sides is empty, said so, and exit code 0', async () => {
    const repo = forked();
    const report = await scanRange(repo, 'HEAD..HEAD');
    expect(report.target.empty).toBe('the range has no commits');
    expect(report.findings).toEqual([]);
    const ran = runCommand(repo.path, ['scan', '--range', 'main..main']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('the range has no commits');
  });

  it.each([
    ['an unknown branch', 'origin/main..HEAD', /git fetch origin main/],
    ['an unknown id', `${'12'.repeat(20)}..HEAD`, /git fetch origin 1212/],
    ['a branch of another remote', 'up/stream/main..HEAD', /git fetch up\/stream main$/],
    [
      'a commit before the first',
      'main~9..HEAD',
      /main has no such commit before it; see: git log/,
    ],
    ['a parent of what is not here', 'origin/x^2..HEAD', /git fetch origin x$/],
    ['the zero id', `${'0'.repeat(40)}..HEAD`, /no commit/],
    ['the zero id on the right', `HEAD..${'0'.repeat(40)}`, /no commit/],
    ['one revision alone', 'HEAD', /A\.\.B/],
    ['a blob', 'HEAD:a..HEAD', /is no commit/],
    ['an option', '--output=canary..HEAD', /is no commit/],
    ['an option on the right', 'HEAD..--output=canary', /is no commit/],
    ['several revisions in one', 'HEAD ^side..HEAD', /is no commit/],
  ])('%s is a mistake that can be mended', async (_name, range, message) => {
    const repo = forked();
    for (const name of ['origin', 'up/stream']) repo.git(['remote', 'add', name, '/nowhere']);
    await expect(scanRange(repo, range)).rejects.toThrow(UserError);
    await expect(scanRange(repo, range)).rejects.toThrow(message);
    expect(runCommand(repo.path, ['scan', `--range=${range}`])).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(existsSync(join(repo.path, 'canary'))).toBe(false);
  });

  it('without a remote it does not say to ask one', async () => {
    await expect(scanRange(forked(), 'origin/main..HEAD')).rejects.toThrow(/no remote is known/);
  });

  it('no common commit for three dots', async () => {
    const repo = forked();
    repo.git(['checkout', '-q', '--orphan', 'fresh']);
    repo.commit({ files: { b: '1' } });
    await expect(scanRange(repo, 'main...fresh')).rejects.toThrow(/no common commit.*write A\.\.B/);
  });

  it('a repository without a commit', async () => {
    await expect(scanRange(makeRepo(), 'HEAD~1..HEAD')).rejects.toThrow(UserError);
  });

  it('a branch that is called like an option', async () => {
    const repo = forked();
    repo.git(['update-ref', 'refs/heads/-q', 'side']);
    expect(pathsOf(await scanRange(repo, 'main..refs/heads/-q'))).toEqual(['side.env']);
  });
});

describe('in a clone without all of it', () => {
  /** Five commits, the third with a key. */
  function long(): Repo {
    const repo = makeRepo();
    for (let n = 1; n <= 5; n += 1) {
      repo.commit({ files: n === 3 ? { '.env': line } : { a: `${n}\n` } });
    }
    return repo;
  }

  it('an unresolved side of a shallow clone asks for the rest', async () => {
    const clone = long().clone(['--depth=2']);
    await expect(scanRange(clone, 'HEAD~3..HEAD')).rejects.toThrow(/git fetch --unshallow/);
  });

  it('a boundary inside the range makes it incomplete', async () => {
    const origin = long();
    const last = origin.id('HEAD');
    origin.git(['checkout', '-q', '--orphan', 'other']);
    origin.commit({ files: { b: '1\n' } });
    const clone = origin.clone(['--depth=2', '--no-single-branch']);
    const report = await scanRange(clone, `origin/other..${last}`);
    expect(skippedOf(report, 'shallow-boundary')).toBe(1);
    expect(report.coverage.complete).toBe(false);
    // The boundary shows all that it holds as new: rather too much than too little.
    expect(pathsOf(report, key)).toEqual(['.env']);
  });

  it('a boundary outside of it does no harm', async () => {
    const clone = long().clone(['--depth=2']);
    const report = await scanRange(clone, 'HEAD~1..HEAD');
    expect(report.coverage).toMatchObject({ complete: true, skipped: [] });
    expect(report.target.shallow).toBe(true);
    expect(runCommand(clone.path, ['scan', '--range', 'HEAD~1..HEAD']).code).toBe(0);
  });

  it('a missing blob is a problem of its path, the rest is found', async () => {
    const repo = forked();
    repo.commit({ files: { 'lost.env': line, 'kept.env': token('kept') } });
    repo.removeObject(repo.id('HEAD:lost.env'));
    const report = await scanRange(repo, 'HEAD~1..HEAD');
    expect(pathsOf(report)).toEqual(['kept.env']);
    expect(report.problems).toMatchObject([{ kind: 'missing-object', where: 'lost.env' }]);
    expect(report.coverage.complete).toBe(false);
  });

  it('a partial clone finds what is here and counts what is not', async () => {
    const origin = makeRepo();
    const versions = ['one', 'two', 'three'].map((word) => `${word}\n`.repeat(99));
    for (const [n, version] of versions.entries()) {
      // git asks for the older contents, to see whether a new file is an old one renamed.
      origin.commit({
        files: { [`file${n}`]: version, 'now.env': `${line}# ${n}\n` },
        remove: n === 0 ? [] : [`file${n - 1}`],
      });
    }
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    origin.git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    const clone = origin.clone(['--filter=blob:none']);
    const before = clone.git(['count-objects', '-v']);
    const report = await scanRange(clone, 'HEAD~2..HEAD');
    expect(pathsOf(report, key)).toEqual(['now.env']);
    expect(report.problems.map(({ kind, where }) => [kind, where])).toEqual([
      ['missing-object', 'file1'],
      ['missing-object', 'now.env'],
    ]);
    expect(clone.git(['count-objects', '-v'])).toBe(before);
  });
});

it('works in a bare repository', () => {
  const bare = forked().clone(['--bare']);
  const { code, report } = runJson(bare.path, ['scan', '--range', 'side..main']);
  expect(report.findings.map(({ path }) => path)).toEqual(['main.env']);
  expect(code).toBe(1);
});
