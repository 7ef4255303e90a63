import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedIds } from '../../../../src/sources/git/pack/repeated-ids.ts';
import type { SortedIds } from '../../../../src/sources/git/pack/sorted-ids.ts';

function listOf(hex: readonly string[]): SortedIds {
  return { idBytes: 20, count: hex.length, ids: Buffer.from(hex.join(''), 'hex') };
}

/** Few different ones, some of which differ in the last byte only. */
const id = fc
  .tuple(fc.constantFrom('00', '7f', 'ff'), fc.constantFrom('00', '01', 'fe', 'ff'))
  .map(([start, end]) => start + '5'.repeat(36) + end);
const lists = fc.array(
  fc.array(id, { maxLength: 8 }).map((ids) => ids.sort()),
  { maxLength: 8 },
);

describe('repeatedIds', () => {
  it('flags what an earlier list has, or the same list before', () => {
    fc.assert(
      fc.property(lists, (hex) => {
        const seen = new Set<string>();
        const truth = hex.map((ids) =>
          ids.map((one) => {
            const isRepeat = seen.has(one);
            seen.add(one);
            return +isRepeat;
          }),
        );
        expect(repeatedIds(hex.map(listOf)).map((flags) => [...flags])).toEqual(truth);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('takes little time for ids that look alike, and for many lists', () => {
    const alike = Array.from({ length: 100_000 }, (_, n) => n.toString(16).padStart(40, '0'));
    const many = Array.from({ length: 5_000 }, (_, n) =>
      listOf([n.toString(16).padStart(40, '0')]),
    );
    const start = performance.now();
    const flags = repeatedIds([listOf(alike), listOf(alike), ...many]);
    expect(flags.map((list) => list.reduce((a, b) => a + b, 0))).toEqual([
      0,
      alike.length,
      ...many.map(() => 1),
    ]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
