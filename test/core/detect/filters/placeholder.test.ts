import { describe, expect, it } from 'vitest';
import { placeholder } from '../../../../src/core/detect/filters/placeholder.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

describe('placeholder', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(placeholder, 101);
  });

  it.each([
    'changeme',
    'change-me-please',
    'your_api_key',
    'YOUR_TOKEN_HERE',
    '<token>',
    '<your key>',
    'xxxxxxxxxxxxxxxx',
    'abcxxxxxxxxxxdef',
    '****************',
    'sk-...',
    'insert-your-key-here',
    'replace_me_with_a_real_one',
    'todo',
    'dummy-key',
    'example-secret',
    'MyPlaceholderValue1',
    'test_secret_123',
    'notARealKey42',
    'DB_PASSWORD',
    // gitleaks#1188
    'REDACTED',
    '[REDACTED]',
    '[filtered]',
  ])('rejects %s', (secret) => {
    expect(placeholder.rejects(candidate(secret))).toBe(true);
  });

  it.each([
    [`rm_a1b2c3d4e5f6${'0789'.repeat(13)}`, 'rm_'],
    ['rm_new_key_value', 'rm_'],
    [`rm_${'x'.repeat(12)}`, 'rm_'],
    ['am_us_xxx', 'am_us_'],
    ['am_us_xxx', 'am_'],
    ['am_your_key_here', 'am_'],
    ['am_inbox_message_handler', 'am_'],
    [`AKIA${'QRS'.repeat(3)}EXAMPLE`, 'AKIA'],
    ['sk-ant-api03-this-is-not-a-key-at-all', 'sk-ant-api03-'],
    ['ghp_test_token_for_unit_tests', 'ghp_'],
  ])('rejects %s of an issuer', (secret, prefix) => {
    expect(placeholder.rejects(issued(secret, prefix))).toBe(true);
  });

  it('looks at the password alone in a URL', () => {
    const url = (password: string) => `postgres://app:${password}@db.example.com/app`;
    const format = { specificity: 'format' } as const;
    const real = seeded(102)(alphabets.base62, 20);
    expect(placeholder.rejects(candidate(url(real), format))).toBe(false);
    expect(placeholder.rejects(candidate(url('password'), format))).toBe(true);
    expect(placeholder.rejects(candidate(url('changeme'), format))).toBe(true);
  });

  it('keeps a random body that happens to hold a short word, and a test key', () => {
    const pick = seeded(103);
    for (let round = 0; round < 200; round += 1) {
      const body = `${pick(alphabets.base62, 15)}test${pick(alphabets.base62, 15)}`;
      expect(placeholder.rejects(issued(`ghp_${body}`, 'ghp_'))).toBe(false);
      const testKey = `sk_test_${pick(alphabets.base62, 24)}`;
      expect(placeholder.rejects(issued(testKey, 'sk_'))).toBe(false);
    }
  });

  it('keeps a long token in which chance spelled a placeholder word', () => {
    const token = `${seeded(104)(alphabets.base62, 400)}example`;
    expect(placeholder.rejects(issued(token))).toBe(false);
  });

  it('rejects what is cut off behind the match, unless the prefix says it is a key', () => {
    const start = seeded(105)(alphabets.base62, 20);
    expect(placeholder.rejects(candidate(start, { after: '..."' }))).toBe(true);
    expect(placeholder.rejects({ ...issued(`rm_${start}`, 'rm_'), after: '...' })).toBe(false);
  });
});
