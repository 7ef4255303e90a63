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

function layoutOf(fd: number): Layout {
  const head = read(fd, 0, 8);
  if (head.readUInt32BE(0) !== laterMagic) {
    return { fanout: read(fd, 0, fanoutBytes), entriesAt: fanoutBytes, before: 4 };
  }
  if (head.readUInt32BE(4) !== 2) throw new Error('an index version that is not known');
  return { fanout: read(fd, 8, fanoutBytes), entriesAt: 8 + fanoutBytes, before: 0 };
}

/** Ids are spread evenly: where one stands among those with its first byte is nearly told by its next. */
function has(fd: number, { fanout, entriesAt, before }: Layout, id: Buffer): boolean {
  const entryBytes = before + id.length;
  const first = id.readUInt8(0);
  const start = first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4);
  const end = fanout.readUInt32BE(first * 4);
  const readEntries = (from: number, to: number): Buffer =>
    read(fd, entriesAt + from * entryBytes, (to - from) * entryBytes);
  const guess = start + Math.floor(((end - start) * id.readUInt32BE(1)) / 2 ** 32);
  // Eight times the standard deviation.
  const reach = 4 * Math.ceil(Math.sqrt(end - start)) + 4;
  const from = Math.max(start, guess - reach);
  const to = Math.min(end, guess + reach);
  const near = readEntries(from, to);
  if (near.includes(id)) return true;
  const isInside =
    (from === start || compareAt(near, before, id) < 0) &&
    (to === end || compareAt(near, near.length - id.length, id) > 0);
  return !isInside && readEntries(start, end).includes(id);
}

function compareAt(entries: Buffer, at: number, id: Buffer): number {
  return entries.compare(id, 0, id.length, at, at + id.length);
}

function read(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  if (bytes > 0 && readSync(fd, buffer, 0, bytes, position) !== bytes)
    throw new Error('ends early');
  return buffer;
}
