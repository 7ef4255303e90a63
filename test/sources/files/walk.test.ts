import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { FileEntry } from '../../../src/core/model/unit.ts';
import { walk, type WalkOptions } from '../../../src/sources/files/walk.ts';
import { addToTree, makeTree } from '../../support/make-tree.ts';

const plain: WalkOptions = { gitignore: true, trackedIn: () => new Set() };

/** One line per item: the path of an entry, or the kind and place of a problem. */
function lines(items: Iterable<FileEntry | Problem>): readonly string[] {
  return [...items].map((item) => ('kind' in item ? `${item.kind} ${item.where}` : item.path));
}

function entriesOf(items: Iterable<FileEntry | Problem>): readonly FileEntry[] {
  return [...items].flatMap((item) => ('kind' in item ? [] : [item]));
}

describe('walk', () => {
  it('tells path, place and size of each file', () => {
    const root = makeTree({ 'a.txt': 'four', 'src/b.ts': '', 'empty/': '' });
    expect([...walk(root, '', plain)]).toEqual([
      { path: 'a.txt', open: `${root}/a.txt`, bytes: 4 },
      { path: 'src/b.ts', open: `${root}/src/b.ts`, bytes: 0 },
    ]);
  });

  it.each(['src', 'src/'])('shows paths below the base %j', (base) => {
    const root = makeTree({ 'a/b.txt': 'x' });
    expect([...walk(`${root}/`, base, plain)]).toEqual([
      { path: 'src/a/b.txt', open: `${root}/a/b.txt`, bytes: 1 },
    ]);
  });

  it('goes by the bytes of names within a folder, depth first', () => {
    const names = ['B', 'a', 'a.b', 'a-', 'z', 'é', '\uffee', '🔑', '_', 'a\nb', '10', '9'];
    const root = makeTree(Object.fromEntries(names.map((name) => [`${name}/x`, ''])));
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(lines(walk(root, '', plain))).toEqual(sorted.map((name) => `${name}/x`));
  });

  it('lists nothing in an empty folder', () => {
    expect([...walk(makeTree(), '', plain)]).toEqual([]);
  });

  it('asks the filter with the path as shown, and counts what it refuses', () => {
    const root = makeTree({ 'a.ts': '', 'b.md': '', 'c/d.md': '' });
    const accepts = (path: string) => path.startsWith('base/') && !path.endsWith('.md');
    expect(lines(walk(root, 'base', { ...plain, accepts }))).toEqual([
      'base/a.ts',
      'excluded base/b.md',
      'excluded base/c/d.md',
    ]);
  });

  it('stops when told to, and says so', () => {
    const stop = new AbortController();
    const items = walk(makeTree({ a: '', b: '', c: '' }), '', { ...plain, signal: stop.signal });
    expect(lines([items.next().value].filter((item) => item !== undefined))).toEqual(['a']);
    stop.abort();
    expect(lines(items)).toEqual(['interrupted .']);
  });

  it.each([true, false])('does not go into .git, with gitignore: %s', (gitignore) => {
    const root = makeTree({ '.git/config': 'x', 'a/.git': 'gitdir: nowhere', 'a/b': '', c: '' });
    expect(lines(walk(root, '', { ...plain, gitignore }))).toEqual([
      'git-folder .git',
      'git-folder a/.git',
      'a/b',
      'c',
    ]);
  });

  it('does not go into a bare repository', () => {
    const bare = { 'm.git/HEAD': 'x', 'm.git/objects/pack/': '', 'm.git/refs/': '', 'm.git/x': '' };
    const root = makeTree({ ...bare, 'n/HEAD': '', 'n/objects/': '', 'n/refs': 'a file' });
    expect(lines(walk(root, '', plain))).toEqual(['git-folder m.git', 'n/HEAD', 'n/refs']);
    expect(lines(walk(join(root, 'm.git'), '', plain))).toEqual(['git-folder .']);
  });

  it('goes thousands of folders deep', () => {
    const root = makeTree();
    const depth = Math.floor((4000 - root.length) / 2);
    addToTree(root, { [`${'d/'.repeat(depth)}f`]: 'x', 'd/z': '' });
    expect(depth).toBeGreaterThan(1900);
    expect(entriesOf(walk(root, '', plain)).map(({ path }) => path.length)).toEqual([
      2 * depth + 1,
      3,
    ]);
  });
});

