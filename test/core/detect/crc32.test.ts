import { crc32 as oracle } from 'node:zlib';
import { expect, it } from 'vitest';
import { crc32 } from '../../../src/core/detect/crc32.ts';
import { alphabets, seeded } from './random-secrets.ts';

it('gives the check value of the algorithm', () => {
  expect(crc32('123456789')).toBe(0xcbf43926);
  expect(crc32('')).toBe(0);
});

it('agrees with zlib on any text', () => {
  const pick = seeded(11);
  for (let length = 0; length < 200; length += 1) {
    const text = pick(alphabets.base64, length);
    expect(crc32(text)).toBe(oracle(text));
  }
});
