/** Documents whose real content is elsewhere or packed: what was looked at is not all there is. */
import type { Problem } from '../model/problem.ts';

const lfsFirstLine = 'version https://git-lfs.github.com/spec/v1\n';
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
];

/** What the ledger must say of a document. `head`: its beginning, or all of it. */
export function unseenContent(where: string, head: Buffer): Problem | undefined {
  if (head.length < mostPointerBytes && startsWith(head, Buffer.from(lfsFirstLine))) {
    const message = 'the content is in Git LFS and was not looked at';
    return { kind: 'lfs-pointer', where, message };
  }
  const found = archives.find(([, start]) => startsWith(head, start));
  if (!found) return undefined;
  return {
    kind: 'archive-not-opened',
    where,
    message: `what is inside this ${found[0]} was not looked at`,
  };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  // Nearly every document differs in its first byte.
  return bytes[0] === start[0] && bytes.subarray(0, start.length).equals(start);
}
