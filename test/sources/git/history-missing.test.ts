import { chmodSync, existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import {
  findingAt,
  pathsOf,
  runCommand,
  runJson,
  scanHistory,
  skippedOf,
} from '../../support/scan.ts';

const key = robotomailKey('missing');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const other = `T=${githubToken('missing')}\n`;

/** Two keys in two files, one of them gone from HEAD. */
function leaky(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { 'old.env': line, 'now.env': other, 'big.txt': 'text\n'.repeat(500) } });
  repo.commit({ remove: ['old.env'] });
  return repo;
}

describe('missing objects', () => {
  it('a blob: listed by id, counted, incomplete, exit code 2 unless something is found', async () => {
    const repo = leaky();
    const oid = repo.id('HEAD~1:old.env');
    repo.removeObject(oid);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['now.env']);
    expect(report.coverage.complete).toBe(false);
    expect(report.coverage.skipped).toEqual([
      { reason: 'missing-object', count: 1, examples: [oid] },
    ]);
    expect(report.problems).toMatchObject([{ kind: 'missing-object', where: oid }]);
    expect(runCommand(repo.path, ['scan', '--history']).code).toBe(1);
    repo.removeObject(repo.id('HEAD:now.env'));
    expect(runCommand(repo.path, ['scan', '--history']).code).toBe(2);
    expect(runCommand(repo.path, ['scan', '--history', '--allow-incomplete']).code).toBe(0);
  });

  it('a tree: what it held is found nevertheless, incomplete', async () => {
    const repo = leaky();
    const tree = repo.id('HEAD~1^{tree}');
    repo.removeObject(tree);
    const report = await scanHistory(repo);
    expect(report.keys).toHaveLength(2);
    expect(report.findings.some(({ path }) => path === 'now.env')).toBe(true);
    expect(report.coverage.complete).toBe(false);
    expect(report.problems.map(({ where }) => where)).toContain(tree);
  });

  it('a commit in the middle: what lies behind it is looked at as well', async () => {
    const repo = leaky();
    const gone = repo.commit({ files: { 'big.txt': 'other\n' } });
    repo.commit({ files: { 'big.txt': 'another\n' } });
    repo.removeObject(gone);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['now.env', 'old.env']);
    expect(report.coverage.complete).toBe(false);
    expect(JSON.stringify(report.problems)).toContain(gone);
  });

  it('all of a hundred are counted, five are shown', async () => {
    const repo = makeRepo();
    const names = Array.from({ length: 100 }, (_, n) => `f${n}`);
    repo.commit({ files: Object.fromEntries(names.map((name) => [name, `${name}\n`])) });
    for (const name of names) repo.removeObject(repo.id(`HEAD:${name}`));
    const report = await scanHistory(repo);
    expect(skippedOf(report, 'missing-object')).toBe(100);
    expect(report.coverage.skipped[0]?.examples).toHaveLength(5);
    expect(report.problems).toHaveLength(100);
  });
});

describe('a corrupt loose object', () => {
  it('is a problem, and the rest is still found', async () => {
    const repo = leaky();
    const oid = repo.id('HEAD:big.txt');
    repo.corruptObject(oid);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['now.env', 'old.env']);
    expect(report.problems).toMatchObject([{ kind: 'corrupt-object', where: oid }]);
    expect(report.coverage.complete).toBe(false);
  });

  it('several of them, with objects between', async () => {
    const repo = makeRepo();
    const names = Array.from({ length: 12 }, (_, n) => `f${n}`);
    const text = (name: string): string => `T=${githubToken(name)}\n${name}\n`.repeat(40);
    repo.commit({ files: Object.fromEntries(names.map((name) => [name, text(name)])) });
    const broken = names.filter((_, n) => n % 3 === 0);
    for (const name of broken) repo.corruptObject(repo.id(`HEAD:${name}`));
    const report = await scanHistory(repo);
    const rest = names.filter((name) => !broken.includes(name));
    expect(pathsOf(report)).toEqual(rest.sort());
    expect(skippedOf(report, 'corrupt-object')).toBe(broken.length);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no deflated data at all', Buffer.from('not a git object')],
  ])('%s', async (_name, content) => {
    const repo = leaky();
    const oid = repo.id('HEAD:big.txt');
    const file = join(repo.path, '.git/objects', oid.slice(0, 2), oid.slice(2));
    rmSync(file);
    writeFileSync(file, content);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['now.env', 'old.env']);
    expect(report.coverage.complete).toBe(false);
    expect(JSON.stringify(report.problems)).toContain(oid);
  });

  it('a pack that is cut off does not pass for a whole one', () => {
    const repo = makeRepo();
    const random = seededRandom('pack');
    const noise = Buffer.from(Array.from({ length: 4_000 }, () => random(256)));
    repo.commit({ files: { 'noise.bin': noise } });
    repo.pack();
    const folder = join(repo.path, '.git/objects/pack');
    const pack = readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '';
    chmodSync(join(folder, pack), 0o644);
    truncateSync(join(folder, pack), 1_000);
    expect(runCommand(repo.path, ['scan', '--history']).code).toBe(2);
  });
});

