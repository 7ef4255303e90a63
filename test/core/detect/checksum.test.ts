import { crc32 as oracle } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checksums, type Checksum, type ChecksumName } from '../../../src/core/detect/checksum.ts';
import { alphabets, seeded, type Pick } from './random-secrets.ts';

const { base62, base64, base64url, base36, hex } = alphabets;
const bech32 = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';

/** Secrets of the right shape, check digits left to chance. */
const shapes: Readonly<Record<ChecksumName, (pick: Pick) => string>> = {
  'age-bech32': (pick) => `AGE-SECRET-KEY-1${pick(bech32, 58)}`,
  'github-crc32': (pick) => `ghp_${pick(base62, 36)}`,
  'gitlab-routable': (pick) => `glpat-${pick(base64url, 40)}.01.${pick(base36, 9)}`,
  'grafana-cloud-json': (pick) => `glc_${pick(base64, 80)}`,
  'grafana-crc32': (pick) => `glsa_${pick(base62, 32)}_${pick(hex, 8)}`,
  jwt: (pick) => `eyJ${pick(base64url, 30)}.eyJ${pick(base64url, 60)}.${pick(base64url, 43)}`,
  'mapbox-json': (pick) => `sk.eyJ${pick(base64url, 60)}.${pick(base64url, 22)}`,
  'npm-crc32': (pick) => `npm_${pick(base62, 36)}`,
  'private-key': (pick) => block('PRIVATE KEY', pick),
  'private-key-encrypted': (pick) => block('ENCRYPTED PRIVATE KEY', pick),
  'private-key-open': (pick) => block('PRIVATE KEY', pick),
  'pypi-macaroon': (pick) => `pypi-${pick(base64url, 150)}`,
};

