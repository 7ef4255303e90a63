/** A repository's objects as files say it, against git's own list. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PackError } from '../../../../src/sources/git/pack/pack-error.ts';
import { readPackStore, type PackStore } from '../../../../src/sources/git/pack/pack-store.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { makeRepo, repoAt, type Repo } from '../../../support/make-repo.ts';
import { makeTree } from '../../../support/make-tree.ts';
import { idAt, idsOf, packFolder, packsOf } from '../../../support/pack-truth.ts';

const storeOf = (repo: Repo): PackStore => readPackStore(openRepository(repo.path));

/** Commits with a file each and a long one that changes a little. */
function grow(repo: Repo, name: string, commits = 4): void {
  for (let n = 0; n < commits; n += 1) {
    const long = Array.from({ length: 200 }, (_, at) => (at === n ? `${name} ${n}` : at));
    repo.commit({ files: { [`${name}-${n}`]: `${name} ${n}\n`, long: long.join('\n') } });
  }
}

/** `id type` of all that is in packs, each once: what is not flagged. */
function packedLines({ packs, duplicates }: PackStore): string[] {
  const names = ['?', 'commit', 'tree', 'blob', 'tag'];
  return packs.flatMap((table, n) =>
    [...table.types].flatMap((type, entry) =>
      duplicates[n]?.[entry] === 1 ? [] : [`${idAt(table, entry)} ${names[type]}`],
    ),
  );
}

function gitsLines(repo: Repo): string[] {
  return repo
    .git([
      'cat-file',
      '--batch-all-objects',
      '--unordered',
      '--batch-check=%(objectname) %(objecttype)',
    ])
    .split('\n')
    .sort();
}

/** Loose ones too. */
function allLines(repo: Repo, store: PackStore): string[] {
  const type = (id: string): string => repo.git(['cat-file', '-t', id]);
  const rest = [...store.loose, ...store.unusual].map((id) => `${id} ${type(id)}`);
  return [...packedLines(store), ...rest].sort();
}

function expectGitsObjects(repo: Repo): PackStore {
  const store = storeOf(repo);
  expect(allLines(repo, store)).toEqual(gitsLines(repo));
  expect(store.problems).toEqual([]);
  return store;
}

