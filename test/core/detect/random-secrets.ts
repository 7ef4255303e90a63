/** Secrets as issuers make them, from a seed: the same in every run, and none stands in a file. */
import type { Candidate } from '../../../src/core/detect/filters/candidate.ts';

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
export const alphabets = {
  hex: `${digits}abcdef`,
  base32: `${lower.toUpperCase()}234567`,
  base36: digits + lower,
  base62: digits + lower + lower.toUpperCase(),
  base64: `${digits + lower + lower.toUpperCase()}+/`,
  base64url: `${digits + lower + lower.toUpperCase()}-_`,
} as const;

export type Pick = (alphabet: string, length: number) => string;

/** Mulberry32. */
export function seeded(seed: number): Pick {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return (alphabet, length) =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join('');
}

/** A generic candidate in `api_key = "…"` unless told otherwise. */
export function candidate(secret: string, rest: Partial<Candidate> = {}): Candidate {
  return {
    rule: 'some-rule',
    specificity: 'generic',
    prefixes: [],
    secret,
    before: 'api_key = "',
    after: '";',
    isBinary: false,
    ...rest,
  };
}

/** The same secret under a rule of an issuer. */
export function issued(secret: string, ...prefixes: string[]): Candidate {
  return candidate(secret, { specificity: 'issuer', prefixes });
}

/** Thousands of true secrets of all customary shapes, generic and issued, quoted and not. */
export function trueSecrets(seed: number): Candidate[] {
  const pick = seeded(seed);
  const all: Candidate[] = [];
  const add = (secret: string): void => {
    all.push(
      candidate(secret),
      candidate(secret, { before: 'export SERVICE_TOKEN=', after: '' }),
      candidate(secret, { specificity: 'issuer' }),
    );
  };
  for (let round = 0; round < 120; round += 1) {
    for (const length of [20, 24, 32, 40, 64]) {
      for (const alphabet of Object.values(alphabets)) add(pick(alphabet, length));
    }
    add(`${pick(alphabets.base64, 86)}==`);
    add(`${pick(alphabets.base64, 43)}=`);
    all.push(
      issued(`rm_${pick(alphabets.hex, 64)}`, 'rm_'),
      issued(`am_us_${pick(alphabets.hex, 64)}`, 'am_us_', 'am_'),
      issued(`am_${pick(alphabets.base64url, 32)}`, 'am_us_', 'am_'),
      issued(`sk_test_${pick(alphabets.base62, 24)}`, 'sk_live_', 'sk_test_'),
      issued(`AKIA${pick(alphabets.base32, 16)}`, 'AKIA'),
      issued(`ghp_${pick(alphabets.base62, 36)}`, 'ghp_'),
    );
  }
  return all;
}
