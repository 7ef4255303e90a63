/** Object folders, against those that git says it uses. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAlternates } from '../../../../src/sources/git/pack/alternates-list.ts';
import {
  objectFolders,
  type ObjectFolders,
} from '../../../../src/sources/git/pack/object-folders.ts';
import { PackError } from '../../../../src/sources/git/pack/pack-error.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { makeRepo, repoAt, type Repo } from '../../../support/make-repo.ts';
import { makeTree } from '../../../support/make-tree.ts';

function foldersOf(repo: Repo, env: Readonly<Record<string, string>> = {}): ObjectFolders {
  const repository = openRepository(repo.path);
  const { place } = repository;
  return objectFolders({ ...repository, place: { ...place, env: { ...place.env, ...env } } });
}

const objectsOf = (repo: Repo): string => join(repo.path, '.git/objects');

/** Makes the first repository borrow from these paths. */
function borrow(from: Repo | string, ...paths: readonly string[]): void {
  const objects = typeof from === 'string' ? from : objectsOf(from);
  mkdirSync(join(objects, 'info'), { recursive: true });
  writeFileSync(join(objects, 'info/alternates'), paths.map((path) => `${path}\n`).join(''));
}

/** The borrowed folders, as git tells them; it quotes none of these paths. */
function gitsAlternates(repo: Repo, env: Readonly<Record<string, string>> = {}): string[] {
  return repo
    .git(['count-objects', '-v'], { env })
    .split('\n')
    .filter((line) => line.startsWith('alternate: '))
    .map((line) => line.slice('alternate: '.length));
}

/** Object folders and nothing else, each borrowing from the next one. */
function chain(length: number): string[] {
  const root = makeTree();
  const folders = Array.from({ length }, (_, n) => join(root, `objects-${n}`));
  folders.forEach((folder, n) => borrow(folder, ...folders.slice(n + 1, n + 2)));
  return folders;
}

