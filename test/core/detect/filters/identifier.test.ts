import { describe, expect, it } from 'vitest';
import { identifier } from '../../../../src/core/detect/filters/identifier.ts';
import { alphabets, candidate, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const pick = seeded(901);
const value = () => pick(alphabets.base62, 24);

describe('identifier', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(identifier, 902);
  });

  it.each([
    'createToken(user)',
    'crypto.randomBytes(32)',
    'user.profile.password',
    'request?.headers?.authorization',
    'Array<string>',
    'Promise<AuthToken[]>',
    'string[]',
    'string | undefined',
    'Auth::Token::Provider',
    'std::string',
    'EVP_PKEY_DHX',
    'has_evp_pkey_dhx',
  ])('rejects the value %s', (secret) => {
    expect(identifier.rejects(candidate(secret))).toBe(true);
  });

  // gitleaks#1578 for the first four
  it.each([
    'public_key = "',
    'monkey: "',
    'keyword: ',
    'keywords = ["',
    'PUBLIC_KEY=',
    'publicKey: string = "',
    'Public Key: ',
    'token_type = "',
    'key_name: ',
    'secretName: ',
    'password_field = "',
    'keyboard: ',
    'author = "',
    'tokenizer: "',
    'csrf_token_name = "',
    'passwordLabel: "',
    'password_hash = "',
    'access_key_id = "',
    'primary_key: "',
    'foreign_key = "',
    'hotkey: ',
    'cacheKey = `',
    '"partition_key": "',
    'tokenExpiry: ',
    'auth_url = "',
    'stripePublishableKey: "',
    '<publicKey>',
    'data["key_id"] = "',
    'put("public_key", "',
  ])('rejects what stands behind %s', (before) => {
    expect(identifier.rejects(candidate(value(), { before }))).toBe(true);
  });

  it.each([
    'api_key = "',
    'SECRET_KEY=',
    'token: ',
    'NEXT_PUBLIC_API_KEY=',
    'password_reset_token = "',
    'author, password = "',
    'login(author, "',
    'const authToken: string = "',
    'Authorization: Bearer ',
    'git commit --author x; TOKEN=',
    'client_secret": "',
    'public_key_password = "',
    '',
    '  ',
  ])('keeps what stands behind %s', (before) => {
    expect(identifier.rejects(candidate(value(), { before }))).toBe(false);
  });

  it("keeps an account's primary key when it is as long as one", () => {
    const key = `${pick(alphabets.base64, 86)}==`;
    expect(identifier.rejects(candidate(key, { before: 'primary_key = "' }))).toBe(false);
  });

  it('keeps tokens with dots', () => {
    for (let round = 0; round < 500; round += 1) {
      const secret = `k${pick(alphabets.base64url, 23)}.k${pick(alphabets.base64url, 26)}`;
      expect(identifier.rejects(candidate(secret))).toBe(false);
    }
  });
});
