/** 0, 1 and 2, case by case of the contract. Signals: process.test.ts. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const key = `ROBOTOMAIL_API_KEY=${robotomailKey('exit codes')}\n`;
const isRoot = process.getuid?.() === 0;

describe('0: all looked at, nothing found', () => {
  it('a folder without secrets', async () => {
    const { code, stdout } = await runMain(['scan'], { cwd: makeTree({ 'a.txt': 'hello\n' }) });
    expect(code).toBe(0);
    expect(stdout).toContain('No leaked keys found in 1 file (6 bytes).');
  });

  it('a repository in which nothing is staged, and says so', async () => {
    const cwd = makeTree({ 'a.txt': key });
    git(cwd, ['init', '-q']);
    const { code, stdout } = await runMain(['scan', '--staged'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing to look at: nothing is staged');
  });

  it('a range without commits, and says so', async () => {
    const cwd = makeTree({ 'a.txt': key });
    git(cwd, ['init', '-q']);
    git(cwd, ['add', '.']);
    git(cwd, ['commit', '-qm', 'one']);
    const { code, stdout } = await runMain(['scan', '--range', 'HEAD..HEAD', '-f', 'json'], {
      cwd,
    });
    expect(code).toBe(0);
    expect(readReport(stdout).target.empty).toBe('the range has no commits');
  });

  it('an ignored and an excluded file leave a scan complete', async () => {
    const cwd = makeTree({ '.gitignore': 'x.log\n', 'x.log': key, 'gone/a.txt': key, b: 'b' });
    git(cwd, ['init', '-q']);
    const args = ['scan', '--exclude', 'gone/**', '-f', 'json'];
    const { code, stdout } = await runMain(args, { cwd });
    expect(code).toBe(0);
    const { coverage } = readReport(stdout);
    expect(coverage.complete).toBe(true);
    expect(coverage.skipped.map(({ reason }) => reason)).toEqual([
      'excluded',
      'git-folder',
      'ignored',
    ]);
  });
});

describe('1: findings', () => {
  it.each(['pretty', 'json', 'jsonl', 'sarif'])('whatever the format: %s', async (format) => {
    const cwd = makeTree({ 'a.txt': key });
    expect((await runMain(['scan', '-f', format], { cwd })).code).toBe(1);
    expect((await runMain(['scan', '-f', `${format}=out.txt`], { cwd })).code).toBe(1);
  });

  it('also when the scan was incomplete', async () => {
    const cwd = makeTree({ 'a.txt': key, 'big.bin': 'x'.repeat(500) });
    const { code, stdout } = await runMain(['scan', '--max-file-size', '200', '-f', 'json'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(readReport(stdout).coverage.complete).toBe(false);
  });

  it('a file given by name, though git ignores it', async () => {
    const cwd = makeTree({ '.gitignore': 'x.log\n', 'x.log': key });
    git(cwd, ['init', '-q']);
    expect((await runMain(['scan', 'x.log'], { cwd })).code).toBe(1);
  });

  it('a secret that is the text of a symbolic link', async () => {
    const cwd = makeTree({ token: { link: robotomailKey('link') } });
    expect((await runMain(['scan'], { cwd })).code).toBe(1);
  });
});

describe('2: not all that was asked could be done', () => {
  it.each([
    ['an empty folder', {}, ['scan'], 'nothing was scanned'],
    ['a path that is not there', { a: 'a' }, ['scan', 'b'], 'b: no such file or folder'],
    ['one of several paths', { a: 'a' }, ['scan', 'a', 'b'], 'b: no such file or folder'],
    ['a link to nothing', { a: { link: 'b' } }, ['scan', 'a'], 'a: a link to nothing'],
    ['a glob that matches nothing', { a: 'a' }, ['scan', '*.txt'], '*.txt: matches no file'],
    ['filters that leave nothing', { a: 'a' }, ['scan', '--include', 'b'], 'nothing was scanned'],
    ['no repository: --history', { a: 'a' }, ['scan', '--history'], 'not a git repository'],
    ['no repository: --staged', { a: 'a' }, ['scan', '--staged'], 'not a git repository'],
    ['no repository: --range', { a: 'a' }, ['scan', '--range', 'A..B'], 'not a git repository'],
    [
      'a rule file that is not there',
      { a: 'a' },
      ['scan', '--rules', 'r.yaml'],
      'r.yaml: cannot read',
    ],
    ['a baseline that is not there', { a: 'a' }, ['scan', '--baseline', 'b'], 'no such baseline'],
  ] as const)('%s', async (_name, tree, args, message) => {
    const { code, stderr } = await runMain(args, { cwd: makeTree(tree) });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });

  it('an empty repository', async () => {
    const cwd = makeTree();
    git(cwd, ['init', '-q']);
    const { code, stderr } = await runMain(['scan', '--history'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('empty: nothing to look at');
  });

  it('a range that cannot be resolved', async () => {
    const cwd = makeTree({ 'a.txt': key });
    git(cwd, ['init', '-q']);
    git(cwd, ['add', '.']);
    git(cwd, ['commit', '-qm', 'one']);
    const { code, stdout, stderr } = await runMain(['scan', '--range', 'nope..HEAD'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nope');
  });

  it('a file over the limit, unless --allow-incomplete accepts it', async () => {
    const cwd = makeTree({ 'a.txt': 'hello', 'big.bin': 'x'.repeat(500) });
    const args = ['scan', '--max-file-size', '200', '-f', 'json'];
    const { code, stdout } = await runMain(args, { cwd });
    expect(code).toBe(2);
    expect(readReport(stdout).problems).toMatchObject([
      { kind: 'over-size-limit', where: 'big.bin' },
    ]);
    expect((await runMain([...args, '--allow-incomplete'], { cwd })).code).toBe(0);
  });

  it('an unreadable file, which a report names', async () => {
    // Nothing in a folder is unreadable for root; the memory of a process is, from its first byte.
    const cwd = makeTree({ 'a.txt': 'hello', 'b.txt': key });
    if (!isRoot) chmodSync(join(cwd, 'b.txt'), 0);
    const paths = isRoot ? ['a.txt', '/proc/self/mem'] : ['.'];
    const { code, stdout } = await runMain(['scan', ...paths, '-f', 'json'], { cwd });
    expect(code).toBe(2);
    expect(readReport(stdout).problems).toMatchObject([{ kind: 'unreadable-file' }]);
  });

  it('an LFS pointer: incomplete, but everyday: exit 2 only with --strict', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0123456789abcdef'.repeat(4)}\nsize 12345\n`;
    const cwd = makeTree({ 'model.bin': pointer });
    const { code, stdout } = await runMain(['scan', '-f', 'json'], { cwd });
    expect(code).toBe(0);
    expect(readReport(stdout).coverage.complete).toBe(false);
    expect((await runMain(['scan', '--strict'], { cwd })).code).toBe(2);
    expect((await runMain(['scan', '--strict', '--allow-incomplete'], { cwd })).code).toBe(0);
  });

  it('a report that cannot be written, though nothing was found', async () => {
    const cwd = makeTree({ 'a.txt': 'hello' });
    const { code, stderr } = await runMain(['scan', '-o', 'not/there/report.txt'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^keywarden: [^\n]*report\.txt: cannot be written \(ENOENT\)\n$/);
  });
});
