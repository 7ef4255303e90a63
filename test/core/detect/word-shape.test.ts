import { describe, expect, it } from 'vitest';
import { letterRuns, looksSpelled, spelledShare } from '../../../src/core/detect/word-shape.ts';
import { alphabets, seeded } from './random-secrets.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';

describe('looksSpelled', () => {
  it.each([
    'password',
    'configuration',
    'Authorization',
    'SECRET',
    'handler',
    'interface',
    'private',
  ])('takes %s for a word', (word) => {
    expect(looksSpelled(word)).toBe(true);
  });

  it('takes few random letters for a word', () => {
    const pick = seeded(21);
    const all = Array.from({ length: 2_000 }, () => pick(lower, 10));
    expect(all.filter(looksSpelled).length).toBeLessThan(60);
  });
});

describe('letterRuns', () => {
  it('cuts where camel case and signs cut, and leaves out what is no word', () => {
    const text = 'userPassword_xqzj-HTTPServer';
    const runs = letterRuns(text, 4).map(({ start, end }) => text.slice(start, end));
    expect(runs).toEqual(['user', 'Password', 'Server']);
  });
});

describe('spelledShare', () => {
  it.each(['some-config-value', 'UserPasswordField', 'oauth2_token_url', 'Введите пароль'])(
    'is near 1 for %s',
    (text) => {
      expect(spelledShare(text)).toBeGreaterThan(0.75);
    },
  );

  it('is near 0 for random text', () => {
    const pick = seeded(22);
    for (const alphabet of [alphabets.hex, alphabets.base62, alphabets.base64]) {
      const shares = Array.from({ length: 500 }, () => spelledShare(pick(alphabet, 40)));
      expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.1);
      expect(Math.max(...shares)).toBeLessThan(0.6);
    }
  });

  it('is 0 for nothing, digits and signs', () => {
    expect(['', '12345', '!!--__'].map(spelledShare)).toEqual([0, 0, 0]);
  });
});
