import { describe, expect, it } from 'vitest';
import { sequence } from '../../../../src/core/detect/filters/sequence.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';

describe('sequence', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(sequence, 401);
  });

  it.each([
    '0123456789abcdef',
    '0123456789abcdef'.repeat(4),
    'fedcba9876543210',
    '1234567890',
    'abcdefghijkl',
    lower + lower.toUpperCase() + '0123456789+/',
    'ABCD-EFGH-IJKL-MNOP',
    'abcdef1234567890abcdef',
    'a1b2c3d4e5f6g7h8',
    '00112233445566778899aabbccddeeff',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    '01234567-89ab-cdef-0123-456789abcdef',
    'qwertyuiop123',
    'Qwerty123',
    'asdfghjkl',
    '1q2w3e4r5t6y',
  ])('rejects %s', (secret) => {
    expect(sequence.rejects(candidate(secret))).toBe(true);
  });

  it('rejects issued keys that count', () => {
    const counting = '0123456789abcdef'.repeat(4);
    expect(sequence.rejects(issued(`rm_${counting}`, 'rm_'))).toBe(true);
    const interleaved = 'a1b2c3d4e5f6a7b8c9d0'.repeat(4).slice(0, 64);
    expect(sequence.rejects(issued(`rm_${interleaved}`, 'rm_'))).toBe(true);
  });

  it('keeps keys in which chance made a short run', () => {
    const pick = seeded(402);
    for (let round = 0; round < 500; round += 1) {
      const key = `rm_${pick(alphabets.hex, 29)}12345${pick(alphabets.hex, 30)}`;
      expect(sequence.rejects(issued(key, 'rm_'))).toBe(false);
    }
  });
});
