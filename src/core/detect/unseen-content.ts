/** Documents whose real content is elsewhere or packed: what was looked at is not all there is. */
import type { Problem } from '../model/problem.ts';
import { packedFormat } from './packed-formats.ts';

const lfsFirstLine = Buffer.from('version https://git-lfs.github.com/spec/v1\n');
/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (pointers are under 1,024 bytes) */
const mostPointerBytes = 1024;

/**
 * An Office document with a password is no zip but a compound file, with its content in a stream of this name.
 * @see https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-offcrypto/ (read 2026-11-26)
 */
const compoundStart = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');
/** Installers of Windows are compound files, too, with packed files in them. */
const cabStart = Buffer.from('MSCF\0\0\0\0', 'latin1');

/** What the ledger must say of a document. `head`: its beginning, or all of it. */
export function unseenContent(where: string, head: Buffer): Problem | undefined {
  if (head.length < mostPointerBytes && startsWith(head, lfsFirstLine)) {
    const message = 'the content is in Git LFS and was not looked at';
    return { kind: 'lfs-pointer', where, message };
  }
  if (startsWith(head, compoundStart)) return unseenInCompound(where, head);
  const format = packedFormat(where, head);
  return format === undefined ? undefined : notOpened(where, format);
}

function unseenInCompound(where: string, head: Buffer): Problem | undefined {
  if (head.includes(encryptedPackage)) {
    const message = 'it is encrypted and was not looked at';
    return { kind: 'archive-encrypted', where, message, format: 'office' };
  }
  return head.includes(cabStart) ? notOpened(where, 'cab') : undefined;
}

function notOpened(where: string, format: string): Problem {
  const message = `what is inside this ${format} was not looked at`;
  return { kind: 'archive-not-opened', where, message, format };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  // Nearly every document differs in its first byte.
  return bytes[0] === start[0] && bytes.subarray(0, start.length).equals(start);
}
