/** A repository as its files describe it, beside what git says. */
import { appendFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRepository, isOutside } from '../../../../src/sources/git/direct/find-repository.ts';
import { makeRepo, repoAt, type Repo } from '../../../support/make-repo.ts';
import { makeTree } from '../../../support/make-tree.ts';

function told(folder: string) {
  return findRepository(folder, {});
}

function toldByGit(folder: string) {
  const repo = repoAt(folder);
  const ask = (...args: string[]): string => repo.git(['rev-parse', ...args], { mayFail: true });
  const isBare = ask('--is-bare-repository') === 'true';
  const head = ask('--verify', '-q', 'HEAD');
  return {
    gitDir: realpathSync(ask('--absolute-git-dir')),
    ...(isBare ? {} : { top: ask('--show-toplevel') }),
    format: ask('--show-object-format'),
    ...(head === '' ? {} : { head }),
  };
}

function based(options?: Parameters<typeof makeRepo>[0]): Repo {
  const repo = makeRepo(options);
  if (!options?.bare) repo.commit({ files: { 'a/b/c.txt': '1\n' } });
  return repo;
}

describe('says what git says', () => {
  it.each<[name: string, make: () => string]>([
    ['of an ordinary one', () => based().path],
    ['from a folder of it', () => join(based().path, 'a/b')],
    ['of one without a commit', () => makeRepo().path],
    ['of SHA-256', () => based({ format: 'sha256' }).path],
    ['of a bare one', () => based().clone(['--bare']).path],
    ['of a bare one without a commit', () => makeRepo({ bare: true }).path],
    ['from a folder of a bare one', () => join(makeRepo({ bare: true }).path, 'refs')],
    [
      'of packed refs',
      () => {
        const repo = based();
        repo.git(['pack-refs', '--all']);
        return repo.path;
      },
    ],
    [
      'of a detached HEAD',
      () => {
        const repo = based();
        repo.git(['checkout', '-q', '--detach']);
        return repo.path;
      },
    ],
    [
      'of a linked work tree',
      () => {
        const repo = based();
        const folder = join(makeTree(), 'linked');
        repo.git(['worktree', 'add', '-q', '-b', 'other', folder]);
        return folder;
      },
    ],
    [
      'through a symbolic link to its folder',
      () => {
        const link = join(makeTree(), 'link');
        symlinkSync(based().path, link);
        return link;
      },
    ],
  ])('%s', (_name, make) => {
    const folder = make();
    expect(told(folder)).toEqual(toldByGit(folder));
  });
});

describe('leaves to git', () => {
  const config = (repo: Repo, text: string): void =>
    appendFileSync(join(repo.path, '.git/config'), text);

  it.each<[name: string, change: (repo: Repo) => void]>([
    ['another work tree', (repo) => config(repo, '[core]\n\tworktree = /\n')],
    ['settings from another file', (repo) => config(repo, '[include]\n\tpath = ../x\n')],
    [
      'another way of keeping refs',
      (repo) => {
        config(
          repo,
          '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n',
        );
      },
    ],
    ['extensions that are not known', (repo) => config(repo, '[extensions]\n\tnoop = true\n')],
    ['settings that say twice what it is', (repo) => config(repo, '[core] bare = true\n')],
    ['a shallow clone', (repo) => writeFileSync(join(repo.path, '.git/shallow'), '')],
    [
      'a HEAD that names something odd',
      (repo) => {
        writeFileSync(join(repo.path, '.git/HEAD'), 'ref: refs/heads/../../config\n');
      },
    ],
    [
      'a branch that is a symbolic ref',
      (repo) => {
        repo.git(['symbolic-ref', 'refs/heads/main', 'refs/heads/other']);
      },
    ],
  ])('%s', (_name, change) => {
    const repo = based();
    change(repo);
    expect(told(repo.path)).toBeUndefined();
  });

  it('a folder in no repository, and one that only looks like one', () => {
    const folder = makeTree();
    expect(told(folder)).toBeUndefined();
    mkdirSync(join(folder, '.git'));
    expect(told(folder)).toBeUndefined();
  });

  it('what variables of the environment place elsewhere', () => {
    const { path } = based();
    expect(findRepository(path, { GIT_DIR: join(path, '.git') })).toBeUndefined();
    expect(findRepository(path, { GIT_INDEX_FILE: '/x' })?.top).toBe(realpathSync(path));
  });
});

describe('knows without git that a folder is in no repository', () => {
  const isInOne = (folder: string): boolean =>
    repoAt(folder).git(['rev-parse', '--git-dir'], { mayFail: true }) !== '';

  it.each<[name: string, make: () => string, outside: boolean]>([
    ['a folder', () => join(makeTree({ 'a/b.txt': '1' }), 'a'), true],
    ['one that holds a repository', () => dirname(based().path), true],
    ['a work tree', () => join(based().path, 'a'), false],
    ['a bare repository', () => join(makeRepo({ bare: true }).path, 'refs'), false],
    ['one that only looks like one', () => makeTree({ HEAD: 'x\n' }), false],
    ['one that is not there', () => '/no/such/folder', false],
    [
      'a link into a repository',
      () => {
        const folder = makeTree({});
        symlinkSync(join(based().path, 'a'), join(folder, 'link'));
        return join(folder, 'link');
      },
      false,
    ],
  ])('%s', (_name, make, outside) => {
    const folder = make();
    expect(isOutside(folder)).toBe(outside);
    if (outside) expect(isInOne(folder)).toBe(false);
  });
});
