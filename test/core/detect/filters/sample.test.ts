import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sample } from '../../../../src/core/detect/filters/sample.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as people paste it: the well-known payload under a signature of their own. */
function signed(payload: unknown, key: string): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

function base32(text: string): string {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => alphabets.base32.charAt(parseInt(group, 2))).join('');
}

const johnDoe = { sub: '1234567890', name: 'John Doe', iat: 1516239022 };

describe('sample', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(sample, 501);
  });

  it.each([
    ['the access key id of the AWS documentation', ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')],
    ['the secret of RFC 6238', base32('1234567890'.repeat(2))],
    ['the credentials of RFC 7617', Buffer.from('Aladdin:open sesame').toString('base64')],
    ['the key of RFC 6455', Buffer.from('the sample nonce').toString('base64')],
    ['the SHA-256 of nothing', createHash('sha256').digest('hex')],
    ['the token of jwt.io', signed(johnDoe, 'your-256-bit-secret')],
    ['the token of jwt.io, signed anew', signed(johnDoe, 'another')],
    [
      'the service key of a local Supabase',
      signed({ iss: 'supabase-demo', role: 'service_role', exp: 1983812996 }, 'any'),
    ],
  ])('knows %s', (_, secret) => {
    expect(sample.rejects(candidate(secret))).toBe(true);
  });

  it('knows a sample behind a prefix or a 0x', () => {
    const nothing = createHash('sha256').digest('hex');
    expect(sample.rejects(issued(`rm_${nothing}`, 'rm_'))).toBe(true);
    expect(sample.rejects(candidate(`0x${nothing}`))).toBe(true);
  });

  it('keeps a token with a payload of its own', () => {
    const pick = seeded(502);
    const payload = { ...johnDoe, jti: pick(alphabets.hex, 16) };
    expect(sample.rejects(candidate(signed(payload, 'any')))).toBe(false);
  });
});
