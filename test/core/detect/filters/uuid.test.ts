import { describe, expect, it } from 'vitest';
import { uuid } from '../../../../src/core/detect/filters/uuid.ts';
import { alphabets, candidate, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const pick = seeded(701);
const random = [8, 4, 4, 4, 12].map((length) => pick(alphabets.hex, length)).join('-');

describe('uuid', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(uuid, 702);
  });

  // gitleaks#1219
  it.each([random, random.toUpperCase(), `{${random}}`, `urn:uuid:${random}`])(
    'rejects %s',
    (secret) => {
      expect(uuid.rejects(candidate(secret))).toBe(true);
    },
  );

  it.each([`${random}-9`, random.replaceAll('-', ''), `x${random}`])('keeps %s', (secret) => {
    expect(uuid.rejects(candidate(secret))).toBe(false);
  });

  it('is not asked about issuers whose keys are such', () => {
    expect(uuid.appliesTo).toEqual(['generic']);
  });
});
