import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, pathText } from '../../../src/sources/files/path-text.ts';
import { walk } from '../../../src/sources/files/walk.ts';
import { addToTree, git, makeTree, type TreeNode } from '../../support/make-tree.ts';

function makeRepo(entries: Readonly<Record<string, TreeNode>> = {}): string {
  const root = makeTree(entries);
  git(root, ['init', '-q']);
  return root;
}

/** `git ls-files` with these flags, as shown; a nested repository comes as its folder. */
function listed(top: string, ...flags: readonly string[]): readonly string[] {
  const paths = git(top, ['ls-files', '-z', ...flags]).split('\0');
  return paths.filter((path) => path !== '').map((path) => pathText(bytesOf(path)));
}

const trackedIn = (top: string): ReadonlySet<string> => new Set(listed(top));

/** What the walk tells of `root`, without .git. */
function seen(root: string, options: { gitignore?: boolean; base?: string } = {}): string[] {
  const items = walk(root, options.base ?? '', {
    gitignore: options.gitignore ?? true,
    trackedIn,
  });
  return [...items]
    .map((item) => ('kind' in item ? `${item.kind} ${item.where}` : item.path))
    .filter((line) => !line.startsWith('git-folder'));
}

describe('ignored things', () => {
  it('are told once each, a folder with a slash', () => {
    const files = {
      'node_modules/a/b.js': '',
      'node_modules/c.js': '',
      'x.log': '',
      'src/a.ts': '',
    };
    const root = makeRepo({ '.gitignore': 'node_modules/\n*.log\n', ...files });
    expect(seen(root)).toEqual([
      '.gitignore',
      'ignored node_modules/',
      'src/a.ts',
      'ignored x.log',
    ]);
    expect(seen(root, { base: 'app' })).toContain('ignored app/node_modules/');
    expect(seen(root, { gitignore: false })).toEqual([
      '.gitignore',
      'node_modules/a/b.js',
      'node_modules/c.js',
      'src/a.ts',
      'x.log',
    ]);
  });

  it('are walked where git tracks them, and only there', () => {
    const root = makeRepo({
      '.gitignore': 'build/\n*.env\n',
      'a.env': '',
      'b.env': '',
      'build/deep/kept.txt': '',
      'build/deep/other.txt': '',
      'build/other/x': '',
      'build/.gitignore': '!other.txt',
    });
    git(root, ['add', '-f', 'a.env', 'build/deep/kept.txt']);
    expect(seen(root)).toEqual([
      '.gitignore',
      'a.env',
      'ignored b.env',
      'ignored build/.gitignore',
      'build/deep/kept.txt',
      'ignored build/deep/other.txt',
      'ignored build/other/',
    ]);
  });

  it('have git asked once for each repository, and not before one is met', () => {
    const root = makeRepo({ '.gitignore': '*.log', a: '', 'sub/.gitignore': '*.tmp', 'sub/b': '' });
    git(join(root, 'sub'), ['init', '-q']);
    const asked: string[] = [];
    const ask = (top: string) => {
      asked.push(top);
      return trackedIn(top);
    };
    const run = () => [...walk(root, '', { gitignore: true, trackedIn: ask })];
    run();
    expect(asked).toEqual([]);
    addToTree(root, { '1.log': '', '2.log': '', 'sub/c.tmp': '', 'z.log': '' });
    run();
    expect(asked).toEqual([root, join(root, 'sub')]);
  });

  it('are recognised by names that are not ASCII, and not UTF-8', () => {
    const root = makeRepo({ 'é.txt': '', 'ü/x': '', 'ü/y': '', ok: '' });
    writeFileSync(Buffer.from(`${root}/\xff.bin`, 'latin1'), '');
    writeFileSync(Buffer.from(`${root}/\xfe.bin`, 'latin1'), '');
    mkdirSync(Buffer.from(`${root}/o\xff`, 'latin1'));
    writeFileSync(Buffer.from(`${root}/o\xff/a\\b.bin`, 'latin1'), '');
    writeFileSync(Buffer.from(`${root}/o\xff/.gitignore`, 'latin1'), '*.tmp');
    writeFileSync(Buffer.from(`${root}/o\xff/a.tmp`, 'latin1'), '');
    const rules = '??.txt\n\xc3\xbc/x\n[\xff].bin\no?/*.bin\n';
    writeFileSync(join(root, '.git/info/exclude'), rules, 'latin1');
    expect(seen(root)).toEqual([
      'ok',
      'o\\xff/.gitignore',
      'ignored o\\xff/a.tmp',
      'ignored o\\xff/a\\\\b.bin',
      'ignored é.txt',
      'ignored ü/x',
      'ü/y',
      '\\xfe.bin',
      'ignored \\xff.bin',
    ]);
    const pathspecs = '\xff.bin\0o\xff/a\\\\b.bin\0';
    git(root, ['add', '-f', '--pathspec-from-file=-', '--pathspec-file-nul'], pathspecs);
    expect(seen(root)).toContain('\\xff.bin');
    expect(seen(root)).toContain('o\\xff/a\\\\b.bin');
  });
});

