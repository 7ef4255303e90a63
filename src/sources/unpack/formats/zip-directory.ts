/** The directory at the end of a zip → its entries, and where everything lies. Believes nothing that it says. */
import { ArchiveError, damaged } from '../archive-error.ts';
import type { RandomAccess } from '../random-access.ts';

/** @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (6.3.10; read 2025-11-20) */
const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const locator64Bytes = 20;
const entrySignature = 0x02014b50;
const entryBytes = 46;
/** Held whole while the members are read: a million entries have about so much. */
const longestDirectory = 96 << 20;

export interface ZipDirectory {
  /** Where the directory lies, in the file. */
  readonly start: number;
  readonly end: number;
  /** Where the end record and the comment end. */
  readonly fileEnd: number;
  /** What stands before the archive: offsets count from behind it. */
  readonly prefixBytes: number;
  readonly comment: Buffer;
  readonly count: number;
  /** As the end record says. */
  readonly told: number;
  /** By number; `count` of them. */
  entry(index: number): ZipEntry;
  /** Numbers in the order in which the members lie. */
  readonly order: readonly number[];
}

export interface ZipEntry {
  readonly name: Buffer;
  readonly comment: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Of the local header, in the file. */
  readonly offset: number;
}

/** Undefined when there is no end record: it is no zip, or was cut. */
export function readDirectory(access: RandomAccess): ZipDirectory | undefined {
  const found = findEnd(access);
  if (!found) return undefined;
  const { at, record } = found;
  const wide = record.includes64 ? readEnd64(access, at) : undefined;
  const size = wide?.size ?? record.size;
  const offset = wide?.offset ?? record.offset;
  const end = wide?.at ?? at;
  const start = end - size;
  const prefixBytes = start - offset;
  if (start < 0 || prefixBytes < 0) throw damaged('its directory lies outside of it');
  if (size > longestDirectory) {
    throw new ArchiveError(
      'archive-limit',
      `its directory is larger than ${longestDirectory} bytes`,
    );
  }
  const bytes = access.read(start, size);
  const places = placesOf(bytes);
  const entry = (index: number): ZipEntry => readEntry(bytes, places[index] as number, prefixBytes);
  const offsets = Float64Array.from(places, (_, index) => entry(index).offset);
  return {
    start,
    end,
    fileEnd: at + endBytes + record.comment.length,
    prefixBytes,
    comment: record.comment,
    count: places.length,
    told: wide?.count ?? record.count,
    entry,
    order: places
      .map((_, index) => index)
      .sort((a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b),
  };
}

interface EndRecord {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  readonly comment: Buffer;
  readonly includes64: boolean;
}

/** The last one that fits, so that a comment which looks like one is none. */
function findEnd(access: RandomAccess): { at: number; record: EndRecord } | undefined {
  const length = Math.min(access.bytes, endBytes + longestComment);
  const from = access.bytes - length;
  const tail = access.read(from, length);
  for (let at = length - endBytes; at >= 0; at -= 1) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== endSignature) continue;
    const commentBytes = tail.readUInt16LE(at + 20);
    if (at + endBytes + commentBytes > length) continue;
    const size = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    const count = tail.readUInt16LE(at + 10);
    const includes64 =
      (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) &&
      from + at >= locator64Bytes &&
      access.read(from + at - locator64Bytes, 4).readUInt32LE(0) === locator64Signature;
    const comment = Buffer.from(tail.subarray(at + endBytes, at + endBytes + commentBytes));
    return { at: from + at, record: { count, size, offset, comment, includes64 } };
  }
  return undefined;
}

function readEnd64(access: RandomAccess, endAt: number) {
  const locator = access.read(endAt - locator64Bytes, locator64Bytes);
  const told = uint64(locator, 8);
  // With something before the archive it lies later than it says: mostly right before the locator.
  const at = [told, endAt - locator64Bytes - 56].find(
    (place) =>
      place >= 0 && place + 56 <= endAt && access.read(place, 4).readUInt32LE(0) === end64Signature,
  );
  if (at === undefined) throw damaged('its zip64 record is not where it says');
  const record = access.read(at, 56);
  return { at, count: uint64(record, 32), size: uint64(record, 40), offset: uint64(record, 48) };
}

function placesOf(bytes: Buffer): number[] {
  const places: number[] = [];
  let at = 0;
  while (at + entryBytes <= bytes.length && bytes.readUInt32LE(at) === entrySignature) {
    places.push(at);
    at +=
      entryBytes +
      bytes.readUInt16LE(at + 28) +
      bytes.readUInt16LE(at + 30) +
      bytes.readUInt16LE(at + 32);
    if (at > bytes.length) throw damaged('its directory ends early');
  }
  return places;
}

function readEntry(bytes: Buffer, at: number, prefixBytes: number): ZipEntry {
  const nameEnd = at + entryBytes + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const commentEnd = extraEnd + bytes.readUInt16LE(at + 32);
  const wide = wideFields(bytes.subarray(nameEnd, extraEnd));
  const field = (where: number): number => {
    const narrow = bytes.readUInt32LE(where);
    return narrow === 0xffffffff ? (wide.shift() ?? narrow) : narrow;
  };
  // In this order they stand among the zip64 fields.
  const unpacked = field(at + 24);
  const packed = field(at + 20);
  const offset = field(at + 42);
  return {
    name: bytes.subarray(at + entryBytes, nameEnd),
    comment: bytes.subarray(extraEnd, commentEnd),
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packed,
    unpacked,
    offset: offset + prefixBytes,
  };
}

/** Sizes and offset of 64 bits, as far as there are any. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const size = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const fields: number[] = [];
      const end = Math.min(extra.length, at + 4 + size);
      for (let place = at + 4; place + 8 <= end; place += 8) fields.push(uint64(extra, place));
      return fields;
    }
    at += 4 + size;
  }
  return [];
}

/** Beyond 2⁵³ it is no number that an archive has. */
function uint64(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
  if (!Number.isSafeInteger(value)) throw damaged('it states a size that cannot be');
  return value;
}
