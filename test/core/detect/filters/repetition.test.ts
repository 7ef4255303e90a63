import { describe, expect, it } from 'vitest';
import { repetition } from '../../../../src/core/detect/filters/repetition.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

describe('repetition', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(repetition, 301);
  });

  it.each([
    'a'.repeat(40),
    '0000',
    'ab'.repeat(10),
    'deadbeef'.repeat(4),
    'abc123'.repeat(2),
    `${'cafe'.repeat(6)}12345678`,
    '00000000-0000-0000-0000-000000000000',
    '00000000-0000-0000-0000-000000000001',
    `key${'0'.repeat(20)}`,
    'ababbaabbabaabba',
  ])('rejects %s', (secret) => {
    expect(repetition.rejects(candidate(secret))).toBe(true);
  });

  it.each(['a', '0', '12', 'ab', 'f00'])('rejects an issued key made of "%s"', (unit) => {
    const body = unit.repeat(64).slice(0, 64);
    expect(repetition.rejects(issued(`rm_${body}`, 'rm_'))).toBe(true);
  });

  it('keeps long keys in which encoded zero bytes make a short row', () => {
    const pick = seeded(302);
    const key = pick(alphabets.base64, 40) + 'A'.repeat(12) + pick(alphabets.base64, 300);
    expect(repetition.rejects(issued(key))).toBe(false);
  });

  it('keeps every thousandth-rate coincidence: a key with one doubled character', () => {
    const pick = seeded(303);
    for (let round = 0; round < 500; round += 1) {
      const half = pick(alphabets.hex, 30);
      expect(repetition.rejects(issued(`rm_${half}0000${pick(alphabets.hex, 30)}`, 'rm_'))).toBe(
        false,
      );
    }
  });
});
