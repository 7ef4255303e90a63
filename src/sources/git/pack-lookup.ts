/** Looks a few ids up in a pack's `.idx` without reading all of it. */
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Those of the ids (in hexadecimal) that the index has. An index that cannot be read has none.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */
export function idsInIndex(file: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  try {
    const fd = openSync(file, 'r');
    try {
      const layout = layoutOf(fd);
      return ids.filter((id) => has(fd, layout, Buffer.from(id, 'hex')));
    } finally {
      closeSync(fd);
    }
  } catch {
    return [];
  }
}

interface Layout {
  /** By first byte: how many ids start with that byte or a smaller one. */
  readonly fanout: Buffer;
  readonly entriesAt: number;
  /** Bytes of an entry before its id. */
  readonly before: number;
}

const laterMagic = 0xff744f63;
const fanoutBytes = 1024;
/** So many entries are read at once: a page or two. */
const fewEntries = 256;

function layoutOf(fd: number): Layout {
  const head = read(fd, 0, 8);
  if (head.readUInt32BE(0) !== laterMagic) {
    return { fanout: read(fd, 0, fanoutBytes), entriesAt: fanoutBytes, before: 4 };
  }
  if (head.readUInt32BE(4) !== 2) throw new Error('an index version that is not known');
  return { fanout: read(fd, 8, fanoutBytes), entriesAt: 8 + fanoutBytes, before: 0 };
}

function has(fd: number, { fanout, entriesAt, before }: Layout, id: Buffer): boolean {
  const entryBytes = before + id.length;
  const first = id.readUInt8(0);
  let low = first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4);
  let high = fanout.readUInt32BE(first * 4);
  while (high - low > fewEntries) {
    const middle = (low + high) >>> 1;
    const found = read(fd, entriesAt + middle * entryBytes + before, id.length);
    const order = found.compare(id);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  const entries = read(fd, entriesAt + low * entryBytes, (high - low) * entryBytes);
  for (let at = before; at < entries.length; at += entryBytes) {
    if (entries.compare(id, 0, id.length, at, at + id.length) === 0) return true;
  }
  return false;
}

function read(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  if (bytes > 0 && readSync(fd, buffer, 0, bytes, position) !== bytes)
    throw new Error('ends early');
  return buffer;
}
