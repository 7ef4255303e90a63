/**
 * A document read once more, in pieces: for facts that need the whole of it, asked only where
 * something was found. Looks for nothing itself.
 */
import { closeSync, constants, openSync, readSync, readlinkSync } from 'node:fs';
import type { Origin } from '../core/model/origin.ts';
import type { ObjectAccess } from '../core/model/unit.ts';

export interface Rereading {
  readonly origin: Origin;
  /** False: the rest is not wanted. */
  push(bytes: Buffer): boolean;
  /** Called when it was read to its end or as far as it was wanted; not for what cannot be read. */
  readonly end?: () => void;
}

const pieceBytes = 1 << 20;

/**
 * What can no longer be read, and a stream, gets no bytes: the finding was told already, and a fact
 * that is missing is the caller's to bear. Without `access` objects of git are not read.
 */
export async function reread(
  documents: readonly Rereading[],
  access: ObjectAccess | undefined,
): Promise<void> {
  for (const document of documents) rereadFile(document);
  const inGit = documents.filter(({ origin }) => 'oid' in origin);
  if (access && inGit.length > 0) await rereadObjects(inGit, access);
}

function rereadFile({ origin, push, end }: Rereading): void {
  if ((origin.kind !== 'file' && origin.kind !== 'link') || origin.open === undefined) return;
  const name = typeof origin.open === 'string' ? origin.open : Buffer.from(origin.open);
  try {
    if (origin.kind === 'link') push(readlinkSync(name, { encoding: 'buffer' }));
    else readPieces(name, push);
    end?.();
  } catch (error) {
    // Gone or replaced since it was scanned.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function readPieces(name: string | Buffer, push: Rereading['push']): void {
  const fd = openSync(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const size = readSync(fd, piece, 0, pieceBytes, null);
      if (size === 0 || !push(piece.subarray(0, size))) return;
    }
  } finally {
    closeSync(fd);
  }
}

async function rereadObjects(documents: readonly Rereading[], access: ObjectAccess): Promise<void> {
  const { readObjects } = await import('./git/cat-file.ts');
  const { messageOf } = await import('./git/feed-objects.ts');
  const byId = new Map<string, Rereading[]>();
  for (const document of documents) {
    if (!('oid' in document.origin)) continue;
    const { oid } = document.origin;
    byId.set(oid, [...(byId.get(oid) ?? []), document]);
  }
  await readObjects(access, [...byId.keys()], {
    object(oid, type, bytes) {
      const content = type === 'blob' ? bytes : messageOf(bytes);
      for (const { push, end } of byId.get(oid) ?? []) {
        push(content);
        end?.();
      }
    },
    begin(oid) {
      const all = byId.get(oid) ?? [];
      let open = all;
      return {
        push: (bytes) => void (open = open.filter(({ push }) => push(bytes))),
        end: () => all.forEach(({ end }) => end?.()),
      };
    },
    missing: () => undefined,
    corrupt: () => undefined,
  });
}
