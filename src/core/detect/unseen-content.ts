/** Documents whose real content is elsewhere or packed: what was looked at is not all there is. */
import type { Problem } from '../model/problem.ts';

const lfsFirstLine = Buffer.from('version https://git-lfs.github.com/spec/v1\n');
/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (pointers are under 1,024 bytes) */
const mostPointerBytes = 1024;

/** First bytes of packed formats. An uncompressed tar is text enough to be looked into as it is. */
const archives: readonly (readonly [format: string, start: Buffer])[] = [
  ['zip', Buffer.from('PK\u0003\u0004', 'latin1')],
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08])],
  ['bzip2', Buffer.from('BZh')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
  ['rar', Buffer.from('Rar!\u001a\u0007', 'latin1')],
  ['cab', Buffer.from('MSCF\0\0\0\0', 'latin1')],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ['lzip', Buffer.from('LZIP\u0001', 'latin1')],
  ['lzop', Buffer.from([0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d])],
  ['compress', Buffer.from([0x1f, 0x9d, 0x90])],
  ['squashfs', Buffer.from('hsqs', 'latin1')],
];

/**
 * An Office document with a password is no zip but a compound file, with its content in a stream of this name.
 * @see https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-offcrypto/ (read 2026-11-26)
 */
const compoundStart = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');

/** By first byte. Every version of every file is asked. */
const mayBegin = new Uint8Array(256);
for (const start of [lfsFirstLine, compoundStart, ...archives.map(([, start]) => start)]) {
  mayBegin[start[0] ?? 0] = 1;
}

/** What the ledger must say of a document. `head`: its beginning, or all of it. */
export function unseenContent(where: string, head: Buffer): Problem | undefined {
  if (!mayBegin[head[0] ?? 0]) return undefined;
  if (head.length < mostPointerBytes && startsWith(head, lfsFirstLine)) {
    const message = 'the content is in Git LFS and was not looked at';
    return { kind: 'lfs-pointer', where, message };
  }
  if (startsWith(head, compoundStart) && head.includes(encryptedPackage)) {
    const message = 'it is encrypted and was not looked at';
    return { kind: 'archive-encrypted', where, message, format: 'office' };
  }
  const found = archives.find(([, start]) => startsWith(head, start));
  if (!found) return undefined;
  return {
    kind: 'archive-not-opened',
    where,
    message: `what is inside this ${found[0]} was not looked at`,
    format: found[0],
  };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  // Nearly every document differs in its first byte.
  return bytes[0] === start[0] && bytes.subarray(0, start.length).equals(start);
}
