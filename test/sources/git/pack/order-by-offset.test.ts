import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByOffset } from '../../../../src/sources/git/pack/order-by-offset.ts';

/** Of every length a number below 2^53 can have. */
const offset = fc
  .tuple(fc.maxSafeNat(), fc.nat(52))
  .map(([number, bits]) => Math.floor(number / 2 ** bits));

describe('orderByOffset', () => {
  it('sorts, and says which was which', () => {
    fc.assert(
      fc.property(fc.array(offset, { maxLength: 100 }), (numbers) => {
        const { offsets, positions } = orderByOffset(Float64Array.from(numbers));
        expect([...offsets]).toEqual(numbers.toSorted((a, b) => a - b));
        expect(Array.from(positions, (at) => numbers[at])).toEqual([...offsets]);
        expect(new Set(positions).size).toBe(numbers.length);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it.each([
    ['none', []],
    ['zeros', [0, 0]],
    ['around a digit', [16_384, 16_383, 16_385, 0]],
    ['around 2^32', [2 ** 32, 2 ** 32 - 1, 2 ** 32 + 1, 5]],
    ['the largest', [Number.MAX_SAFE_INTEGER, 2 ** 46, Number.MAX_SAFE_INTEGER - 1]],
  ])('%s', (_, numbers) => {
    expect([...orderByOffset(Float64Array.from(numbers)).offsets]).toEqual(
      numbers.toSorted((a, b) => a - b),
    );
  });
});