describe('links', () => {
  it('tells links and follows none', () => {
    const outside = makeTree({ 'secret.txt': 'x' });
    const root = makeTree({
      'a/loop': { link: '..' },
      'a/self': { link: 'self' },
      dangling: { link: 'no/such/é' },
      file: 'x',
      outside: { link: outside },
      'to-file': { link: 'file' },
    });
    const found = [...walk(root, '', plain)];
    expect(found).toEqual([
      { path: 'a/loop', open: `${root}/a/loop`, bytes: 2, isLink: true },
      { path: 'a/self', open: `${root}/a/self`, bytes: 4, isLink: true },
      { path: 'dangling', open: `${root}/dangling`, bytes: 10, isLink: true },
      { path: 'file', open: `${root}/file`, bytes: 1 },
      { path: 'outside', open: `${root}/outside`, bytes: outside.length, isLink: true },
      { path: 'to-file', open: `${root}/to-file`, bytes: 4, isLink: true },
    ]);
  });

  it('walks a root that is itself a link, for it was named', () => {
    const root = makeTree({ 'real/a': '', named: { link: 'real' } });
    expect(lines(walk(join(root, 'named'), '', plain))).toEqual(['a']);
  });
});

describe('what is no file', () => {
  it('names FIFOs and sockets and opens none', async () => {
    const root = makeTree({ 'a.txt': '', pipe: { fifo: true } });
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(root, 'sock'), done));
    const found = [...walk(root, '', plain)];
    await new Promise((done) => server.close(done));
    expect(lines(found)).toEqual(['a.txt', 'special-file pipe', 'special-file sock']);
    expect(found.map((item) => ('kind' in item ? item.message : ''))).toEqual([
      '',
      'a FIFO is not read',
      'a socket is not read',
    ]);
  });

  it('names devices', () => {
    const found = lines(walk('/dev', 'dev', plain));
    expect(found).toContain('special-file dev/null');
    expect(found).not.toContain('dev/null');
  });
});

describe('names', () => {
  it('keeps line breaks, blanks and control characters', () => {
    const root = makeTree({
      'a\nb/c\td': '',
      ' ': '',
      '\x1b[31m': '',
      '-rf': '',
      'back\\slash': '',
    });
    expect(lines(walk(root, '', plain))).toEqual([
      '\x1b[31m',
      ' ',
      '-rf',
      'a\nb/c\td',
      'back\\slash',
    ]);
  });

  it('opens names that are not UTF-8 by their bytes', () => {
    const root = makeTree({ 'plain.txt': 'x' });
    const path = (name: string) => Buffer.concat([Buffer.from(`${root}/`), bytes(name)]);
    mkdirSync(path('a\\b'));
    mkdirSync(path('a\\b/\xff'));
    mkdirSync(path('a\\b/\xff/s\\ub'));
    writeFileSync(path('a\\b/ok'), '1');
    writeFileSync(path('a\\b/\xff/s\\ub/f'), '22');
    writeFileSync(path('caf\xe9'), '333');
    writeFileSync(path('\xef\xbf\xbd'), '4444');
    const found = entriesOf(walk(root, 'base', plain));
    expect(found.map((entry) => [entry.path, entry.bytes, typeof entry.open])).toEqual([
      ['base/a\\b/ok', 1, 'string'],
      ['base/a\\\\b/\\xff/s\\\\ub/f', 2, 'object'],
      ['base/caf\\xe9', 3, 'object'],
      ['base/plain.txt', 1, 'string'],
      ['base/\ufffd', 4, 'string'],
    ]);
    for (const { open, bytes: size } of found) {
      const opened = typeof open === 'string' ? open : Buffer.from(open);
      expect(readFileSync(opened)).toHaveLength(size);
    }
    const raw = found.find(({ path }) => path === 'base/caf\\xe9')?.open;
    // Its own memory: a slice of a shared pool would be sent to a worker with all of the pool.
    expect(raw instanceof Uint8Array && raw.buffer.byteLength).toBe(path('caf\xe9').length);
  });

  function bytes(name: string): Buffer {
    return Buffer.from(name, 'latin1');
  }
});

