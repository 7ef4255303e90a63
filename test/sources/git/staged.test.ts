import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, repoAt, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import {
  agentmailKey,
  githubToken,
  privateKeyBlock,
  robotomailKey,
  withOtherMiddle,
} from '../../support/sample.ts';
import { findingsOf, pathsOf, runCommand, scanStaged } from '../../support/scan.ts';

const key = robotomailKey('staged');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const older = `AGENTMAIL_API_KEY=${agentmailKey('staged')}\n`;

function based(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { 'old.env': `A=1\nB=2\n${older}C=3\n`, a: '1\n' } });
  return repo;
}

function add(repo: Repo, files: Parameters<Repo['write']>[0]): void {
  repo.write(files);
  repo.git(['add', '-A']);
}

describe('the index is what is scanned', () => {
  it('a staged key is found, though the work tree no longer has it (gitleaks#585)', async () => {
    const repo = based();
    add(repo, { 'new.env': `A=1\n${line}` });
    repo.write({ 'new.env': 'A=1\n' });
    const report = await scanStaged(repo);
    expect(pathsOf(report)).toEqual(['new.env']);
    const [found] = findingsOf(report, key);
    expect(found?.start).toMatchObject({ line: 2, column: 20 });
    expect(found?.git).toBeUndefined();
    expect(report.target).toMatchObject({ kind: 'staged', head: repo.id('HEAD') });
  });

  it('a key in the work tree alone is not', async () => {
    const repo = based();
    add(repo, { 'new.env': 'A=1\n' });
    repo.write({ 'new.env': line, 'untracked.env': line });
    expect(pathsOf(await scanStaged(repo))).toEqual([]);
  });

  it('of a file that is staged in part, that part', async () => {
    const repo = based();
    const blob = repo.blob(`1\n${line}`);
    repo.write({ a: `1\n${line}T=${githubToken('not added')}\n` });
    // What `git add -p` does in the end.
    repo.git(['update-index', '--cacheinfo', `100644,${blob},a`]);
    const report = await scanStaged(repo);
    expect(report.findings.map(({ secret }) => secret.reveal())).toEqual([key]);
  });

  it('before the first commit all of it is new', async () => {
    const repo = makeRepo();
    add(repo, { '.env': line, 'deep/er/.env': older });
    const report = await scanStaged(repo);
    expect(pathsOf(report)).toEqual(['.env', 'deep/er/.env']);
    expect(report.target.head).toBeUndefined();
  });

  it('before the first commit of a SHA-256 repository too', async () => {
    const repo = makeRepo({ format: 'sha256' });
    add(repo, { '.env': line });
    expect(pathsOf(await scanStaged(repo))).toEqual(['.env']);
  });

  it('from a subfolder the whole index counts, paths from the top', async () => {
    const repo = based();
    add(repo, { 'app/new.env': line, 'top.env': `T=${githubToken('top')}\n` });
    const report = await scanStaged({ path: join(repo.path, 'app') });
    expect(pathsOf(report)).toEqual(['app/new.env', 'top.env']);
  });

  it('of a repository in a folder whose name has a line break', async () => {
    const folder = join(makeTree({ 'two\nlines/': '' }), 'two\nlines');
    const repo = repoAt(folder);
    repo.git(['init', '-q', '-b', 'main']);
    repo.commit({ files: { a: '1\n' } });
    add(repo, { '.env': line });
    const report = await scanStaged(repo);
    expect(pathsOf(report)).toEqual(['.env']);
    expect(report.target.head).toBe(repo.id('HEAD'));
  });

  it('however large its files are', async () => {
    const repo = based();
    const filler = 'some = text\n'.repeat(500_000);
    add(repo, { 'first.env': line, 'large.txt': `${filler}${line}`, 'z.env': older });
    const report = await scanStaged(repo);
    expect(pathsOf(report)).toEqual(['first.env', 'large.txt', 'z.env']);
  });

  it('of a linked worktree its own', async () => {
    const repo = based();
    const folder = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', '-b', 'linked', folder]);
    const linked = repoAt(folder);
    add(linked, { 'linked.env': line });
    expect(pathsOf(await scanStaged(linked))).toEqual(['linked.env']);
    expect(pathsOf(await scanStaged(repo))).toEqual([]);
  });
});

