import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan, type ScanOptions } from '../../src/commands/library.ts';
import type { Report } from '../../src/core/model/report.ts';
import { UserError } from '../../src/core/model/user-error.ts';
import { makeRepo, repoAt, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { githubToken, robotomailKey } from '../support/sample.ts';
import { findingsOf, pathsOf, runCommand, runJson, skippedOf } from '../support/scan.ts';

const key = robotomailKey('files');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;

function scanFiles(cwd: string, paths: readonly string[] = [], options: ScanOptions = {}) {
  return scan({ ...options, cwd, paths }).report;
}

function examples({ coverage }: Report, reason: string): readonly string[] {
  return coverage.skipped.find((one) => one.reason === reason)?.examples ?? [];
}

describe('in a repository', () => {
  /** Tracked though ignored, ignored, untracked, and in a subfolder. */
  function mixed(): Repo {
    const repo = makeRepo();
    repo.commit({ files: { 'tracked.env': line, 'app/deep/x.env': line } });
    repo.write({ '.gitignore': '*.env\ndist/\n' });
    repo.commit();
    repo.write({ 'ignored.env': line, 'dist/bundle.js': line, 'untracked.txt': line });
    return repo;
  }

  it('tracked files are found though ignored, ignored ones are left out and counted', async () => {
    const repo = mixed();
    const report = await scanFiles(repo.path);
    expect(pathsOf(report, key)).toEqual(['app/deep/x.env', 'tracked.env', 'untracked.txt']);
    expect(examples(report, 'ignored')).toEqual(['dist/', 'ignored.env']);
    expect(skippedOf(report, 'ignored')).toBe(2);
    expect(report.coverage.complete).toBe(true);
    expect(report.target).toMatchObject({ kind: 'files', path: '.', head: repo.id('HEAD') });
    expect(report.findings.every(({ git }) => git === undefined)).toBe(true);
  });

  it('an ignored file or folder given by name is scanned', async () => {
    const repo = mixed();
    expect(pathsOf(await scanFiles(repo.path, ['ignored.env']))).toEqual(['ignored.env']);
    expect(pathsOf(await scanFiles(repo.path, ['dist']))).toEqual(['dist/bundle.js']);
    expect(pathsOf(await scanFiles(repo.path, ['dist/bundle.js']))).toEqual(['dist/bundle.js']);
  });

  it('--no-gitignore sees all', () => {
    const repo = mixed();
    const { report } = runJson(repo.path, ['scan', '--no-gitignore']);
    expect(report.findings.map(({ path }) => path)).toEqual([
      'app/deep/x.env',
      'dist/bundle.js',
      'ignored.env',
      'tracked.env',
      'untracked.txt',
    ]);
  });

  it('paths, and so fingerprints, count from its top wherever the scan starts', async () => {
    const repo = mixed();
    const whole = await scanFiles(repo.path);
    const fromTop = await scanFiles(repo.path, ['app']);
    const inside = await scanFiles(join(repo.path, 'app/deep'));
    const outside = await scanFiles('/', [join(repo.path, 'app')]);
    for (const report of [fromTop, inside, outside]) {
      expect(pathsOf(report)).toEqual(['app/deep/x.env']);
      expect(report.findings[0]?.fingerprint).toBe(
        whole.findings.find(({ path }) => path === 'app/deep/x.env')?.fingerprint,
      );
    }
  });

  it('the .git folder is never walked as files, and refused by name', async () => {
    const repo = mixed();
    repo.write({ '.git/notes.txt': `T=${githubToken('in git')}\n` });
    const report = await scanFiles(repo.path);
    expect(findingsOf(report, githubToken('in git'))).toEqual([]);
    expect(skippedOf(report, 'git-folder')).toBe(1);
    await expect(scanFiles(repo.path, ['.git'])).rejects.toThrow(/--history/);
  });

  it('a tracked folder dressed up as a bare repository hides nothing', async () => {
    const repo = makeRepo();
    const dressed = { 'data/HEAD': 'ref: x\n', 'data/objects/a': line, 'data/refs/b': 'x\n' };
    repo.commit({ files: dressed });
    expect(pathsOf(await scanFiles(repo.path), key)).toEqual(['data/objects/a']);
    const untracked = makeTree({
      'm/HEAD': 'x',
      'm/objects/a': line,
      'm/refs/b': 'x',
      'n.txt': '',
    });
    expect(examples(await scanFiles(untracked), 'git-folder')).toEqual(['m']);
  });

  it('a submodule: walked when it is here, counted and named when it is not', async () => {
    const inner = makeRepo();
    inner.commit({ files: { 'inner.env': line } });
    const outer = makeRepo();
    outer.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.path, 'lib/in']);
    outer.commit({ files: { a: '1' } });
    expect(pathsOf(await scanFiles(outer.path), key)).toEqual(['lib/in/inner.env']);
    const clone = outer.clone();
    const report = await scanFiles(clone.path);
    expect(report.findings).toEqual([]);
    expect(examples(report, 'submodule-not-initialised')).toEqual(['lib/in']);
    expect(report.coverage.complete).toBe(false);
    expect(runCommand(clone.path, ['scan']).code).toBe(0);
    expect(runCommand(clone.path, ['scan', '--strict']).code).toBe(2);
    expect(skippedOf(await scanFiles(clone.path, ['a']), 'submodule-not-initialised')).toBe(0);
  });

  it('a linked worktree is one too', async () => {
    const repo = mixed();
    const folder = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', '-b', 'linked', folder]);
    repoAt(folder).write({ 'ignored.env': line });
    const report = await scanFiles(folder);
    expect(pathsOf(report, key)).toEqual(['app/deep/x.env', 'tracked.env']);
    expect(examples(report, 'ignored')).toEqual(['ignored.env']);
  });

  it('an unreadable index is told, since tracked files may have been left out', async () => {
    const repo = mixed();
    repo.write({ '.git/index': 'nonsense' });
    const report = await scanFiles(repo.path);
    expect(skippedOf(report, 'git-failed')).toBeGreaterThan(0);
    expect(report.coverage.complete).toBe(false);
  });

  it('an LFS pointer is counted by its path', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'cd'.repeat(32)}\nsize 9\n`;
    const repo = makeRepo();
    repo.commit({ files: { 'art/a.psd': pointer } });
    expect(examples(await scanFiles(repo.path), 'lfs-pointer')).toEqual(['art/a.psd']);
  });
});

describe('paths by name', () => {
  it('a single file', async () => {
    const root = makeTree({ 'a/one.env': line, 'a/two.env': line });
    const report = await scanFiles(root, ['a/one.env']);
    expect(pathsOf(report)).toEqual(['a/one.env']);
    expect(report.coverage.units).toBe(1);
  });

  it('several files and folders', async () => {
    const root = makeTree({ 'a/one.env': line, 'b/two.env': line, 'c.env': line });
    expect(pathsOf(await scanFiles(root, ['b', 'c.env']))).toEqual(['b/two.env', 'c.env']);
  });

  it('a link given by name is followed, one met on the way is not', async () => {
    const outside = makeTree({ 'real.env': line, 'folder/in.env': line });
    const root = makeTree({
      'link.env': { link: join(outside, 'real.env') },
      folder: { link: join(outside, 'folder') },
    });
    expect((await scanFiles(root, ['link.env'])).findings).toHaveLength(1);
    expect((await scanFiles(root, ['folder'])).findings).toHaveLength(1);
    expect((await scanFiles(root)).findings).toEqual([]);
  });

  it('the target of a link is text that can hold a key', async () => {
    const root = makeTree({ current: { link: `/nowhere/${key}` } });
    expect(pathsOf(await scanFiles(root), key)).toEqual(['current']);
  });

  it('a glob that the shell left alone', async () => {
    const root = makeTree({ 'a.env': line, 'sub/b.env': line, '.c.env': line, 'd.txt': line });
    expect(pathsOf(await scanFiles(root, ['*.env']))).toEqual(['.c.env', 'a.env']);
    expect(pathsOf(await scanFiles(root, ['**/*.env']))).toEqual(['.c.env', 'a.env', 'sub/b.env']);
    await expect(scanFiles(root, ['*.nothing'])).rejects.toThrow(UserError);
  });

  it('a name with glob characters that is there is that file', async () => {
    const root = makeTree({ '[id].ts': line, 'i.ts': line });
    expect(pathsOf(await scanFiles(root, ['[id].ts']))).toEqual(['[id].ts']);
  });

  it.each([
    ['nothing there', 'missing.env', /no such file/],
    ['a link to nothing', 'broken', /link to nothing/],
  ])('%s is a mistake that can be mended', async (_name, path, message) => {
    const root = makeTree({ 'a.env': line, broken: { link: 'gone' } });
    await expect(scanFiles(root, ['a.env', path])).rejects.toThrow(UserError);
    await expect(scanFiles(root, [path])).rejects.toThrow(message);
    expect(runCommand(root, ['scan', path])).toMatchObject({ code: 2, stdout: '' });
  });

  it('an empty folder is nothing to look at', () => {
    expect(runCommand(makeTree(), ['scan']).code).toBe(2);
  });
});

describe('what is left out is told', () => {
  it('a file above --max-file-size: incomplete, whoever set it', () => {
    const root = makeTree({ 'big.env': `${'#'.repeat(5_000)}\n${line}`, 'small.txt': 'x\n' });
    const all = runJson(root, ['scan']);
    expect(all.report.findings).toHaveLength(1);
    const limited = runJson(root, ['scan', '--max-file-size', '1000']);
    expect(limited.report.findings).toEqual([]);
    expect(limited.report.coverage.complete).toBe(false);
    expect(limited.stdout).toContain('over-size-limit');
    expect(limited.code).toBe(2);
  });

  it('path filters: counted, and complete', async () => {
    const root = makeTree({ 'a.env': line, 'b.txt': line, 'test/c.env': line });
    const included = await scanFiles(root, [], { include: ['**/*.env'] });
    expect(pathsOf(included)).toEqual(['a.env', 'test/c.env']);
    expect(examples(included, 'excluded')).toEqual(['b.txt']);
    const both = await scanFiles(root, [], { include: ['**/*.env'], exclude: ['test/**'] });
    expect(pathsOf(both)).toEqual(['a.env']);
    expect(both.coverage.complete).toBe(true);
  });

  it('a FIFO: not opened, counted, and complete', async () => {
    const root = makeTree({ 'a.env': line, pipe: { fifo: true } });
    const report = await scanFiles(root);
    expect(pathsOf(report)).toEqual(['a.env']);
    expect(examples(report, 'special-file')).toEqual(['pipe']);
    expect(report.coverage.complete).toBe(true);
  });

  it('a file without permission makes it incomplete', () => {
    const root = makeTree({ 'shut.env': line, 'open.txt': 'x\n' });
    chmodSync(join(root, 'shut.env'), 0o000);
    const isRoot = execFileSync('id', ['-u']).toString().trim() === '0';
    // Nothing is unreadable to root.
    expect(runCommand(root, ['scan']).code).toBe(isRoot ? 1 : 2);
  });
});