describe('trouble', () => {
  it('reports a root that is not there', () => {
    const root = makeTree({ file: '' });
    expect([...walk(join(root, 'no'), 'no', plain)]).toEqual([
      { kind: 'vanished-file', where: 'no', message: 'cannot be read (ENOENT)' },
    ]);
    expect(lines(walk(join(root, 'file'), '', plain))).toEqual(['vanished-file .']);
  });

  it('reports what vanishes on the way, and goes on', () => {
    const root = makeTree({ a: '', b: '', 'c/d': '', e: '', f: '', 'g/h': '', i: '' });
    const items = walk(root, 'base', plain);
    const first = items.next().value;
    rmSync(join(root, 'b'));
    rmSync(join(root, 'c'), { recursive: true });
    rmSync(join(root, 'e'));
    mkdirSync(join(root, 'e'));
    rmSync(join(root, 'g'), { recursive: true });
    writeFileSync(join(root, 'g'), 'a file now');
    expect(first).toMatchObject({ path: 'base/a' });
    expect(lines(items)).toEqual([
      'vanished-file base/b',
      'vanished-file base/c',
      'vanished-file base/e',
      'base/f',
      'vanished-file base/g',
      'base/i',
    ]);
  });

  it('tells a file that became a link as a link', () => {
    const root = makeTree({ a: '', b: '' });
    const items = walk(root, '', plain);
    items.next();
    rmSync(join(root, 'b'));
    addToTree(root, { b: { link: '/etc/passwd' } });
    expect([...items]).toEqual([{ path: 'b', open: `${root}/b`, bytes: 11, isLink: true }]);
  });

  it('reports folders and files too deep to be opened, and goes on', () => {
    const root = makeTree({ 'z.txt': '' });
    const upper = `${'u'.repeat(200)}/`.repeat(Math.floor((3900 - root.length) / 201));
    const lower = `${'l'.repeat(200)}/`.repeat(3);
    addToTree(root, { [upper]: '', [`moved/${lower}`]: '', [`moved/${'f'.repeat(250)}`]: 'x' });
    // Two moves make a path that no single call could have made.
    renameSync(join(root, 'moved'), join(root, upper, 'm'));
    const found = [...walk(root, '', plain)];
    expect(found.map((item) => ('kind' in item ? [item.kind, item.message] : item.path))).toEqual([
      ['unreadable-file', 'cannot be read (ENAMETOOLONG)'],
      ['unreadable-folder', 'cannot be read (ENAMETOOLONG)'],
      'z.txt',
    ]);
  });

  it('reports folders that it may not read or enter', () => {
    const root = makeTree({ 'closed/a': '', 'listed/b': '', 'open/c': '' });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0o000);
    chmodSync(join(root, 'listed'), 0o444);
    const found = asNobody(() => [...walk(root, '', plain)]);
    chmodSync(join(root, 'closed'), 0o755);
    chmodSync(join(root, 'listed'), 0o755);
    expect(found).toMatchObject([
      { kind: 'unreadable-folder', where: 'closed', message: 'cannot be read (EACCES)' },
      { kind: 'unreadable-file', where: 'listed/b', message: 'cannot be read (EACCES)' },
      { path: 'open/c' },
    ]);
  });

  /** The superuser may read everything, so that one steps down for the while. */
  function asNobody<T>(run: () => T): T {
    if (process.getuid?.() !== 0) return run();
    process.seteuid?.(65_534);
    try {
      return run();
    } finally {
      process.seteuid?.(0);
    }
  }
});

it('is fast: thousands of files in well under a second', () => {
  const root = makeTree();
  for (let folder = 0; folder < 40; folder++) {
    const files = Array.from({ length: 100 }, (_, i) => [`${folder}/file-${i}.txt`, '']);
    addToTree(root, Object.fromEntries(files));
  }
  const before = performance.now();
  const count = entriesOf(walk(root, '', plain)).length;
  expect(count).toBe(4000);
  // 10 to 20 ms measured; the rest is for busy machines.
  expect(performance.now() - before).toBeLessThan(1_000);
});
