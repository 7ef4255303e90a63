import { describe, expect, it } from 'vitest';
import { binary } from '../../../../src/core/detect/filters/binary.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const secret = seeded(1001)(alphabets.base62, 32);

describe('binary', () => {
  it('keeps thousands of random secrets in text', () => {
    expectNoLoss(binary, 1002);
  });

  // CredSweeper#116, kingfisher#246
  it('rejects generic candidates in binary documents', () => {
    expect(binary.rejects(candidate(secret, { isBinary: true }))).toBe(true);
  });

  it('rejects a format there only when it is no text', () => {
    const format = { specificity: 'format', isBinary: true } as const;
    expect(binary.rejects(candidate(secret, format))).toBe(false);
    expect(binary.rejects(candidate(`${secret}\u0001\u0080`, format))).toBe(true);
  });

  it("is not asked about issuers' keys", () => {
    const { specificity } = issued(secret);
    expect(binary.appliesTo).not.toContain(specificity);
  });
});
