import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModules } from '../../bench/make-modules.mjs';
import { commitsPerSecret, makeMonorepo, plantedSecrets } from '../../bench/make-monorepo.mjs';
import { codeLines, extensions } from '../../bench/make-text.mjs';
import { makeTree } from '../../bench/make-tree.mjs';
import { random } from '../../bench/random.mjs';
import { runBin } from '../support/run-bin.ts';

const commits = commitsPerSecret + 60;
const folder = mkdtempSync(join(tmpdir(), 'keywarden-material-'));
const modules = join(folder, 'modules.git');
const monorepo = join(folder, 'monorepo.git');

beforeAll(async () => {
  await makeModules(modules, commits);
  await makeMonorepo(monorepo, commits);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(repo: string, ...args: string[]): string {
  return spawnSync('git', ['-C', repo, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
}

describe.each([
  ['modules', modules],
  ['monorepo', monorepo],
])('the history %s', (_, repo) => {
  it('has as many commits as were asked for, and merges', () => {
    expect(Number(git(repo, 'rev-list', '--all', '--count'))).toBe(commits);
    expect(Number(git(repo, 'rev-list', '--all', '--merges', '--count'))).toBeGreaterThan(0);
  });

  it('is one pack, many of whose blobs are deltas', () => {
    const packs = readdirSync(join(repo, 'objects/pack')).filter((name) => name.endsWith('.pack'));
    expect(packs).toHaveLength(1);
    const form = '--batch-check=%(objecttype) %(deltabase)';
    const listed = git(repo, 'cat-file', '--batch-all-objects', form);
    const blobs = listed.split('\n').filter((line) => line.startsWith('blob'));
    const deltas = blobs.filter((line) => !/ 0+$/.test(line));
    expect(deltas.length / blobs.length).toBeGreaterThan(0.25);
    expect(git(repo, 'fsck', '--full')).toBe('');
  });
});

/** Of vue core and sqlalchemy, all commits: 111 and 165 lines, in 2.7 and 3.8 files. */
it.each([
  ['modules', modules],
  ['monorepo', monorepo],
])('a commit of %s changes about as much as one of a real project', (_, repo) => {
  const patches = git(repo, 'log', '-p', '-U0', '--all', `--max-count=${commits - 1}`);
  const count = (pattern: RegExp) => (patches.match(pattern)?.length ?? 0) / commits;
  expect(count(/^[+-](?![+-])/gm)).toBeGreaterThan(60);
  expect(count(/^[+-](?![+-])/gm)).toBeLessThan(170);
  expect(count(/^diff /gm)).toBeGreaterThan(2);
  expect(count(/^diff /gm)).toBeLessThan(4);
});

describe('the monorepo', () => {
  it('has long files that are changed often, renames, and branches', () => {
    const changes = (path: string) => git(monorepo, 'rev-list', 'main', '--count', '--', path);
    const lines = (path: string) => git(monorepo, 'show', `main:${path}`).split('\n').length;
    for (const path of ['CHANGELOG.md', 'package-lock.json']) {
      expect(lines(path)).toBeGreaterThan(2_000);
      expect(Number(changes(path)) / commits).toBeGreaterThan(0.08);
    }
    const moved = git(monorepo, 'log', '--all', '--raw', '-M100%', '--diff-filter=R', '--format=');
    expect(moved.split('\n').length).toBeGreaterThan(3);
    expect(git(monorepo, 'for-each-ref').split('\n').length).toBeGreaterThan(3);
  });

  it('holds the secrets that were planted', async () => {
    const { keys } = await scanned('--history', monorepo);
    expect(plantedSecrets(commits)).toBe(1);
    expect(keys).toBe(1);
  });
});

it('makes a clean history and a clean tree, so that clean scans are measured', async () => {
  const tree = join(folder, 'tree');
  makeTree(tree, 2_000_000);
  expect(await scanned('--history', modules)).toMatchObject({ keys: 0 });
  expect(await scanned(tree)).toMatchObject({ keys: 0 });
});

it('makes a tree of at least so many bytes, of several languages', () => {
  const tree = join(folder, 'small-tree');
  makeTree(tree, 1_000_000);
  const names = readdirSync(tree, { recursive: true, encoding: 'utf8' });
  const sizes = names.map((name) => statSync(join(tree, name))).filter((file) => file.isFile());
  expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThanOrEqual(1_000_000);
  expect(new Set(names.map((name) => name.split('.')[1]))).toContain('py');
});

/** Hits in a MB of real source code, of seven projects. */
it.each([
  ['access|auth|api|credential|creds|key|passw|secret|token', 1_281],
  ['key', 366],
  ['api', 233],
  ['auth', 161],
  ['test_', 108],
  ['sk', 151],
  ['pat', 400],
  ['ey', 480],
  ['less', 490],
  ['github', 480],
  ['https?://', 973],
  ['curl', 211],
  ['00', 717],
  ['dd|dog', 500],
  ['s\\.', 1_450],
])('makes text in which /%s/ is about as frequent as in real code', (pattern, perMegabyte) => {
  const hits = sample.match(new RegExp(pattern, 'gi'))?.length ?? 0;
  const measured = hits / (sample.length / 1e6);
  expect(measured / perMegabyte).toBeGreaterThan(0.6);
  expect(measured / perMegabyte).toBeLessThan(1.6);
});

const next = random(5);
const sample = Array.from({ length: 300 }, (_, at) =>
  codeLines(next, extensions[at % extensions.length], 200).join('\n'),
).join('\n');

async function scanned(...target: string[]): Promise<{ keys: number }> {
  const report = join(folder, 'report.json');
  const args = ['scan', '--fail-on', 'never', '-f', `json=${report}`, ...target];
  const { code, stderr } = await runBin(args, { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  const { summary } = JSON.parse(readFileSync(report, 'utf8')) as { summary: { keys: number } };
  return summary;
}
