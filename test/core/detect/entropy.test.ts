import { describe, expect, it } from 'vitest';
import { estimateBits, shannon } from '../../../src/core/detect/entropy.ts';
import { alphabets, seeded } from './random-secrets.ts';

describe('shannon', () => {
  it.each([
    ['', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['0123456789abcdef', 4],
    ['aab', Math.log2(3) - 2 / 3],
    ['жжюю', 1],
    ['aжaж', 1],
    // Same low byte, different characters.
    ['a\u0161a\u0161', 1],
  ])('of "%s" is %d bits a character', (text, bits) => {
    expect(shannon(text)).toBeCloseTo(bits, 10);
  });

  it('agrees with the definition on any text, one after the other', () => {
    const pick = seeded(1);
    for (let round = 0; round < 200; round += 1) {
      const text = pick(`${alphabets.base64}äöüж`, 1 + round);
      expect(shannon(text)).toBeCloseTo(byDefinition(text), 10);
    }
  });
});

function byDefinition(text: string): number {
  const counts = Object.values(groupSizes(text));
  return counts.reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}

function groupSizes(text: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const char of text) sizes[char] = (sizes[char] ?? 0) + 1;
  return sizes;
}

describe('estimateBits', () => {
  it.each([
    ['hex', 32],
    ['hex', 64],
    ['base32', 32],
    ['base36', 24],
    ['base62', 20],
    ['base62', 40],
    ['base64url', 24],
  ] as const)('calls random %s of %d characters strong', (alphabet, length) => {
    const pick = seeded(length);
    for (let round = 0; round < 300; round += 1) {
      expect(estimateBits(pick(alphabets[alphabet], length))).toBeGreaterThanOrEqual(64);
    }
  });

  it.each([
    '',
    'hunter2',
    'password',
    'Password123!',
    'correcthorsebatterystaple',
    'CorrectHorseBatteryStaple2024',
    'my_database_password_production',
    '12345678901234567890123456789012',
    'abcdefghijklmnopqrstuvwxyz',
    'deadbeef'.repeat(8),
    '0'.repeat(64),
    seeded(2)(alphabets.base62, 10),
    seeded(3)('0123456789', 18),
  ])('calls "%s" weak', (text) => {
    expect(estimateBits(text)).toBeLessThan(64);
  });

  it('never says more than there is', () => {
    const pick = seeded(4);
    for (let round = 0; round < 200; round += 1) {
      expect(estimateBits(pick(alphabets.hex, 40))).toBeLessThanOrEqual(160);
    }
  });
});
