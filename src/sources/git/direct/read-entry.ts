/** One entry of a pack as it lies there: what it is, and its packed bytes. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { PackedAt } from '../pack-lookup.ts';
import { entryHeader, mostHeaderBytes, parseEntryHeader } from '../pack/entry-header.ts';
import { objectTypes } from '../pack/object-types.ts';

export interface Entry {
  /** Of whole objects; empty for a delta. */
  readonly type: string;
  /** Unpacked; of a delta, of the delta itself. */
  readonly bytes: number;
  /** The zlib data; more may follow them. */
  readonly packed: Buffer;
  /** Of a delta: where its base starts in the same pack, or its id. */
  readonly base?: number | string;
}

const typeNames = new Map<number, string>(
  Object.entries(objectTypes).map(([name, number]) => [number, name]),
);
const offsetDelta = 6;
const refDelta = 7;
/** One read brings the whole of most entries. */
const usualBytes = 4_096;
/** A smaller pack is read at once: what was just fetched or made, and most of it is asked for. */
const smallPackBytes = 1 << 20;

interface OpenPack {
  readonly fd: number;
  readonly bytes: number;
  /** What is there of so many bytes. */
  readonly readAt: (position: number, bytes: number) => Buffer;
}

/** Packs stay open until it is closed. Throws the system's errors. */
export function entryReader() {
  const packs = new Map<string, OpenPack>();

  function open(stem: string): OpenPack {
    const known = packs.get(stem);
    if (known) return known;
    const fd = openSync(`${stem}.pack`, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    const bytes = stats.isFile() ? stats.size : 0;
    let whole: Buffer | undefined;
    const fromWhole = (position: number, length: number): Buffer => {
      whole ??= readAt(fd, 0, bytes);
      return whole.subarray(position, position + length);
    };
    const fromFile = (position: number, length: number): Buffer => readAt(fd, position, length);
    const pack = { fd, bytes, readAt: bytes <= smallPackBytes ? fromWhole : fromFile };
    packs.set(stem, pack);
    return pack;
  }

  function read(
    { stem, offset }: PackedAt,
    idBytes: number,
    mostBytes: number,
    mostPackedBytes: number,
  ): Entry | undefined {
    const pack = open(stem);
    const { bytes } = pack;
    const end = bytes - idBytes;
    if (offset >= end) return undefined;
    const first = pack.readAt(offset, Math.min(usualBytes, end - offset));
    const header = entryHeader();
    const limit = Math.min(first.length, mostHeaderBytes);
    if (!parseEntryHeader(first, 0, limit, idBytes === 32 ? 32 : 20, header)) return undefined;
    const { size, type, distance } = header;
    const packedBytes = Math.min(end - offset - header.bytes, mostPacked(size));
    if (size > mostBytes || packedBytes > mostPackedBytes) return undefined;
    const isThere = header.bytes + packedBytes <= first.length;
    const packed = isThere
      ? first.subarray(header.bytes, header.bytes + packedBytes)
      : pack.readAt(offset + header.bytes, packedBytes);
    const entry = { type: typeNames.get(type) ?? '', bytes: size, packed };
    if (type === offsetDelta) return { ...entry, base: offset - distance };
    if (type === refDelta) {
      return { ...entry, base: first.toString('hex', header.bytes - idBytes, header.bytes) };
    }
    return entry;
  }

  return {
    read,
    close: () => packs.forEach(({ fd }) => closeSync(fd)),
  };
}

function readAt(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, position));
}

/** zlib stores what does not get smaller, with five bytes for each 16 kB. */
function mostPacked(bytes: number): number {
  return bytes + 5 * Math.ceil(bytes / 16_383) + 64;
}