describe('where rules come from', () => {
  it('only repositories have them', () => {
    const root = makeTree({ '.gitignore': '*', a: '', 'fake/.git/x': '', 'fake/.gitignore': '*' });
    expect(seen(root)).toEqual(['.gitignore', 'a', 'fake/.gitignore']);
  });

  it('a .git that is no repository starts none', () => {
    const root = makeRepo({ '.gitignore': '*.log', 'a/.git/HEAD': '', 'a/.gitignore': '*.env' });
    addToTree(root, { 'a/b.env': '', 'a/c.log': '', 'f/.git': 'gitdir: ../no', 'f/d.log': '' });
    git(root, ['add', '-f', 'a/b.env']);
    expect(seen(root)).toEqual([
      '.gitignore',
      'a/.gitignore',
      'a/b.env',
      'ignored a/c.log',
      'ignored f/d.log',
    ]);
  });

  it('the folders above the root count, up to the top, and .git/info/exclude', () => {
    const root = makeRepo({
      '.gitignore': '*.log\n/a/b/anchored\n!keep.tmp\n',
      'a/.gitignore': '!wanted.log\nb/low\n',
      'a/b/.gitignore': 'own\n',
      'a/b/c/x.log': '',
      'a/b/c/wanted.log': '',
      'a/b/anchored': '',
      'a/b/low/x': '',
      'a/b/keep.tmp': '',
      'a/b/other.tmp': '',
      'a/b/own': '',
      'a/b/z': '',
    });
    addToTree(root, { '.git/info/exclude': '*.tmp\n' });
    const expected = [
      'b/.gitignore',
      'ignored b/anchored',
      'b/c/wanted.log',
      'ignored b/c/x.log',
      'b/keep.tmp',
      'ignored b/low/',
      'ignored b/other.tmp',
      'ignored b/own',
      'b/z',
    ];
    expect(seen(join(root, 'a/b'), { base: 'b' })).toEqual(expected);
    const link = makeTree({ here: { link: join(root, 'a/b') } });
    expect(seen(join(link, 'here'), { base: 'b' })).toEqual(expected);
    git(root, ['add', '-f', 'a/b/own', 'a/b/low/x']);
    expect(seen(join(root, 'a/b'))).toContain('own');
    expect(seen(join(root, 'a/b'))).toContain('low/x');
  });

  it('a root that is itself ignored is walked, for it was named', () => {
    const root = makeRepo({ '.gitignore': 'build/', 'build/a': '', 'build/b/c': '' });
    expect(seen(join(root, 'build'))).toEqual(['a', 'b/c']);
    expect(seen(join(root, 'build/b'))).toEqual(['c']);
  });

  it('a nested repository has its own, and none of those around it', () => {
    const root = makeRepo({ '.gitignore': '*.log\n', 'in/.gitignore': '*.tmp\n' });
    addToTree(root, { 'in/a.log': '', 'in/a.tmp': '', 'in/b.tmp': '', 'b.tmp': '', 'z.log': '' });
    git(join(root, 'in'), ['init', '-q']);
    git(join(root, 'in'), ['add', '-f', 'b.tmp']);
    expect(seen(root)).toEqual([
      '.gitignore',
      'b.tmp',
      'in/.gitignore',
      'in/a.log',
      'ignored in/a.tmp',
      'in/b.tmp',
      'ignored z.log',
    ]);
  });

  it('an ignored submodule is walked, another ignored repository is not', () => {
    const origin = makeRepo({ '.gitignore': '*.tmp', 'lib.c': '' });
    git(origin, ['add', '.']);
    git(origin, ['commit', '-qm', 'one']);
    const root = makeRepo({ a: '' });
    const allow = ['-c', 'protocol.file.allow=always'];
    git(root, [...allow, 'submodule', '--quiet', 'add', origin, 'vendor/lib']);
    addToTree(root, { '.gitignore': 'vendor/', 'vendor/x': '', 'vendor/lib/n.tmp': '' });
    git(root, ['init', '-q', 'vendor/other']);
    addToTree(root, { 'vendor/other/y': '', '.git/modules/vendor/lib/info/exclude': 'nope' });
    addToTree(root, { 'vendor/lib/nope': '', 'vendor/lib/new': '' });
    expect(seen(root)).toEqual([
      '.gitignore',
      '.gitmodules',
      'a',
      'vendor/lib/.gitignore',
      'vendor/lib/lib.c',
      'ignored vendor/lib/n.tmp',
      'vendor/lib/new',
      'ignored vendor/lib/nope',
      'ignored vendor/other/',
      'ignored vendor/x',
    ]);
  });

  it('a linked worktree shares info/exclude with its repository', () => {
    const root = makeRepo({ a: '' });
    git(root, ['add', '.']);
    git(root, ['commit', '-qm', 'one']);
    const tree = join(makeTree(), 'linked');
    git(root, ['worktree', 'add', '-q', tree]);
    addToTree(root, { '.git/info/exclude': '*.log\n' });
    addToTree(tree, { 'b.log': '', 'c/d.log': '', e: '' });
    expect(seen(tree)).toEqual(['a', 'ignored b.log', 'ignored c/d.log', 'e']);
    expect(seen(join(tree, 'c'))).toEqual(['ignored d.log']);
  });

  it('an ignore file that is a link, a FIFO, a folder or huge says nothing', () => {
    const root = makeRepo({ rules: '*\n', 'a/.gitignore': { link: '../rules' }, 'a/x': '' });
    addToTree(root, {
      'b/.gitignore': { fifo: true },
      'b/x': '',
      'c/.gitignore/x': '',
      'c/y': '',
      'd/x': '',
    });
    addToTree(root, { 'd/.gitignore': '*\n'.repeat(600_000) });
    expect(seen(root)).toEqual([
      'a/.gitignore',
      'a/x',
      'special-file b/.gitignore',
      'b/x',
      'c/.gitignore/x',
      'c/y',
      'd/.gitignore',
      'd/x',
      'rules',
    ]);
  });
});

