import { describe, expect, it } from 'vitest';
import { base36, base62 } from '../../../src/core/detect/radix.ts';

describe('radix', () => {
  it.each([
    [0, '000000'],
    [61, '00000z'],
    [62, '000010'],
    [0xffffffff, '4gfFC3'],
  ])('writes %d in base 62 as %s', (value, text) => {
    expect(base62(value, 6)).toBe(text);
  });

  it.each([
    [0, '00'],
    [35, '0z'],
    [36, '10'],
    [0xffffffff, '1z141z3'],
  ])('writes %d in base 36 as %s', (value, text) => {
    expect(base36(value, 2)).toBe(text);
  });
});
