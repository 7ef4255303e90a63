import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEncryptedKey, privateKey } from '../../../src/core/detect/private-key.ts';
import { alphabets, seeded } from './random-secrets.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const locked = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1'): string {
  return key.export({ type, format: 'pem' }).toString().trim();
}

const plain: readonly (readonly [string, string])[] = [
  ['RSA, PKCS#1', pem(rsa, 'pkcs1')],
  ['RSA, PKCS#8', pem(rsa, 'pkcs8')],
  ['EC, SEC 1', pem(ec, 'sec1')],
  ['Ed25519, PKCS#8', pem(ed25519, 'pkcs8')],
  ['OpenSSH', armored('OPENSSH PRIVATE KEY', openSsh('none'))],
  ['PGP', pgp()],
];
const encrypted: readonly (readonly [string, string])[] = [
  [
    'PKCS#8',
    rsa
      .export({ type: 'pkcs8', ...locked })
      .toString()
      .trim(),
  ],
  [
    'RSA with Proc-Type',
    rsa
      .export({ type: 'pkcs1', ...locked })
      .toString()
      .trim(),
  ],
  [
    'EC with Proc-Type',
    ec
      .export({ type: 'sec1', ...locked })
      .toString()
      .trim(),
  ],
  ['OpenSSH', armored('OPENSSH PRIVATE KEY', openSsh('bcrypt'))],
];

function armored(kind: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
}

/** As PROTOCOL.key lays it out; the key material is noise. */
function openSsh(kdf: string): Buffer {
  const noise = Buffer.from(seeded(41)(alphabets.base62, 200));
  const sized = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const texts = [kdf === 'none' ? 'none' : 'aes256-ctr', kdf, ''].map((text) =>
    sized(Buffer.from(text)),
  );
  const one = Buffer.from([0, 0, 0, 1]);
  const keys = [sized(noise.subarray(0, 51)), sized(noise)];
  return Buffer.concat([Buffer.from('openssh-key-v1\0'), ...texts, one, ...keys]);
}

function pgp(): string {
  const body = Buffer.concat([
    Buffer.from([0xc5, 0x58, 4]),
    Buffer.from(seeded(42)(alphabets.base62, 90)),
  ]);
  const block = armored('PGP PRIVATE KEY BLOCK', body);
  return block
    .replace('-----\n', '-----\nVersion: 1\n\n')
    .replace('\n-----END', '\n=AbC1\n-----END');
}

describe('private-key passes', () => {
  it.each([...plain, ...encrypted])('a whole key: %s', (_, block) => {
    expect(privateKey.passes(block)).toBe(true);
  });

  it.each([...plain, ...encrypted])('a key in a string of a program: %s', (_, block) => {
    expect(privateKey.passes(block.replaceAll('\n', '\\n'))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', '\\\\n'))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', '\\r\\n'))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', '\\n" +\n      "'))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', "\\n'\n      + '"))).toBe(true);
  });

  it.each([...plain, ...encrypted])('a key with other line breaks or indented: %s', (_, block) => {
    expect(privateKey.passes(block.replaceAll('\n', '\r\n'))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', '\n    '))).toBe(true);
    expect(privateKey.passes(block.replaceAll('\n', '\n# '))).toBe(true);
  });
});

describe('private-key fails', () => {
  it.each(plain.filter(([name]) => name !== 'PGP'))('a key cut short: %s', (_, block) => {
    const lines = block.split('\n');
    const cut = [...lines.slice(0, -2), lines.at(-1)].join('\n');
    expect(privateKey.passes(cut)).toBe(false);
    const dots = [...lines.slice(0, 2), '...', lines.at(-1)].join('\n');
    expect(privateKey.passes(dots)).toBe(false);
  });

  it.each([
    ['an empty block', ''],
    ['dots', '...\n'],
    ['a word', 'your-private-key-here\n'],
    ['random base64', `${seeded(43)(alphabets.base64, 512)}\n`],
    ['zeros', `${'A'.repeat(512)}\n`],
  ])('%s', (_, body) => {
    const kinds = [
      'RSA PRIVATE KEY',
      'PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
      'PGP PRIVATE KEY BLOCK',
    ];
    for (const kind of kinds) {
      expect(privateKey.passes(`-----BEGIN ${kind}-----\n${body}-----END ${kind}-----`)).toBe(
        false,
      );
    }
  });

  it('a public key, a certificate, other text', () => {
    const pair = generateKeyPairSync('ed25519');
    const open = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const text of [open, open.replaceAll('PUBLIC KEY', 'CERTIFICATE'), 'text', '']) {
      expect(privateKey.passes(text)).toBe(false);
    }
  });
});

describe('private-key seals', () => {
  const body = (breaks: string) =>
    [48, 64, 64, 21].map((n, i) => seeded(44 + i)(alphabets.base64, n)).join(breaks);

  it.each([
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('%s, with the line breaks it had', (kind) => {
    for (const breaks of ['\n', '\\n', '\r\n']) {
      const sealed = privateKey.seal(
        `-----BEGIN ${kind}-----${breaks}${body(breaks)}${breaks}-----END ${kind}-----`,
      );
      expect(privateKey.passes(sealed)).toBe(true);
      expect(sealed.split(breaks).length).toBeGreaterThan(4);
      expect(sealed.startsWith(`-----BEGIN ${kind}-----${breaks}`)).toBe(true);
    }
  });
});

describe('isEncryptedKey', () => {
  it.each(encrypted)('is true for %s', (_, block) => {
    expect(isEncryptedKey(block)).toBe(true);
    expect(isEncryptedKey(block.replaceAll('\n', '\\n'))).toBe(true);
  });

  it.each([...plain, ['text', 'ENCRYPTED'], ['nothing', '']] as const)(
    'is false for %s',
    (_, block) => {
      expect(isEncryptedKey(block)).toBe(false);
    },
  );
});