function block(kind: string, pick: Pick): string {
  const body = Array.from({ length: 6 }, () => pick(base64, 64)).join('\n');
  return `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;
}

const names = Object.keys(checksums) as ChecksumName[]; // Object.keys forgets the names' type.

describe.each(names)('%s', (name) => {
  const check: Checksum = checksums[name];

  it('passes what it sealed, and nothing that chance made', () => {
    const pick = seeded(31);
    for (let round = 0; round < 200; round += 1) {
      const secret = shapes[name](pick);
      expect(check.passes(secret)).toBe(false);
      expect(check.passes(check.seal(secret))).toBe(true);
    }
  });

  it('seals once: again changes no validity', () => {
    const sealed = check.seal(shapes[name](seeded(32)));
    expect(check.passes(check.seal(sealed))).toBe(true);
  });

  it('throws at nothing', () => {
    for (const text of [
      '',
      '.',
      '..',
      'ghp_',
      '-----BEGIN PRIVATE KEY-----',
      '\u0000',
      'ä.ö.ü',
      '1',
    ]) {
      expect(() => [check.passes(text), check.seal(text)]).not.toThrow();
    }
  });
});

describe('check digits', () => {
  it.each([
    ['github-crc32', 4, 40],
    ['npm-crc32', 4, 40],
    ['gitlab-routable', 6, 46],
    ['gitlab-routable', 50, 59],
    ['grafana-crc32', 5, 37],
  ] as const)('%s notices any one changed character from %d to %d', (name, from, to) => {
    const sealed = checksums[name].seal(shapes[name](seeded(33)));
    for (let at = from; at < to; at += 1) {
      const other = sealed[at] === 'q' ? 'p' : 'q';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(checksums[name].passes(changed), `changed at ${at}`).toBe(false);
    }
  });

  it('age-bech32 notices any one changed character, and mixed case', () => {
    const age = checksums['age-bech32'];
    const sealed = age.seal(shapes['age-bech32'](seeded(34)));
    for (let at = 16; at < sealed.length; at += 1) {
      const other = sealed[at] === 'Q' ? 'P' : 'Q';
      expect(age.passes(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBe(false);
    }
    expect(age.passes(sealed.toLowerCase())).toBe(true);
    expect(age.passes(sealed.slice(0, 20) + sealed.slice(20).toLowerCase())).toBe(false);
  });

  it('agrees with the examples of BIP 173', () => {
    const age = checksums['age-bech32'];
    const charset = bech32.toLowerCase();
    expect(age.passes(`abcdef1${charset}mqqqxw`)).toBe(true);
    expect(age.passes(`abcdef1${charset}mqqqxx`)).toBe(false);
  });

  it('stand at the places that the issuers name', () => {
    const pick = seeded(35);
    const body = pick(base62, 30);
    const check = base62Of(oracle(body)).padStart(6, '0');
    for (const prefix of ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']) {
      expect(checksums['github-crc32'].passes(prefix + body + check)).toBe(true);
    }
    expect(checksums['npm-crc32'].passes(`npm_${body}${check}`)).toBe(true);

    const routable = `glpat-${pick(base64url, 27)}.01.0r`;
    const crc = oracle(routable).toString(36).padStart(7, '0');
    expect(checksums['gitlab-routable'].passes(routable + crc)).toBe(true);

    const account = `glsa_${pick(base62, 32)}`;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(oracle(account));
    expect(checksums['grafana-crc32'].passes(`${account}_${bytes.toString('hex')}`)).toBe(true);
  });

  it('judge no shape that has none', () => {
    const pick = seeded(36);
    const github = [
      `github_pat_${pick(base62, 22)}_${pick(base62, 59)}`,
      `ghr_${pick(base62, 76)}`,
      `ghs_12345_eyJ${pick(base64url, 30)}.eyJ${pick(base64url, 90)}.${pick(base64url, 43)}`,
    ];
    for (const secret of github) {
      expect(checksums['github-crc32'].passes(secret)).toBe(true);
      expect(checksums['github-crc32'].seal(secret)).toBe(secret);
    }
    const classic = `glpat-${pick(base64url, 20)}`;
    expect(checksums['gitlab-routable'].passes(classic)).toBe(true);
    expect(checksums['gitlab-routable'].seal(classic)).toBe(classic);
  });

  it('gitlab-routable takes an earlier form, another prefix, and no wrong length', () => {
    const gitlab = checksums['gitlab-routable'];
    const pick = seeded(37);
    expect(gitlab.passes(gitlab.seal(`glpat-${pick(base64url, 27)}.${pick(base36, 9)}`))).toBe(
      true,
    );
    expect(gitlab.passes(gitlab.seal(`acme.${pick(base36, 9)}`))).toBe(true);
    const wrong = `glpat-${pick(base64url, 27)}.01.0z`;
    expect(gitlab.passes(wrong + oracle(wrong).toString(36).padStart(7, '0'))).toBe(false);
  });
});

describe('readable payloads', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['a header and a payload', [{ alg: 'HS256' }, { sub: 'x' }, 'signature'], true],
    ['no signature', [{ alg: 'none' }, { sub: 'x' }, undefined], true],
    ['a header without algorithm', [{ typ: 'JWT' }, { sub: 'x' }, 'signature'], false],
    ['a number for an algorithm', [{ alg: 1 }, { sub: 'x' }, 'signature'], false],
    ['a payload that is a list', [{ alg: 'HS256' }, [1], 'signature'], false],
    ['a payload that is a text', [{ alg: 'HS256' }, 'x', 'signature'], false],
    ['two parts', [{ alg: 'HS256' }, { sub: 'x' }], false],
  ])('jwt: %s', (_, parts, isToken) => {
    const token = parts.map((one) => (one === undefined ? '' : part(one))).join('.');
    expect(checksums.jwt.passes(token)).toBe(isToken);
  });

  it('jwt takes an encrypted token, whose payload is ciphertext', () => {
    const pick = seeded(38);
    const rest = [40, 16, 60, 22].map((length) => pick(base64url, length)).join('.');
    expect(checksums.jwt.passes(`${part({ alg: 'dir', enc: 'A256GCM' })}.${rest}`)).toBe(true);
    expect(checksums.jwt.passes(`${part({ alg: 'dir' })}.${rest}`)).toBe(false);
  });

  it('grafana-cloud-json wants organization, name and key', () => {
    const token = (fields: unknown) => `glc_${part(fields)}`;
    expect(checksums['grafana-cloud-json'].passes(token({ o: '1', n: 'x', k: 'y' }))).toBe(true);
    expect(checksums['grafana-cloud-json'].passes(token({ o: '1', n: 'x' }))).toBe(false);
  });

  it('mapbox-json wants a user', () => {
    const token = (fields: unknown) => `tk.${part(fields)}.${'s'.repeat(22)}`;
    expect(checksums['mapbox-json'].passes(token({ u: 'someone', a: 'x' }))).toBe(true);
    expect(checksums['mapbox-json'].passes(token({ a: 'x' }))).toBe(false);
  });

  it('pypi-macaroon wants a location of the index', () => {
    const token = (host: string) =>
      `pypi-${Buffer.from(`\u0002\u0001${String.fromCharCode(host.length)}${host}rest`).toString('base64url')}`;
    expect(checksums['pypi-macaroon'].passes(token('pypi.org'))).toBe(true);
    expect(checksums['pypi-macaroon'].passes(token('test.pypi.org'))).toBe(true);
    expect(checksums['pypi-macaroon'].passes(token('example.org'))).toBe(false);
  });
});

/** Written from the description, not from the code. */
function base62Of(value: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return value < 62
    ? digits.charAt(value)
    : base62Of(Math.floor(value / 62)) + digits.charAt(value % 62);
}