describe('a partial clone', () => {
  function partial(filter: string): Repo {
    const origin = leaky();
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    origin.git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    return origin.clone([`--filter=${filter}`]);
  }

  it('scans what is here, counts what is not, and fetches nothing', async () => {
    const clone = partial('blob:none');
    const before = clone.git(['count-objects', '-v']);
    const report = await scanHistory(clone);
    expect(pathsOf(report)).toEqual(['now.env']);
    expect(skippedOf(report, 'missing-object')).toBe(1);
    expect(report.coverage.complete).toBe(false);
    // The origin is there and would give it: not asking is a choice.
    expect(clone.git(['count-objects', '-v'])).toBe(before);
    expect(clone.git(['show', 'HEAD~1:old.env'])).toContain(key);
    expect(pathsOf(await scanHistory(clone))).toEqual(['now.env', 'old.env']);
  });

  it('without trees', async () => {
    const clone = partial('tree:0');
    const before = clone.git(['count-objects', '-v']);
    const report = await scanHistory(clone);
    expect(report.keys).toHaveLength(1);
    expect(findingAt(report, 'now.env').git.inHead).toBe(true);
    expect(report.coverage.complete).toBe(false);
    expect(clone.git(['count-objects', '-v'])).toBe(before);
  });

  it('whose origin is a program does not run it', async () => {
    const clone = partial('blob:none');
    const canary = join(makeTree(), 'canary');
    clone.git(['config', 'remote.origin.url', `ext::sh -c touch% ${canary}`]);
    clone.git(['config', 'protocol.ext.allow', 'always']);
    clone.git(['show', 'HEAD~1:old.env'], { mayFail: true });
    expect(existsSync(canary)).toBe(true);
    rmSync(canary);
    const report = await scanHistory(clone);
    expect(skippedOf(report, 'missing-object')).toBe(1);
    expect(existsSync(canary)).toBe(false);
  });
});

describe('a shallow clone', () => {
  it('says where it ends', async () => {
    const origin = leaky();
    const last = origin.commit({ files: { a: '1' } });
    const clone = origin.clone(['--depth=1']);
    const report = await scanHistory(clone);
    expect(report.target.shallow).toBe(true);
    expect(report.coverage.skipped).toEqual([
      { reason: 'shallow-boundary', count: 1, examples: [last] },
    ]);
    expect(report.coverage.complete).toBe(false);
    expect(report.problems[0]?.message).toContain('git fetch --unshallow');
    // The commit at the boundary brings all it holds, as far as can be told.
    expect(findingAt(report, 'now.env').git).toMatchObject({ introduced: { commit: last } });
    expect(pathsOf(report, key)).toEqual([]);
  });

  it('without findings is exit code 2', () => {
    const origin = makeRepo();
    origin.commit({ files: { a: '1' } });
    origin.commit({ files: { a: '2' } });
    const clone = origin.clone(['--depth=1']);
    const { code, report } = runJson(clone.path, ['scan', '--history']);
    expect(report.findings).toEqual([]);
    expect(code).toBe(2);
    expect(runCommand(clone.path, ['scan', '--history', '--allow-incomplete']).code).toBe(0);
    // The work tree is all there.
    expect(runCommand(clone.path, ['scan', '.']).code).toBe(0);
  });
});
