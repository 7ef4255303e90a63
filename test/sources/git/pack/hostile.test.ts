/** Damaged files: an answer or a PackError, in little time and memory, never anything else. */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCore } from '../../../../src/engine/core.ts';
import { planFamilies } from '../../../../src/sources/git/pack/families.ts';
import { readMultiPackIndex } from '../../../../src/sources/git/pack/multi-pack-index.ts';
import { PackError } from '../../../../src/sources/git/pack/pack-error.ts';
import { readPackIndex, type PackIndex } from '../../../../src/sources/git/pack/pack-index.ts';
import { readPackTable, type PackTable } from '../../../../src/sources/git/pack/pack-table.ts';
import { makePack } from '../../../support/make-pack.ts';
import { makeRepo } from '../../../support/make-repo.ts';
import { makeTree } from '../../../support/make-tree.ts';
import { packFolder, packsOf } from '../../../support/pack-truth.ts';

/** Bytes of files that git wrote, by name without the pack's. */
interface Originals {
  readonly name: string;
  readonly pack: Buffer;
  readonly idx: Buffer;
  readonly idx1: Buffer;
  readonly large: Buffer;
  readonly midx: Buffer;
}

let known: Originals | undefined;

/** Made by the first test that asks. */
function originals(): Originals {
  known ??= makeOriginals();
  return known;
}

function makeOriginals(): Originals {
  const repo = makeRepo();
  for (let n = 0; n < 6; n += 1) {
    const lines = Array.from({ length: 100 }, (_, at) => (at === n ? `changed ${n}` : at));
    repo.commit({ files: { long: lines.join('\n'), [`${n}`]: `${n}` } });
  }
  repo.git(['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-q', '-a', '-d', '-F']);
  const [path = ''] = packsOf(repo);
  repo.git(['multi-pack-index', 'write']);
  const variant = (version: string): Buffer => {
    const file = join(repo.path, 'variant.idx');
    repo.git(['index-pack', `--index-version=${version}`, '-o', file, path]);
    const bytes = readFileSync(file);
    rmSync(file, { force: true });
    return bytes;
  };
  return {
    name: basename(path, '.pack'),
    pack: readFileSync(path),
    idx: readFileSync(path.replace(/\.pack$/, '.idx')),
    idx1: variant('1'),
    large: variant('2,0x10'),
    midx: readFileSync(join(packFolder(repo), 'multi-pack-index')),
  };
}