describe('has each object of the repository once', () => {
  it.each(['sha1', 'sha256'] as const)('loose, in one pack, and in both: %s', (format) => {
    const repo = makeRepo({ format });
    grow(repo, 'a');
    expect(expectGitsObjects(repo)).toMatchObject({ packs: [], duplicates: [], unusual: [] });
    repo.git(['repack', '-q', '-a']);
    const both = expectGitsObjects(repo);
    expect([both.packs.length, both.loose]).toEqual([1, []]);
    const extra = repo.blob('loose');
    expect(expectGitsObjects(repo).loose).toEqual([extra]);
  });

  it('in several packs, some in two of them', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.git(['repack', '-q', '-d']);
    grow(repo, 'b');
    repo.git(['repack', '-q', '-d']);
    repo.git(['pack-objects', '-q', '--all', join(packFolder(repo), 'pack')]);
    const store = expectGitsObjects(repo);
    expect(store.packs).toHaveLength(3);
    const seen = new Set<string>();
    const repeats = store.packs.map((table) =>
      idsOf(table).map((id) => {
        const isRepeat = seen.has(id);
        seen.add(id);
        return +isRepeat;
      }),
    );
    expect(store.duplicates.map((flags) => [...flags])).toEqual(repeats);
    expect(repeats.flat().filter(Boolean).length).toBeGreaterThan(10);
    for (const { buffer } of store.duplicates) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('in an index of several packs, one of which has no other', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.git(['repack', '-q', '-d']);
    grow(repo, 'b');
    repo.git(['repack', '-q', '-d']);
    const truth = storeOf(repo);
    repo.git(['multi-pack-index', 'write']);
    for (const index of packsOf(repo, '.idx')) {
      rmSync(index);
      const store = storeOf(repo);
      expect(packedLines(store).sort()).toEqual(packedLines(truth).sort());
      expect(store).toMatchObject({ loose: [], unusual: [], problems: [] });
    }
    expect(packsOf(repo, '.idx')).toEqual([]);
  });

  it('in a pack that the index of several packs knows in part', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.git(['repack', '-q', '-d']);
    repo.commit({ files: { more: 'more' } });
    repo.git(['pack-objects', '-q', '--all', join(packFolder(repo), 'pack')]);
    repo.git(['multi-pack-index', 'write']);
    const truth = gitsLines(repo);
    for (const index of packsOf(repo, '.idx')) rmSync(index);
    const store = storeOf(repo);
    expect(store.packs).toHaveLength(2);
    expect(allLines(repo, store)).toHaveLength(truth.length);
    const ids = (lines: readonly string[]): string[] =>
      lines.map((line) => line.split(' ')[0] ?? '');
    expect(ids(allLines(repo, store))).toEqual(ids(truth));
  });

  it.each([
    ['of SHA-256', 'sha256', []],
    ['with offsets of 64 bits', 'sha1', ['-c', 'pack.indexVersion=2']],
  ] as const)('in an index of several packs %s', (_, format, settings) => {
    const repo = makeRepo({ format });
    grow(repo, 'a', 8);
    repo.git(['repack', '-q', '-d']);
    const [pack = ''] = packsOf(repo);
    const truth = storeOf(repo);
    if (settings.length > 0) {
      // The index of several packs takes over the table of large offsets.
      const index = pack.replace(/\.pack$/, '.idx');
      rmSync(index);
      repo.git(['index-pack', '--index-version=2,0x10', '-o', `${index}.new`, pack]);
      renameSync(`${index}.new`, index);
    }
    repo.git(['multi-pack-index', 'write']);
    for (const index of packsOf(repo, '.idx')) rmSync(index);
    expect(packedLines(storeOf(repo))).toEqual(packedLines(truth));
  });

  it('borrowed ones, seen from a linked work tree too', () => {
    const lender = makeRepo();
    grow(lender, 'a');
    lender.pack();
    const folder = join(makeTree(), 'clone');
    lender.git(['clone', '-q', '--shared', lender.path, folder]);
    const clone = repoAt(folder);
    grow(clone, 'b');
    expect(expectGitsObjects(clone).packs).toHaveLength(1);
    clone.git(['repack', '-q', '-a', '-d']);
    const store = expectGitsObjects(clone);
    expect(store.packs).toHaveLength(2);
    const linked = join(makeTree(), 'linked');
    clone.git(['worktree', 'add', '-q', linked]);
    expect(expectGitsObjects(repoAt(linked)).packs).toHaveLength(2);
  });

  it('of a partial clone: what is promised is not there', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.git(['config', 'uploadpack.allowFilter', 'true']);
    const clone = repo.clone(['--bare', '--filter=blob:none']);
    expect(packsOf(clone, '.promisor').length).toBeGreaterThan(0);
    const store = storeOf(clone);
    expect(packedLines(store).filter((line) => line.endsWith('blob'))).toEqual([]);
    expect(allLines(clone, store)).toEqual(gitsLines(clone));
  });

  it('in a pack of what nothing reaches, with its companions', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    const lost = repo.blob('lost');
    repo.git(['repack', '-q', '-d', '--cruft', '-a', '--write-bitmap-index']);
    expect(packsOf(repo, '.mtimes')).toHaveLength(1);
    const store = expectGitsObjects(repo);
    expect(store.packs).toHaveLength(2);
    expect(store.packs.flatMap(idsOf)).toContain(lost);
  });

  it('of an empty repository', () => {
    expect(storeOf(makeRepo())).toEqual({
      packs: [],
      duplicates: [],
      loose: [],
      unusual: [],
      problems: [],
    });
  });
});