describe('objectFolders', () => {
  it('of a plain repository is its own', () => {
    const repo = makeRepo();
    expect(foldersOf(repo)).toEqual({ folders: [objectsOf(repo)], problems: [] });
  });

  it('of a bare repository', () => {
    const repo = makeRepo({ bare: true });
    expect(foldersOf(repo).folders).toEqual([join(repo.path, 'objects')]);
  });

  it('of a linked work tree is that of the main one', () => {
    const repo = makeRepo();
    repo.commit();
    const linked = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', linked]);
    expect(foldersOf(repoAt(linked)).folders).toEqual([objectsOf(repo)]);
  });

  it.each<[string, (repo: Repo, folders: readonly string[]) => void]>([
    ['one', (repo, [a = '']) => borrow(repo, a)],
    ['several', (repo, [a = '', b = '']) => borrow(repo, a, b)],
    ['relative', (repo, [a = '']) => borrow(repo, relative(objectsOf(repo), a))],
    ['with comments and empty lines', (repo, [a = '', b = '']) => borrow(repo, '# x', a, '', b)],
    ['quoted', (repo, [a = '']) => borrow(repo, `"${a.replace('/objects-0', '/\\157bjects-0')}"`)],
    ['twice, once by a detour', (repo, [a = '']) => borrow(repo, a, `${a}/../objects-0/`, a)],
    ['its own', (repo, [a = '']) => borrow(repo, objectsOf(repo), a)],
    [
      'each the other',
      (repo, [a = '', b = '']) => {
        borrow(a, b);
        borrow(b, a, objectsOf(repo));
        borrow(repo, a);
      },
    ],
    [
      'relative, one behind the other',
      (repo, [a = '', b = '']) => {
        borrow(a, '../objects-1');
        borrow(repo, relative(objectsOf(repo), a));
        mkdirSync(b, { recursive: true });
      },
    ],
  ])('borrowed: %s', (_, prepare) => {
    const repo = makeRepo();
    const root = makeTree();
    const folders = [0, 1].map((n) => join(root, `objects-${n}`));
    for (const folder of folders) mkdirSync(folder);
    prepare(repo, folders);
    const truth = gitsAlternates(repo);
    expect(foldersOf(repo)).toEqual({ folders: [objectsOf(repo), ...truth], problems: [] });
    expect(truth.length).toBeGreaterThan(0);
  });

  it('goes as deep as git, and says that there was more', () => {
    const repo = makeRepo();
    const folders = chain(9);
    borrow(repo, folders[0] ?? '');
    const found = foldersOf(repo);
    expect(found.folders.slice(1)).toEqual(gitsAlternates(repo));
    expect(found.folders.slice(1)).toEqual(folders.slice(0, 6));
    expect(found.problems).toMatchObject([
      { kind: 'unreadable-folder', where: join(folders[5] ?? '', 'info/alternates') },
    ]);
  });

  it('says which borrowed folders cannot be read', () => {
    const repo = makeRepo();
    const root = makeTree({ file: '' });
    const link = join(root, 'link');
    symlinkSync(join(root, 'gone'), link);
    borrow(repo, join(root, 'missing'), join(root, 'file'), link, root);
    const { folders, problems } = foldersOf(repo);
    expect(folders).toEqual([objectsOf(repo), root]);
    expect(problems.map(({ kind, where }) => [kind, where])).toEqual([
      ['unreadable-folder', join(root, 'missing')],
      ['unreadable-folder', join(root, 'file')],
      ['unreadable-folder', link],
    ]);
    expect(problems[0]?.message).toContain(join(objectsOf(repo), 'info/alternates'));
  });

  it.each(['no file', 'too large', 'not UTF-8'])(
    'leaves it to git when the list itself cannot be read: %s',
    (kind) => {
      const repo = makeRepo();
      const file = join(objectsOf(repo), 'info/alternates');
      mkdirSync(join(objectsOf(repo), 'info'), { recursive: true });
      if (kind === 'no file') mkdirSync(file);
      else if (kind === 'too large') writeFileSync(file, '#'.repeat(3 << 20));
      else writeFileSync(file, Buffer.from('/tmp/\xff\n', 'latin1'));
      expect(() => foldersOf(repo)).toThrow(PackError);
    },
  );

  it('heeds what git tells a hook', () => {
    const repo = makeRepo();
    const [own = '', quarantine = '', third = ''] = chain(3);
    borrow(own);
    const env = {
      GIT_OBJECT_DIRECTORY: own,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: `${objectsOf(repo)}:"${quarantine}"`,
    };
    expect(foldersOf(repo, env).folders).toEqual([own, objectsOf(repo), quarantine, third]);
    expect(gitsAlternates(repo, env)).toEqual([objectsOf(repo), quarantine, third]);
  });

  it('takes relative paths of the environment from where git runs', () => {
    const repo = makeRepo();
    repo.write({ 'sub/file': '', 'lent/': '' });
    const sub = repoAt(join(repo.path, 'sub'));
    const env = { GIT_ALTERNATE_OBJECT_DIRECTORIES: 'lent' };
    expect(foldersOf(sub, env)).toEqual({
      folders: [objectsOf(repo), join(repo.path, 'lent')],
      problems: [],
    });
    expect(gitsAlternates(sub, env)).toHaveLength(1);
  });

  it('of a repository whose own folder is gone', () => {
    const repo = makeRepo();
    const env = { GIT_OBJECT_DIRECTORY: join(repo.path, 'gone') };
    expect(foldersOf(repo, env)).toMatchObject({
      folders: [],
      problems: [{ kind: 'unreadable-folder', where: join(repo.path, 'gone') }],
    });
  });

  it.skipIf(process.getuid?.() === 0)('a list that may not be read is left to git', () => {
    const repo = makeRepo();
    borrow(repo, '/nowhere');
    chmodSync(join(objectsOf(repo), 'info/alternates'), 0);
    expect(() => foldersOf(repo)).toThrow(PackError);
  });
});

describe('parseAlternates', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['/a\n/b', ['/a', '/b']],
    ['/a\n\n#/b\n/c\n', ['/a', '/c']],
    ['"/a b"\n/c\n', ['/a b', '/c']],
    ['"/\\"\\\\\\t\\303\\274"\n', ['/"\\\t\xc3\xbc']],
    ['"/a\n/b\n', ['"/a', '/b']],
    ['"/a\\q"\n/b', ['"/a\\q"', '/b']],
    ['"/a\\477"\n', ['"/a\\477"']],
    ['"/a\\', ['"/a\\']],
    ['/a"b"\n', ['/a"b"']],
    ['"/a\nb"\n/c', ['/a\nb', '/c']],
    ['""\n/a', ['/a']],
  ])('%j', (text, paths) => {
    expect(parseAlternates(text, '\n')).toEqual(paths);
  });
});
