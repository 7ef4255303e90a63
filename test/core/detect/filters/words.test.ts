import { describe, expect, it } from 'vitest';
import { words } from '../../../../src/core/detect/filters/words.ts';
import { alphabets, candidate, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

describe('words', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(words, 601);
  });

  it('keeps all but one in a hundred of the secrets that are lower-case letters only', () => {
    const pick = seeded(602);
    const all = Array.from({ length: 2_000 }, () => pick('abcdefghijklmnopqrstuvwxyz', 20));
    const lost = all.filter((secret) => words.rejects(candidate(secret)));
    expect(lost.length).toBeLessThan(20);
  });

  it.each([
    'my_secret_name',
    'some-config-value',
    'UserPasswordField',
    'DATABASE_PASSWORD',
    'kubernetes-service-account',
    'Please enter your password',
    'Das Passwort ist zu kurz',
    'Введите пароль',
    'パスワードを入力してください',
    // gitleaks#1321: names of secrets in a vault
    'secret/data/production/database',
    'jenkins-github-credentials',
    // gitleaks#1578: version pins
    '^1.2.3',
    'v1.2.3-beta',
    '>=1.2.3 <2.0.0',
    '==4.17.21',
    '1.0.0-rc.1+build.5',
    'v0.0.0-20190101000000-abcdef123456',
    // twpayne/chezmoi#4679: keyboard shortcuts
    'ctrl+shift+k',
    'cmd+k cmd+s',
    'C-x C-s',
    '<C-S-p>',
    'alt+f4',
    'CommandOrControl+Shift+Z',
    '2024-05-17',
    '2024-05-17T10:20:30Z',
    '20240517T102030Z',
    'Mon, 02 Jan 2006 15:04:05 GMT',
    '/usr/local/share/keys',
    './config/secrets/app.yaml',
    'C:\\Users\\app\\keys\\server.pem',
    '~/.ssh/deploy.key',
    'certs/server-2024.pem',
    'https://accounts.example.org/oauth/token',
    'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    'someone@example.org',
    'application/x-www-form-urlencoded',
    '#ff8800',
    'rgba(255, 136, 0, 0.5)',
    '127.0.0.1:8080',
  ])('rejects %s', (secret) => {
    expect(words.rejects(candidate(secret))).toBe(true);
  });

  it('keeps what such values carry', () => {
    const token = seeded(603)(alphabets.base62, 32);
    expect(words.rejects(candidate(`https://example.org/hook?token=${token}`))).toBe(false);
    expect(words.rejects(candidate(`https://app:${token}@example.org/`))).toBe(false);
    expect(words.rejects(candidate(`service-key-${token}`))).toBe(false);
    expect(words.rejects(candidate(`/${token}/${token}.key`))).toBe(false);
  });

  it('keeps passwords with digits and signs', () => {
    for (const secret of ['Winter!2019#Snow', 'tr0ub4d0r&3x', 'p4$$w0rt-9T!x']) {
      expect(words.rejects(candidate(secret))).toBe(false);
    }
  });
});
