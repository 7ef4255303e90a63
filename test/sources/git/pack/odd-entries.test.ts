/** Tables of packs that git would not write: what cannot be trusted has no base, and type 0 or `circular`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCore } from '../../../../src/engine/core.ts';
import { circular } from '../../../../src/sources/git/pack/delta-chains.ts';
import { PackError } from '../../../../src/sources/git/pack/pack-error.ts';
import { readPackIndex } from '../../../../src/sources/git/pack/pack-index.ts';
import { readPackTable, type PackTable } from '../../../../src/sources/git/pack/pack-table.ts';
import { idOf, makePack, type MadePack, type PackEntry } from '../../../support/make-pack.ts';
import { makeTree } from '../../../support/make-tree.ts';

function read({ pack, index }: MadePack): PackTable {
  const read = readPackIndex(index, 20);
  const table = readPackTable(pack, read, openCore());
  expect(readPackTable(pack, read, undefined)).toEqual(table);
  return table;
}

function tableOf(entries: readonly PackEntry[]): PackTable {
  return read(makePack(makeTree(), entries));
}

const blob = { id: idOf('0b'), type: 3, content: 'text' };
const number = (n: number): string => idOf(n.toString(16).padStart(8, '0'));

describe('types and bases', () => {
  it.each<[string, readonly PackEntry[], readonly number[], readonly number[]]>([
    [
      'a chain of both kinds of delta',
      [blob, { id: idOf('01'), type: 6, base: 0 }, { id: idOf('02'), type: 7, baseId: idOf('01') }],
      [3, 3, 3],
      [-1, 0, 1],
    ],
    [
      'a base behind its delta',
      [
        { id: idOf('01'), type: 7, baseId: idOf('02') },
        { id: idOf('02'), type: 7, baseId: blob.id },
        blob,
      ],
      [3, 3, 3],
      [1, 2, -1],
    ],
    [
      'a base that is in no place',
      [blob, { id: idOf('01'), type: 7, baseId: idOf('77') }, { id: idOf('02'), type: 6, base: 1 }],
      [3, 0, 0],
      [-1, -1, -1],
    ],
    [
      'a distance between two entries',
      [blob, { id: idOf('01'), type: 6, distance: 3 }],
      [3, 0],
      [-1, -1],
    ],
    [
      'a distance before the pack',
      [blob, { id: idOf('01'), type: 6, distance: 5_000 }],
      [3, 0],
      [-1, -1],
    ],
    ['a distance of nothing', [blob, { id: idOf('01'), type: 6, distance: 0 }], [3, 0], [-1, -1]],
    [
      'a circle, and one hanging on it',
      [
        blob,
        { id: idOf('01'), type: 7, baseId: idOf('03') },
        { id: idOf('02'), type: 7, baseId: idOf('01') },
        { id: idOf('03'), type: 7, baseId: idOf('02') },
        { id: idOf('04'), type: 6, base: 2 },
      ],
      [3, circular, circular, circular, circular],
      [-1, -1, -1, -1, -1],
    ],
    [
      'its own base',
      [{ id: idOf('01'), type: 7, baseId: idOf('01') }, blob],
      [circular, 3],
      [-1, -1],
    ],
    [
      'types that do not exist',
      [
        { ...blob, type: 0 },
        { ...blob, id: idOf('01'), type: 5 },
        { id: idOf('02'), type: 6, base: 1 },
      ],
      [0, 0, 0],
      [-1, -1, -1],
    ],
    ['a size beyond 2^53', [{ ...blob, size: 2 ** 54 }], [0], [-1]],
  ])('%s', (_, entries, types, bases) => {
    const table = tableOf(entries);
    expect([...table.types]).toEqual(types);
    expect([...table.bases]).toEqual(bases);
  });

  it('a size just below 2^53 is told as it is', () => {
    const table = tableOf([{ ...blob, size: 2 ** 53 - 1 }]);
    expect([...table.types, ...table.sizes]).toEqual([3, 2 ** 53 - 1]);
  });

  it.each(['by distance', 'by id'])('4,095 deltas one on the other, %s, and no more', (kind) => {
    const table = tableOf([
      { ...blob, id: number(0) },
      ...Array.from({ length: 4_200 }, (_, n) => ({
        id: number(n + 1),
        ...(kind === 'by id' ? { type: 7, baseId: number(n) } : { type: 6, base: n }),
      })),
    ]);
    expect([...table.types]).toEqual(Array.from({ length: 4_201 }, (_, n) => (n <= 4_095 ? 3 : 0)));
  });

  it('the same, met from the far end', () => {
    const table = tableOf([
      ...Array.from({ length: 4_200 }, (_, n) => ({
        id: number(n),
        type: 7,
        baseId: number(n + 1),
      })),
      { ...blob, id: number(4_200) },
    ]);
    expect([...table.types]).toEqual(
      Array.from({ length: 4_201 }, (_, n) => (n >= 4_200 - 4_095 ? 3 : 0)),
    );
  });

  it('a header that the next entry cuts off', () => {
    const { pack, index, offsets } = makePack(makeTree(), [blob, { ...blob, id: idOf('01') }]);
    const bytes = readFileSync(pack);
    bytes.fill(0xb3, offsets[0], offsets[1]);
    writeFileSync(pack, bytes);
    const table = read({ pack, index, offsets });
    expect([...table.types]).toEqual([0, 3]);
  });
});

describe('a pack that is not the one of its index', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['another checksum', (bytes) => change(bytes, bytes.length - 1, 0)],
    ['another number of objects', (bytes) => change(bytes, 11, 9)],
    ['another version', (bytes) => change(bytes, 7, 4)],
    ['another kind of file', (bytes) => change(bytes, 0, 0)],
    ['only a part of it', (bytes) => bytes.subarray(0, 31)],
    ['nothing', (bytes) => bytes.subarray(0, 0)],
  ])('%s', (_, mutate) => {
    const made = makePack(makeTree(), [blob]);
    writeFileSync(made.pack, mutate(readFileSync(made.pack)));
    expect(() => read(made)).toThrow(PackError);
  });

  it('version 3 is read as version 2', () => {
    const made = makePack(makeTree(), [blob]);
    writeFileSync(made.pack, change(readFileSync(made.pack), 7, 3));
    expect([...read(made).types]).toEqual([3]);
  });

  it('a pack without objects', () => {
    expect(tableOf([]).count).toBe(0);
  });
});

function change(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value;
  return bytes;
}