describe('trouble', () => {
  function packed(): { repo: Repo; pack: string; index: string; ids: string[] } {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.pack();
    const [pack = ''] = packsOf(repo);
    const index = pack.replace(/\.pack$/, '.idx');
    return { repo, pack, index, ids: storeOf(repo).packs.flatMap(idsOf).sort() };
  }

  /** git makes them read-only. */
  function overwrite(file: string, bytes: string): void {
    rmSync(file);
    writeFileSync(file, bytes);
  }

  it('a pack without an index is told', () => {
    const { repo, pack, index } = packed();
    rmSync(index);
    expect(storeOf(repo)).toMatchObject({
      packs: [],
      problems: [
        {
          kind: 'git-failed',
          where: pack,
          message: 'a pack without an index, which git does not read either',
        },
      ],
    });
  });

  it('nor does an index of other packs help it', () => {
    const { repo, pack, index } = packed();
    repo.git(['multi-pack-index', 'write']);
    const copy = pack.replace(basename(pack), 'pack-copy.pack');
    copyFileSync(pack, copy);
    expect(storeOf(repo).problems).toMatchObject([{ where: copy }]);
    rmSync(index);
    expect(storeOf(repo).packs).toHaveLength(1);
  });

  it.each(['gone', 'no pack', 'a folder'])(
    'objects of a pack that is %s are left to git',
    (kind) => {
      const { repo, pack, ids } = packed();
      if (kind === 'no pack') overwrite(pack, 'PACK');
      else rmSync(pack);
      if (kind === 'a folder') mkdirSync(pack);
      expect(storeOf(repo)).toMatchObject({ packs: [], loose: [], problems: [] });
      expect([...storeOf(repo).unusual].sort()).toEqual(ids);
    },
  );

  it('but not those that are elsewhere too', () => {
    const { repo, pack, index, ids } = packed();
    const other = pack.replace(basename(pack), 'pack-aaa');
    copyFileSync(index, `${other}.idx`);
    writeFileSync(`${other}.pack`, '');
    const store = storeOf(repo);
    expect(store.unusual).toEqual([]);
    expect(store.packs.flatMap(idsOf).sort()).toEqual(ids);
    expect([...(store.duplicates[0] ?? [])].filter(Boolean)).toEqual([]);
  });

  it('a loose object is not asked for twice', () => {
    const repo = makeRepo();
    grow(repo, 'a');
    repo.git(['repack', '-q', '-a']);
    const [pack = ''] = packsOf(repo);
    rmSync(pack);
    const { loose, unusual } = storeOf(repo);
    expect(unusual).toEqual([]);
    expect(loose.length).toBeGreaterThan(8);
  });

  it.each(['nonsense', 'empty', 'a folder'])('an index that is %s: only git can tell', (kind) => {
    const { repo, index } = packed();
    if (kind !== 'a folder') overwrite(index, kind === 'empty' ? '' : 'x'.repeat(2_000));
    else {
      rmSync(index);
      mkdirSync(index);
    }
    expect(() => storeOf(repo)).toThrow(PackError);
    expect(() => storeOf(repo)).toThrow(index);
  });

  it('so with an index of several packs, but only if it is needed', () => {
    const { repo, index } = packed();
    writeFileSync(join(packFolder(repo), 'multi-pack-index'), 'nonsense');
    expect(storeOf(repo).packs).toHaveLength(1);
    rmSync(index);
    expect(() => storeOf(repo)).toThrow(PackError);
  });

  it('so with one in several files', () => {
    const { repo, index } = packed();
    mkdirSync(join(packFolder(repo), 'multi-pack-index.d'));
    expect(storeOf(repo).packs).toHaveLength(1);
    rmSync(index);
    expect(() => storeOf(repo)).toThrow(PackError);
  });

  it('other files are none of ours', () => {
    const { repo, pack } = packed();
    const objects = join(pack, '../..');
    for (const name of ['0', 'zz', 'ab', 'info/abc'])
      mkdirSync(join(objects, name), { recursive: true });
    writeFileSync(join(objects, 'ab', 'c'.repeat(37)), '');
    writeFileSync(join(objects, 'ab', 'C'.repeat(38)), '');
    writeFileSync(join(objects, 'ab', 'c'.repeat(62)), '');
    writeFileSync(join(objects, 'ab', 'tmp_obj_x'), '');
    writeFileSync(join(objects, 'cd'), '');
    writeFileSync(join(pack, '../tmp_pack_x'), '');
    writeFileSync(pack.replace(/\.pack$/, '.keep'), '');
    expect(storeOf(repo)).toMatchObject({ loose: [], problems: [] });
  });

  it.skipIf(process.getuid?.() === 0)('folders that may not be read are told', () => {
    const { repo, pack } = packed();
    const objects = join(pack, '../..');
    mkdirSync(join(objects, 'ab'));
    for (const name of ['ab', 'pack']) chmodSync(join(objects, name), 0);
    const { problems } = storeOf(repo);
    for (const name of ['ab', 'pack']) chmodSync(join(objects, name), 0o755);
    expect(problems.map(({ where }) => where).sort()).toEqual([
      join(objects, 'ab'),
      join(objects, 'pack'),
    ]);
  });

  it.skipIf(process.platform === 'win32')('a FIFO in the place of a pack does not hang', () => {
    const { repo, pack, index, ids } = packed();
    rmSync(pack);
    repo.write({ [pack.slice(repo.path.length + 1)]: { fifo: true } });
    expect([...storeOf(repo).unusual].sort()).toEqual(ids);
    rmSync(index);
    repo.write({ [index.slice(repo.path.length + 1)]: { fifo: true } });
    expect(() => storeOf(repo)).toThrow(PackError);
  });
});
