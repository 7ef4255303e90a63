/** Private key blocks: PEM, OpenSSH, PGP. Says whether the body is a whole key, without reading the key. */

interface Block {
  /** Between BEGIN and PRIVATE KEY, such as `RSA ` or nothing. */
  readonly label: string;
  readonly isLegacyEncrypted: boolean;
  readonly bytes: Buffer;
}

const blockShape =
  /-----BEGIN ([A-Z0-9 ]{0,40}?)PRIVATE KEY(?: BLOCK)?-----([\s\S]*?)(?:-----END|$)/;
// Ed25519 in PKCS#8, the smallest key in use, takes 48.
const leastBytes = 32;
// So that a sealed body's length fits in two bytes.
const mostSealed = 60_000;

export const privateKey = {
  /** A whole body: DER, `openssh-key-v1` or an OpenPGP secret key packet; encrypted ones too. */
  passes(secret: string): boolean {
    const block = open(secret);
    if (!block || block.bytes.length < leastBytes) return false;
    if (block.isLegacyEncrypted) return block.bytes.length % 8 === 0;
    if (block.label.startsWith('OPENSSH')) return readOpenSsh(block.bytes) !== undefined;
    if (block.label.startsWith('PGP')) return isPgpSecretKey(block.bytes);
    return isDerKey(block.bytes);
  },
  seal(secret: string): string {
    const [, label, body] = blockShape.exec(secret) ?? [];
    if (label === undefined || body === undefined) return secret;
    const loose = Buffer.from(body.slice(0, mostSealed).replace(/[^A-Za-z0-9+/]/g, ''), 'base64');
    const block = open(secret) ?? { label, isLegacyEncrypted: false, bytes: loose };
    const lineBreak = /\\r\\n|\\n|\r\n|\n/.exec(body)?.[0] ?? '\n';
    const lines =
      dress(block)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    const start = secret.indexOf('-----', secret.indexOf('PRIVATE KEY')) + 5;
    const sealed = lineBreak + lines.join(lineBreak) + lineBreak;
    return secret.slice(0, start) + sealed + secret.slice(start + body.length);
  },
};

/** A whole key that anybody can use. */
export const openPrivateKey = {
  passes: (secret: string): boolean => privateKey.passes(secret) && !isEncryptedKey(secret),
  seal: privateKey.seal,
};

/** A whole key that needs a passphrase. */
export const encryptedPrivateKey = {
  passes: (secret: string): boolean => privateKey.passes(secret) && isEncryptedKey(secret),
  seal: privateKey.seal,
};

/** A passphrase stands before the key. False for what is no key block. */
export function isEncryptedKey(block: string): boolean {
  const opened = open(block);
  if (!opened) return false;
  if (opened.label.includes('ENCRYPTED') || opened.isLegacyEncrypted) return true;
  const openSsh = opened.label.startsWith('OPENSSH') ? readOpenSsh(opened.bytes) : undefined;
  return openSsh !== undefined && openSsh.kdf !== 'none';
}

function open(secret: string): Block | undefined {
  const [, label, body] = blockShape.exec(secret) ?? [];
  if (label === undefined || body === undefined) return undefined;
  const text = body
    // A key in a program's string: escaped line breaks, and pieces joined over lines.
    .replace(/\\+[nrt]/g, '\n')
    .replace(/["'`][ \t]*\+?[ \t]*(?=[\r\n])/g, '')
    .replace(/^[ \t]*\+[ \t]*(?=["'`]|$)/gm, '');
  const packed = text
    .replace(/^[ \t"'`#*>|/]*[A-Za-z][A-Za-z-]*: .*$/gm, '')
    .replace(/[\s"'`,;\\>|#*]/g, '');
  // PGP armor ends in `=` and four check digits.
  const base64 = label.startsWith('PGP') ? packed.replace(/=[A-Za-z0-9+/]{4}$/, '') : packed;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const isLegacyEncrypted = /Proc-Type: *4, *ENCRYPTED/.test(text);
  return { label, isLegacyEncrypted, bytes: Buffer.from(base64, 'base64') };
}

/** SEQUENCE of the declared length that starts with a version number or another sequence. */
function isDerKey(bytes: Buffer): boolean {
  const length = readDerLength(bytes, 1);
  if (bytes[0] !== 0x30 || !length) return false;
  const first = bytes[length.next];
  return length.next + length.value <= bytes.length && (first === 0x02 || first === 0x30);
}

function readDerLength(bytes: Buffer, at: number): { value: number; next: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  const width = first & 0x7f;
  if (width < 1 || width > 3 || at + 1 + width > bytes.length) return undefined;
  return { value: bytes.readUIntBE(at + 1, width), next: at + 1 + width };
}

const openSshMagic = Buffer.from('openssh-key-v1\0', 'latin1');

/** @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function readOpenSsh(bytes: Buffer): { kdf: string } | undefined {
  if (!bytes.subarray(0, openSshMagic.length).equals(openSshMagic)) return undefined;
  // Cipher, KDF, KDF options; the number of keys; public key, private keys.
  let at = openSshMagic.length;
  const fields: Buffer[] = [];
  for (let i = 0; i < 5; i += 1) {
    if (i === 3) at += 4;
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    if (at > bytes.length) return undefined;
    fields.push(bytes.subarray(at - length, at));
  }
  return { kdf: fields[1]?.toString('latin1') ?? '' };
}

/** Old or new packet header with the tag of a secret key (5) or secret subkey (7). */
function isPgpSecretKey(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  const tag = first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
  return (first & 0x80) !== 0 && (tag === 5 || tag === 7);
}

/** The body's own bytes as content of the form that the label promises. */
function dress({ label, isLegacyEncrypted, bytes }: Block): Buffer {
  const padding = Buffer.alloc(Math.max(0, leastBytes - bytes.length));
  const content = Buffer.concat([bytes.subarray(0, mostSealed), padding]);
  if (isLegacyEncrypted) return content.subarray(0, content.length - (content.length % 8));
  if (label.startsWith('OPENSSH')) {
    const none = sized(Buffer.from('none'));
    const one = Buffer.from([0, 0, 0, 1]);
    const rest = [sized(Buffer.alloc(0)), one, sized(content.subarray(0, 16)), sized(content)];
    return Buffer.concat([openSshMagic, none, none, ...rest]);
  }
  if (label.startsWith('PGP')) return Buffer.concat([Buffer.from([0x95]), content]);
  const inner = Buffer.concat([Buffer.from([0x02, 0x01, 0x00]), content]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(inner.length);
  return Buffer.concat([Buffer.from([0x30, 0x82]), length, inner]);
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