describe('only what is new counts', () => {
  it('an added line beside an old key', async () => {
    const repo = based();
    add(repo, { 'old.env': `A=1\nB=2\n${older}${line}C=3\n` });
    const report = await scanStaged(repo);
    expect(report.findings.map(({ secret }) => secret.reveal())).toEqual([key]);
  });

  it('the old key on a line that changed', async () => {
    const repo = based();
    add(repo, { 'old.env': `A=1\nB=2\nexport ${older}C=3\n` });
    expect(pathsOf(await scanStaged(repo), agentmailKey('staged'))).toEqual(['old.env']);
  });

  it('a renamed file with a key added', async () => {
    const repo = based();
    repo.git(['mv', 'old.env', 'moved.env']);
    add(repo, { 'moved.env': `A=1\nB=2\n${older}C=3\n${line}` });
    const report = await scanStaged(repo);
    expect(pathsOf(report)).toEqual(['moved.env']);
    expect(findingsOf(report, key)).toHaveLength(1);
  });

  it('a private key of which only the middle changed', async () => {
    const repo = based();
    const block = privateKeyBlock('staged');
    repo.commit({ files: { 'id.pem': block } });
    const other = withOtherMiddle(block, 'staged');
    add(repo, { 'id.pem': other });
    expect(pathsOf(await scanStaged(repo), other.trim())).toEqual(['id.pem']);
  });

  it('a symbolic link to a name that holds a key', async () => {
    const repo = based();
    symlinkSync(`/run/${key}`, join(repo.path, 'link'));
    repo.git(['add', 'link']);
    expect(pathsOf(await scanStaged(repo), key)).toEqual(['link']);
  });

  it('in a merge, what HEAD does not hold', async () => {
    const repo = based();
    repo.branch('side');
    repo.commit({ files: { 'side.env': line } });
    repo.checkout('main');
    repo.commit({ files: { a: '2\n' } });
    repo.git(['merge', '-q', '--no-ff', '--no-commit', 'side']);
    expect(pathsOf(await scanStaged(repo))).toEqual(['side.env']);
  });

  it('in a merge with conflicts, what is settled', async () => {
    const repo = based();
    repo.branch('side');
    repo.commit({ files: { a: 'side\n', 'side.env': line } });
    repo.checkout('main');
    repo.commit({ files: { a: 'main\n' } });
    repo.git(['merge', '-q', 'side'], { mayFail: true });
    expect(repo.git(['ls-files', '--unmerged'])).not.toBe('');
    expect(pathsOf(await scanStaged(repo))).toEqual(['side.env']);
    add(repo, { a: `main\nside\nT=${githubToken('resolved')}\n` });
    expect(pathsOf(await scanStaged(repo))).toEqual(['a', 'side.env']);
  });
});

describe('nothing new is exit code 0, and said so', () => {
  it.each<[string, (repo: Repo) => void]>([
    ['nothing staged', () => undefined],
    ['a deletion', (repo) => void repo.git(['rm', '-q', 'old.env'])],
    ['a mode change', (repo) => void repo.git(['update-index', '--chmod=+x', 'old.env'])],
    ['a pure rename', (repo) => void repo.git(['mv', 'old.env', 'moved.env'])],
    [
      'an intent to add',
      (repo) => {
        repo.write({ 'new.env': line });
        repo.git(['add', '-N', 'new.env']);
      },
    ],
    [
      'a submodule',
      (repo) => {
        const oid = repo.id('HEAD');
        repo.git(['update-index', '--add', '--cacheinfo', `160000,${oid},lib`]);
      },
    ],
    ['a moved line', (repo) => add(repo, { 'old.env': `${older}A=1\nB=2\nC=3\n` })],
  ])('%s', (_name, change) => {
    const repo = based();
    change(repo);
    const ran = runCommand(repo.path, ['scan', '--staged']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('is told apart from a scan of nothing', async () => {
    const repo = based();
    repo.git(['rm', '-q', 'old.env']);
    expect((await scanStaged(repo)).target.empty).toBe('nothing is staged that adds content');
  });
});

describe('what cannot be read', () => {
  it('a staged blob that is gone is a problem', async () => {
    const repo = based();
    add(repo, { 'new.env': line });
    repo.removeObject(repo.id(':new.env'));
    const report = await scanStaged(repo);
    expect(report.problems).toMatchObject([{ kind: 'missing-object', where: 'new.env' }]);
    expect(runCommand(repo.path, ['scan', '--staged']).code).toBe(2);
  });

  it('a broken index is a mistake that can be mended', async () => {
    const repo = based();
    repo.write({ '.git/index': 'nonsense' });
    await expect(scanStaged(repo)).rejects.toThrow(/index/);
  });
});
