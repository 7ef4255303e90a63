/** The built command as a real pre-commit hook: git alone decides which index it is shown. */
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, repoAt, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import { command, runJson, type JsonReport } from '../../support/scan.ts';

const line = `ROBOTOMAIL_API_KEY=${robotomailKey('hook')}\n`;
const token = `T=${githubToken('hook')}\n`;

interface Hooked {
  readonly repo: Repo;
  /** Tries to commit and tells whether it went through and what the hook found. */
  commit(
    args: readonly string[],
    from?: Repo,
  ): { readonly isDone: boolean; readonly paths: string[] };
}

function hooked(): Hooked {
  const repo = makeRepo();
  repo.commit({ files: { 'a.txt': '1\n', 'b.txt': '1\n', 'c.txt': '1\n' } });
  const seen = join(makeTree(), 'report.json');
  const hook = `#!/bin/sh\nexec '${process.execPath}' '${command}' scan --staged -f 'json=${seen}'\n`;
  repo.write({ '.git/hooks/pre-commit': hook });
  chmodSync(join(repo.path, '.git/hooks/pre-commit'), 0o755);
  return {
    repo,
    commit(args, from = repo) {
      rmSync(seen, { force: true });
      const before = from.git(['rev-parse', '--verify', '--quiet', 'HEAD'], { mayFail: true });
      from.git(['commit', '-q', '-m', 'try', ...args], { mayFail: true });
      const after = from.git(['rev-parse', '--verify', '--quiet', 'HEAD'], { mayFail: true });
      if (!existsSync(seen)) throw new Error('the hook did not run');
      const report = JSON.parse(readFileSync(seen, 'utf8')) as JsonReport;
      return { isDone: after !== before, paths: report.findings.map(({ path }) => path) };
    },
  };
}

describe('a pre-commit hook', () => {
  it('lets a clean commit pass', () => {
    const { repo, commit } = hooked();
    repo.write({ 'a.txt': '2\n' });
    repo.git(['add', 'a.txt']);
    expect(commit([])).toEqual({ isDone: true, paths: [] });
  });

  it('blocks `git commit -a`, whose index is another file', () => {
    const { repo, commit } = hooked();
    repo.write({ 'a.txt': `1\n${line}` });
    expect(runJson(repo.path, ['scan', '--staged']).report.findings).toEqual([]);
    expect(commit(['-a'])).toEqual({ isDone: false, paths: ['a.txt'] });
  });

  it('sees of a commit limited to paths only these', () => {
    const { repo, commit } = hooked();
    repo.write({ 'a.txt': `1\n${line}`, 'b.txt': `1\n${token}`, 'c.txt': '2\n' });
    repo.git(['add', 'a.txt']);
    // The staged a.txt is not part of this commit, the unstaged b.txt is.
    expect(commit(['--', 'b.txt'])).toEqual({ isDone: false, paths: ['b.txt'] });
    expect(commit(['--', 'c.txt'])).toEqual({ isDone: true, paths: [] });
    expect(commit(['--include', 'b.txt'])).toEqual({ isDone: false, paths: ['a.txt', 'b.txt'] });
  });

  it('does not mind what is only in the work tree', () => {
    const { repo, commit } = hooked();
    repo.write({ 'a.txt': '2\n' });
    repo.git(['add', 'a.txt']);
    repo.write({ 'a.txt': line });
    expect(commit([])).toEqual({ isDone: true, paths: [] });
  });

  it('blocks a first commit', () => {
    const { repo, commit } = hooked();
    repo.git(['checkout', '-q', '--orphan', 'fresh']);
    repo.write({ 'a.txt': line });
    repo.git(['add', '-A']);
    repo.git(['update-ref', '-d', 'refs/heads/fresh']);
    expect(commit([])).toEqual({ isDone: false, paths: ['a.txt'] });
  });

  it('blocks an amendment', () => {
    const { repo, commit } = hooked();
    repo.write({ 'a.txt': line });
    repo.git(['add', '-A']);
    expect(commit(['--amend'])).toEqual({ isDone: false, paths: ['a.txt'] });
  });

  it('works in a linked worktree (ggshield 1.53)', () => {
    const { repo, commit } = hooked();
    const folder = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', '-b', 'linked', folder]);
    const linked = repoAt(folder);
    linked.write({ 'linked.env': line });
    linked.git(['add', '-A']);
    expect(commit([], linked)).toEqual({ isDone: false, paths: ['linked.env'] });
    linked.write({ 'linked.env': 'A=1\n' });
    expect(commit(['-a'], linked)).toEqual({ isDone: true, paths: [] });
    linked.write({ 'linked.env': line });
    expect(commit(['-a'], linked)).toEqual({ isDone: false, paths: ['linked.env'] });
  });

  it('works from a subfolder', () => {
    const { repo, commit } = hooked();
    repo.write({ 'sub/x.env': line, 'y.env': token });
    repo.git(['add', '-A']);
    expect(commit([], repoAt(join(repo.path, 'sub')))).toEqual({
      isDone: false,
      paths: ['sub/x.env', 'y.env'],
    });
  });

  it('works in a submodule', () => {
    const { repo, commit } = hooked();
    const outer = makeRepo();
    outer.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repo.path, 'lib']);
    const hooks = join(repo.path, '.git/hooks');
    const inner = repoAt(join(outer.path, 'lib'));
    inner.git(['config', 'core.hooksPath', hooks]);
    inner.write({ 'inner.env': line });
    inner.git(['add', '-A']);
    expect(commit([], inner)).toEqual({ isDone: false, paths: ['inner.env'] });
  });

  it('runs where GIT_DIR and GIT_WORK_TREE name the repository', () => {
    const { repo } = hooked();
    repo.write({ 'a.txt': line });
    repo.git(['add', '-A']);
    const env = { GIT_DIR: join(repo.path, '.git'), GIT_WORK_TREE: repo.path };
    const ran = runJson(makeTree(), ['scan', '--staged'], env);
    expect(ran.report.findings.map(({ path }) => path)).toEqual(['a.txt']);
    expect(ran.code).toBe(1);
  });

  it('a path given by name is that repository, whatever a hook around it says', () => {
    const { repo } = hooked();
    repo.write({ 'a.txt': line });
    repo.git(['add', '-A']);
    const other = makeRepo();
    other.commit({ files: { a: '1' } });
    const env = { GIT_DIR: join(repo.path, '.git'), GIT_INDEX_FILE: join(repo.path, '.git/index') };
    const ran = runJson(makeTree(), ['scan', '--staged', other.path], env);
    expect(ran.report.findings).toEqual([]);
    expect(ran.code).toBe(0);
  });
});
