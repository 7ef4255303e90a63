import { describe, expect, it } from 'vitest';
import { reference } from '../../../../src/core/detect/filters/reference.ts';
import { alphabets, candidate, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

describe('reference', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(reference, 201);
  });

  it.each([
    '${DB_PASSWORD}',
    '${DB_PASSWORD:-}',
    '${env:API_KEY}',
    '$API_KEY',
    '$password',
    '$this->apiKey',
    '$(cat /run/secrets/token)',
    '%API_KEY%',
    '%(password)s',
    '{password}',
    '{{ .Values.token }}',
    '{{secrets.token}}',
    "<%= ENV['TOKEN'] %>",
    '#{token}',
    '__API_TOKEN__',
    '@DB_PASSWORD@',
    ':password',
    'os.environ["API_KEY"]',
    'os.getenv("API_KEY")',
    'process.env.API_KEY',
    'import.meta.env.VITE_API_KEY',
    'getenv("API_KEY")',
    'System.getenv("API_KEY")',
    'vault:secret/data/app#token',
    'op://vault/item/field',
    'arn:aws:secretsmanager:eu-west-1:000000000000:secret:app',
    'ssm:/app/token',
    'secrets.API_TOKEN',
    'var.db_password',
    '@Microsoft.KeyVault(SecretUri=https://vault/secrets/x)',
    '!Ref DatabasePassword',
    '!GetAtt Secret.Arn',
    'file:/run/secrets/token',
    'projects/app/secrets/token/versions/latest',
    'ENC[AES256_GCM,data:abc]',
    'ref+vault://secret/app',
  ])('rejects %s', (secret) => {
    expect(reference.rejects(candidate(secret))).toBe(true);
  });

  it('rejects the name inside a look-up, not the value given for want of one', () => {
    const name = candidate('DATABASE_PASSWORD_PROD', {
      before: 'password: os.environ["',
      after: '"]',
    });
    expect(reference.rejects(name)).toBe(true);
    expect(reference.rejects(candidate('APP_TOKEN', { before: 'token: ${', after: '}' }))).toBe(
      true,
    );
    const value = seeded(202)(alphabets.base62, 24);
    const fallback = candidate(value, { before: 'token: ${APP_TOKEN:-', after: '}' });
    expect(reference.rejects(fallback)).toBe(false);
    expect(reference.rejects(candidate(`\${APP_TOKEN:-${value}}`))).toBe(false);
    expect(reference.rejects(candidate('${APP_TOKEN:-change-the-token}'))).toBe(true);
  });

  it('rejects code without quotes, and keeps the same text within quotes', () => {
    const code = { before: 'const token = ', after: '(user);' };
    expect(reference.rejects(candidate('createSessionToken', code))).toBe(true);
    expect(reference.rejects(candidate('createSessionToken(user)', code))).toBe(true);
    expect(reference.rejects(candidate('allKeys[i]', code))).toBe(true);
    expect(reference.rejects(candidate('options->key', code))).toBe(true);
    const property = { before: 'token: ', after: ',' };
    expect(reference.rejects(candidate('response.body.accessToken', property))).toBe(true);
    const quoted = { before: 'token: "', after: '",' };
    expect(reference.rejects(candidate('response.body.accessToken', quoted))).toBe(false);
  });

  it('keeps unquoted tokens with dots', () => {
    const pick = seeded(203);
    for (let round = 0; round < 500; round += 1) {
      const parts = [24, 40, 43].map((length) => `e${pick(alphabets.base64url, length)}`);
      const token = candidate(parts.join('.'), { before: 'token: ', after: '' });
      expect(reference.rejects(token)).toBe(false);
    }
  });

  it('looks at the password alone in a URL', () => {
    const url = (password: string) =>
      candidate(`mysql://app:${password}@db/app`, { specificity: 'format' });
    expect(reference.rejects(url('${DB_PASSWORD}'))).toBe(true);
    expect(reference.rejects(url('{password}'))).toBe(true);
    expect(reference.rejects(url(seeded(204)(alphabets.base62, 16)))).toBe(false);
  });
});
