/** Packed bytes of entries in any order: those of the file, in few reads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/rules/random.ts';
import { openCore, type Core } from '../../../../src/engine/core.ts';
import { withFile, type OpenFile } from '../../../../src/sources/git/pack/open-file.ts';
import type { PackTable } from '../../../../src/sources/git/pack/pack-table.ts';
import { batchReader } from '../../../../src/sources/git/pack/read-batch.ts';
import { makeTree } from '../../../support/make-tree.ts';

const core = openCore() as Core;

interface Case {
  readonly sizes: readonly number[];
  readonly order: readonly number[];
}

/** Reads all entries in this order, and tells how many reads of the file that took. */
function readsOf({ sizes, order }: Case): number {
  const random = seededRandom('batch');
  const contents = Buffer.from(
    Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, () => random(256)),
  );
  const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0));
  const starts = sizes.map((size, at) => (ends[at] as number) - size);
  const path = join(makeTree({}), 'pack');
  writeFileSync(path, contents);
  let reads = 0;
  withFile(path, (file) => {
    const counted: OpenFile = {
      ...file,
      readInto(target, place, at, length) {
        reads += 1;
        file.readInto(target, place, at, length);
      },
    };
    const pack = {
      starts: Float64Array.from(starts),
      ends: Float64Array.from(ends),
    } as unknown as PackTable;
    const walk = { pack, order: Int32Array.from(order), to: order.length };
    const { address } = batchReader(counted, walk, core);
    for (const [place, entry] of order.entries()) {
      const at = address(place);
      const size = sizes[entry] as number;
      const isThere = core
        .bytes()
        .subarray(at, at + size)
        .equals(contents.subarray(starts[entry], ends[entry]));
      expect(isThere, `entry ${entry}`).toBe(true);
    }
  });
  return reads;
}

function shuffled(count: number): number[] {
  const random = seededRandom('order');
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random(at + 1);
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

const small = (count: number): number[] => {
  const random = seededRandom('sizes');
  return Array.from({ length: count }, () => 20 + random(300));
};

describe('entries in batches', () => {
  it('that all fit are one read, in whatever order', () => {
    expect(readsOf({ sizes: small(3_000), order: shuffled(3_000) })).toBe(1);
  });

  it('of which every other one is wanted are read with the gaps between them', () => {
    const order = shuffled(3_000).filter((entry) => entry % 2 === 0);
    expect(readsOf({ sizes: small(3_000), order })).toBe(1);
  });

  it('far apart are read one by one', () => {
    const sizes = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 100 : 200_000));
    const order = shuffled(40).filter((entry) => entry % 2 === 0);
    expect(readsOf({ sizes, order })).toBe(20);
  });

  it('between which there is too much for the buffer are joined over the smaller gaps', () => {
    // 600 pairs: little between the two, more between pairs: all gaps together are 19 MB.
    const sizes = Array.from(
      { length: 2_400 },
      (_, at) => [3_000, 900, 3_000, 32_000][at % 4] ?? 0,
    );
    const order = shuffled(2_400).filter((entry) => entry % 2 === 0);
    expect(readsOf({ sizes, order })).toBe(600);
  });

  it('larger than the buffer have no address', () => {
    const path = join(makeTree({}), 'pack');
    writeFileSync(path, Buffer.alloc(9 << 20));
    withFile(path, (file) => {
      const pack = {
        starts: Float64Array.of(0, 100),
        ends: Float64Array.of(100, 9 << 20),
      } as unknown as PackTable;
      const walk = { pack, order: Int32Array.of(0, 1, 0), to: 3 };
      const { address } = batchReader(file, walk, core);
      expect([0, 1, 2].map((place) => address(place) > 0)).toEqual([true, false, true]);
    });
  });
});
