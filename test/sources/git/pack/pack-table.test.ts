/** Tables of packs that git wrote, against what git says of them. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCore } from '../../../../src/engine/core.ts';
import { readPackIndex } from '../../../../src/sources/git/pack/pack-index.ts';
import { readPackTable, type PackTable } from '../../../../src/sources/git/pack/pack-table.ts';
import type { IdBytes } from '../../../../src/sources/git/pack/sorted-ids.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { packsOf, tableLines, verifiedPack } from '../../../support/pack-truth.ts';

/** Long files that change a little (deltas of blobs and trees), commits, a tag. */
function busy(format?: 'sha1' | 'sha256'): Repo {
  const repo = makeRepo(format === undefined ? {} : { format });
  for (let n = 0; n < 12; n += 1) {
    const lines = Array.from({ length: 300 }, (_, at) => `${at} ${at % 25 === n ? n : ''} text`);
    repo.commit({ files: { 'src/long.txt': lines.join('\n'), [`src/${n}.txt`]: `${n}\n` } });
  }
  repo.tag('v1', 'first');
  return repo;
}

function packed(format?: 'sha1' | 'sha256', settings: readonly string[] = []): Repo {
  const repo = busy(format);
  repo.git([...settings.flatMap((setting) => ['-c', setting]), 'repack', '-q', '-a', '-d', '-F']);
  return repo;
}

function onlyPack(repo: Repo): string {
  const [pack = '', ...more] = packsOf(repo);
  expect(more).toEqual([]);
  return pack;
}

/** Writes the pack's index anew. */
function reindex(repo: Repo, version: string): void {
  const pack = onlyPack(repo);
  const index = pack.replace(/\.pack$/, '.idx');
  rmSync(index);
  repo.git(['index-pack', `--index-version=${version}`, '-o', `${index}.new`, pack]);
  renameSync(`${index}.new`, index);
}

/** In the engine's memory, and as packs are read that have no room there. */
function read(pack: string, idBytes: IdBytes): PackTable {
  const index = readPackIndex(pack.replace(/\.pack$/, '.idx'), idBytes);
  const table = readPackTable(pack, index, openCore());
  expect(readPackTable(pack, index, undefined)).toEqual(table);
  return table;
}

/** What lies where the table says: an entry's zlib data give as many bytes as its header states. */
function unpackedSizes(table: PackTable): number[] {
  const pack = readFileSync(table.file);
  return Array.from(
    table.starts,
    (start, entry) => inflateSync(pack.subarray(start, table.ends[entry])).length,
  );
}

const refDeltas = ['repack.useDeltaBaseOffset=false'];

describe('a table', () => {
  it.each([
    ['SHA-1, bases by distance', 20, () => packed()],
    ['SHA-1, bases by id', 20, () => packed('sha1', refDeltas)],
    ['SHA-256, bases by distance', 32, () => packed('sha256')],
    ['SHA-256, bases by id', 32, () => packed('sha256', refDeltas)],
    [
      'index version 1',
      20,
      () => {
        const repo = packed();
        reindex(repo, '1');
        expect(readFileSync(packsOf(repo, '.idx')[0] ?? '').readUInt32BE(0)).toBeLessThan(100);
        return repo;
      },
    ],
    [
      'SHA-256, index version 1',
      32,
      () => {
        const repo = packed('sha256');
        reindex(repo, '1');
        return repo;
      },
    ],
    [
      'offsets of 64 bits',
      20,
      () => {
        const repo = packed();
        const [index = ''] = packsOf(repo, '.idx');
        const before = statSync(index).size;
        reindex(repo, '2,0x10');
        expect(statSync(index).size).toBeGreaterThan(before);
        return repo;
      },
    ],
  ] as const)('says what git says: %s', (_, idBytes, make) => {
    const repo = make();
    const pack = onlyPack(repo);
    const table = read(pack, idBytes);
    const truth = verifiedPack(repo, pack);
    expect(tableLines(table)).toEqual(truth);
    expect(truth.filter((line) => !line.endsWith('-')).length).toBeGreaterThan(10);
    expect(unpackedSizes(table)).toEqual([...table.sizes]);
  });

  it('is in memory that threads can share', () => {
    const table = read(onlyPack(packed()), 20);
    const { ids, starts, ends, sizes, types, bases } = table;
    for (const array of [ids, starts, ends, sizes, types, bases]) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('of a pack far larger than the buffer', () => {
    const repo = makeRepo();
    const noise = (seed: number, bytes: number): Buffer =>
      createHash('shake256', { outputLength: bytes }).update(String(seed)).digest();
    repo.commit({ files: { a: noise(1, 3 << 20), b: 'small', c: noise(2, 1 << 20) } });
    for (let n = 0; n < 400; n += 1) repo.write({ [`n/${n}`]: noise(n + 3, 3_000) });
    repo.commit();
    repo.pack();
    const pack = onlyPack(repo);
    expect(statSync(pack).size).toBeGreaterThan(5 << 20);
    expect(tableLines(read(pack, 20))).toEqual(verifiedPack(repo, pack));
  });
});