describe('git ls-files lists the same', () => {
  const names = ['a', 'b', 'c'];
  const folders = ['', ...names, ...names.flatMap((a) => names.map((b) => `${a}/${b}`))];
  const files = folders.flatMap((folder) =>
    ['a', 'b.log', 'x', 'é'].map((name) => (folder === '' ? `f-${name}` : `${folder}/f-${name}`)),
  );

  const pattern = fc.constantFrom(
    'a', 'b/', '/a', '/b/', 'a/b', 'a/*', '*', '!*', '!a', '!b/', '!*.log', '*.log', '/*', '!/*/', '*/', '!*/', 'f-*', '!f-x', '**/b', 'a/**', '!a/**',
    '**/c/f-x', '[ab]', '[!c]', 'f-?', 'f-??', '!f-[!a]', 'b/f-x', '/c/a/', '!/c/a/f-x', '*/a', '!c/',
  ); // prettier-ignore
  const rules = fc.array(pattern, { maxLength: 5 }).map((lines) => lines.join('\n'));
  const place = fc.constantFrom(
    '.git/info/exclude',
    ...folders.map((at) => join(at, '.gitignore')),
  );

  it('for generated ignore files and tracked paths', () => {
    const links = { link: { link: 'a' }, 'a/b-link': { link: '../b' }, 'b/a': { link: 'c' } };
    const wanted = Object.fromEntries(
      files.filter((path) => !path.startsWith('b/a/')).map((path) => [path, '']),
    );
    const repo = makeRepo({ ...wanted, ...links });
    const inForce = fc.uniqueArray(fc.tuple(place, rules), {
      minLength: 1,
      maxLength: 4,
      selector: ([at]) => at,
    });
    const tracked = fc.subarray(Object.keys(wanted), { maxLength: 4 });
    fc.assert(
      fc.property(inForce, tracked, (ignoreFiles, added) => {
        for (const [at, text] of ignoreFiles) writeFileSync(join(repo, at), text);
        git(repo, ['read-tree', '--empty']);
        if (added.length > 0) git(repo, ['add', '-f', '--', ...added]);
        const expected = listed(repo, '--cached', '--others', '--exclude-standard').toSorted();
        const found = seen(repo)
          .filter((line) => !line.startsWith('ignored '))
          .toSorted();
        for (const [at] of ignoreFiles) writeFileSync(join(repo, at), '');
        expect(found).toEqual(expected);
      }),
      { numRuns: Number(process.env['FUZZ'] ?? 60) },
    );
  });
});