/** Some bytes set to others, then perhaps cut off or made longer. Half of the places are in front. */
const mutation = fc.record({
  edits: fc.array(
    fc.record({
      place: fc.oneof(fc.nat(1_100), fc.nat(1 << 20)),
      value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x60, 0x70, 0xe7),
    }),
    { maxLength: 6 },
  ),
  length: fc.option(fc.oneof(fc.nat(1_200), fc.nat(1 << 16)), { freq: 4 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(original: Buffer, { edits, length }: Mutation): Buffer {
  const bytes = Buffer.from(original);
  for (const { place, value } of edits) bytes[place % bytes.length] = value;
  if (length === null) return bytes;
  return length < bytes.length ? bytes.subarray(0, length) : Buffer.concat([bytes], length);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

/** What all readers rely on. */
function expectSound(table: PackTable, packBytes: number): void {
  const { count, starts, ends, sizes, types, bases } = table;
  for (let entry = 0; entry < count; entry += 1) {
    const start = starts[entry] ?? -1;
    const end = ends[entry] ?? -1;
    const isSound =
      start > 12 &&
      start <= end &&
      end <= packBytes - 20 &&
      Number.isSafeInteger(sizes[entry]) &&
      (types[entry] ?? 9) <= 4 &&
      (bases[entry] ?? count) < count;
    if (!isSound) throw new Error(`entry ${entry} is not sound`);
  }
  const { order, odd } = planFamilies(table, ['commit', 'blob', 'tag'], 1_000, openCore());
  const trees = types.filter((type) => type === 2).length;
  expect(order.length + odd.length + trees).toBe(count);
}

/** Each run puts changed bytes in place and reads. Tells how many runs gave a table. */
function runs(
  original: () => Buffer,
  read: (bytes: Buffer, folder: string) => PackTable | undefined,
): number {
  const folder = makeTree();
  let tables = 0;
  fc.assert(
    fc.property(mutation, (change) => {
      const table = read(mutate(original(), change), folder);
      if (table) tables += 1;
    }),
    { seed: 20_240_101, numRuns: 300 },
  );
  return tables;
}

function tableOf(
  folder: string,
  index: PackIndex | undefined,
  pack: Buffer,
): PackTable | undefined {
  if (!index) return undefined;
  const path = join(folder, 'x.pack');
  writeFileSync(path, pack);
  const table = attempt(() => readPackTable(path, index, openCore()));
  expect(attempt(() => readPackTable(path, index, undefined))).toEqual(table);
  if (table) expectSound(table, pack.length);
  return table;
}

describe('damaged at random', () => {
  it.each(['idx', 'idx1', 'large'] as const)('an index: %s', (kind) => {
    const tables = runs(
      () => originals()[kind],
      (bytes, folder) => {
        const path = join(folder, 'x.idx');
        writeFileSync(path, bytes);
        return tableOf(
          folder,
          attempt(() => readPackIndex(path, 20)),
          originals().pack,
        );
      },
    );
    expect(tables).toBeGreaterThan(10);
    expect(tables).toBeLessThan(250);
  });

  it('an index of several packs', () => {
    const tables = runs(
      () => originals().midx,
      (bytes, folder) => {
        const path = join(folder, 'multi-pack-index');
        writeFileSync(path, bytes);
        const index = attempt(() => readMultiPackIndex(path, 20)(originals().name));
        return tableOf(folder, index, originals().pack);
      },
    );
    expect(tables).toBeGreaterThan(10);
    expect(tables).toBeLessThan(250);
  });

  it('the headers in a pack', () => {
    const tables = runs(
      () => originals().pack,
      (bytes, folder) => {
        const path = join(folder, 'x.idx');
        writeFileSync(path, originals().idx);
        return tableOf(folder, readPackIndex(path, 20), bytes);
      },
    );
    expect(tables).toBeGreaterThan(50);
  });

  it('every byte of the headers of entries, one after the other', () => {
    const folder = makeTree();
    const path = join(folder, 'x.idx');
    writeFileSync(path, originals().idx);
    const index = readPackIndex(path, 20);
    for (const offset of index.offsets) {
      for (let at = offset; at < offset + 22; at += 1) {
        for (const value of [0, 0x7f, 0xff]) {
          const bytes = Buffer.from(originals().pack);
          bytes[at] = value;
          tableOf(folder, index, bytes);
        }
      }
    }
    expect(tableOf(folder, index, originals().pack)?.types.includes(0)).toBe(false);
  });
});

describe('lies', () => {
  /** The index with its last fan-out entry, the number of objects, set to this. */
  function withCount(count: number): string {
    const path = join(makeTree(), 'x.idx');
    const bytes = Buffer.from(originals().idx);
    bytes.writeUInt32BE(count, 8 + 255 * 4);
    writeFileSync(path, bytes);
    return path;
  }

  it.each([0, 1, 1 << 20, 1 << 26, 0x7fffffff, 0xffffffff])(
    'a count of %i costs no memory',
    (count) => {
      const path = withCount(count);
      const before = process.memoryUsage().arrayBuffers;
      expect(() => readPackIndex(path, 20)).toThrow(PackError);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    },
  );

  it('a count that a file with a hole seems to bear out', () => {
    const path = withCount(0xffffffff);
    truncateSync(path, 1032 + 0xffffffff * 28 + 40);
    expect(() => readPackIndex(path, 20)).toThrow(PackError);
  });

  it('ids for another hash', () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'x.idx'), originals().idx);
    writeFileSync(join(folder, 'midx'), originals().midx);
    expect(() => readPackIndex(join(folder, 'x.idx'), 32)).toThrow(PackError);
    expect(() => readMultiPackIndex(join(folder, 'midx'), 32)).toThrow(PackError);
  });

  it('an index of the next version', () => {
    const path = join(makeTree(), 'x.idx');
    const bytes = Buffer.from(originals().idx);
    bytes.writeUInt32BE(3, 4);
    writeFileSync(path, bytes);
    expect(() => readPackIndex(path, 20)).toThrow('index version 3 is not known');
  });

  it('two objects at one offset', () => {
    const folder = makeTree();
    const { index } = makePack(folder, [
      { id: '11'.repeat(20), type: 3 },
      { id: '22'.repeat(20), type: 3 },
    ]);
    const bytes = readFileSync(index);
    bytes.copyWithin(bytes.length - 44, bytes.length - 48, bytes.length - 44);
    writeFileSync(index, bytes);
    expect(() => readPackIndex(index, 20)).toThrow('two objects at one offset');
  });

  it('an object far behind the end of the pack', () => {
    const folder = makeTree();
    const path = join(folder, 'x.idx');
    const bytes = Buffer.from(originals().large);
    bytes.writeUInt32BE(0x1fffff, bytes.length - 48);
    writeFileSync(path, bytes);
    const index = readPackIndex(path, 20);
    expect(index.offsets.at(-1)).toBeGreaterThan(2 ** 52);
    writeFileSync(join(folder, 'x.pack'), originals().pack);
    expect(() => readPackTable(join(folder, 'x.pack'), index, openCore())).toThrow(
      'before its last object',
    );
  });

  it('a folder in the place of an index', () => {
    const folder = makeTree();
    mkdirSync(join(folder, 'x.idx'));
    expect(() => readPackIndex(join(folder, 'x.idx'), 20)).toThrow(PackError);
    expect(() => readPackIndex(join(folder, 'gone.idx'), 20)).toThrow('ENOENT');
    copyFileSync('/dev/null', join(folder, 'y.idx'));
    expect(() => readPackIndex(join(folder, 'y.idx'), 20)).toThrow('ends early');
  });
});
