/** Looks a few ids up in packs' `.idx` files without reading all of them. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Where an object's entry starts in a pack. */
export interface PackedAt {
  /** The pack's path without its ending. */
  readonly stem: string;
  readonly offset: number;
}

export interface Indexes {
  /** By id in hexadecimal: in one of the packs that have it. */
  find(oid: string): PackedAt | undefined;
  close(): void;
}

/**
 * Indexes of these packs, each opened when it is first asked. One that cannot be read has nothing.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */
export function openIndexes(stems: readonly string[]): Indexes {
  const opened = new Map<string, Index | undefined>();
  const found = new Map<string, PackedAt | undefined>();

  function indexOf(stem: string): Index | undefined {
    if (!opened.has(stem))
      opened.set(
        stem,
        orUndefined(() => openIndex(`${stem}.idx`)),
      );
    return opened.get(stem);
  }

  // What belongs together lies together: the pack that had the last one comes first.
  const order = [...stems];

  function find(oid: string): PackedAt | undefined {
    for (const [at, stem] of order.entries()) {
      const index = indexOf(stem);
      const offset = index && orUndefined(() => offsetIn(index, oid));
      if (offset === undefined) continue;
      order.splice(at, 1);
      order.unshift(stem);
      return { stem, offset };
    }
    return undefined;
  }

  return {
    find(oid) {
      if (!found.has(oid)) found.set(oid, find(oid));
      return found.get(oid);
    },
    close: () => opened.forEach((index) => index && closeSync(index.fd)),
  };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

interface Index {
  readonly fd: number;
  readonly read: ReadAt;
  readonly layout: Layout;
}

/** Exactly so many bytes of a file, or an error. They are valid until the next are read. */
type ReadAt = (position: number, bytes: number) => Buffer;

/** A smaller one is read at once, since many ids are looked up in it. */
const smallBytes = 64 << 10;

function openIndex(file: string): Index {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const read = reader(fd, fstatSync(fd).size);
    return { fd, read, layout: layoutOf(read) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function reader(fd: number, size: number): ReadAt {
  let buffer = Buffer.allocUnsafe(Math.min(size, smallBytes));
  const fromFile: ReadAt = (position, bytes) => {
    // More memory than the file has bytes is asked for by a damaged one only.
    if (position + bytes > size) throw endsEarly();
    if (bytes > buffer.length) buffer = Buffer.allocUnsafe(bytes);
    if (bytes > 0 && readSync(fd, buffer, 0, bytes, position) !== bytes) throw endsEarly();
    return buffer.subarray(0, bytes);
  };
  if (size > smallBytes) return fromFile;
  const whole = fromFile(0, size);
  return (position, bytes) => {
    if (position + bytes > size) throw endsEarly();
    return whole.subarray(position, position + bytes);
  };
}

function endsEarly(): Error {
  return new Error('ends early');
}

function offsetIn({ read, layout }: Index, oid: string): number | undefined {
  const at = positionOf(read, layout, oid);
  return at < 0 ? undefined : offsetOf(read, layout, at, oid.length / 2);
}

interface Layout {
  /** By first byte: how many ids start with that byte or a smaller one. */
  readonly fanout: Buffer;
  readonly entriesAt: number;
  /** Bytes of an entry before its id: an offset in version 1. */
  readonly before: number;
}

const laterMagic = 0xff744f63;
const fanoutBytes = 1024;

function layoutOf(read: ReadAt): Layout {
  const head = read(0, 8);
  if (head.readUInt32BE(0) !== laterMagic) {
    return { fanout: Buffer.from(read(0, fanoutBytes)), entriesAt: fanoutBytes, before: 4 };
  }
  if (head.readUInt32BE(4) !== 2) throw new Error('an index version that is not known');
  return { fanout: Buffer.from(read(8, fanoutBytes)), entriesAt: 8 + fanoutBytes, before: 0 };
}

/**
 * The place of an id among all, or −1. Ids are spread evenly: where one stands among those with its
 * first byte is nearly told by its next.
 */
function positionOf(read: ReadAt, { fanout, entriesAt, before }: Layout, hex: string): number {
  const id = Buffer.from(hex, 'hex');
  const entryBytes = before + id.length;
  const first = id.readUInt8(0);
  const start = first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4);
  const end = fanout.readUInt32BE(first * 4);
  const readEntries = (from: number, to: number): Buffer =>
    read(entriesAt + from * entryBytes, (to - from) * entryBytes);
  const placeIn = (entries: Buffer): number => {
    for (let at = entries.indexOf(id); at >= 0; at = entries.indexOf(id, at + 1)) {
      // Bytes of two ids can look like a third.
      if (at % entryBytes === before) return (at - before) / entryBytes;
    }
    return -1;
  };
  const guess = start + Math.floor(((end - start) * id.readUInt32BE(1)) / 2 ** 32);
  // Eight times the standard deviation.
  const reach = 4 * Math.ceil(Math.sqrt(end - start)) + 4;
  const from = Math.max(start, guess - reach);
  const to = Math.min(end, guess + reach);
  const near = readEntries(from, to);
  const place = placeIn(near);
  if (place >= 0) return from + place;
  const isInside =
    (from === start || compareAt(near, before, id) < 0) &&
    (to === end || compareAt(near, near.length - id.length, id) > 0);
  const far = isInside ? -1 : placeIn(readEntries(start, end));
  return far < 0 ? -1 : start + far;
}

/** The bit that makes an offset a place in the table of 64-bit offsets. */
const isLarge = 0x80000000;

function offsetOf(read: ReadAt, layout: Layout, at: number, idBytes: number): number | undefined {
  const { fanout, entriesAt, before } = layout;
  if (before > 0) return read(entriesAt + at * (before + idBytes), before).readUInt32BE();
  const count = fanout.readUInt32BE(fanoutBytes - 4);
  const offsetsAt = entriesAt + count * (idBytes + 4);
  const offset = read(offsetsAt + at * 4, 4).readUInt32BE();
  if (offset < isLarge) return offset;
  const large = read(offsetsAt + count * 4 + (offset - isLarge) * 8, 8).readBigUInt64BE();
  return large <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(large) : undefined;
}

function compareAt(entries: Buffer, at: number, id: Buffer): number {
  return entries.compare(id, 0, id.length, at, at + id.length);
}
