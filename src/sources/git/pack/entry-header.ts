/** The few bytes before an entry's zlib data: type, size, and which entry a delta is based on. */
import type { IdBytes } from './sorted-ids.ts';

/** One is filled again and again: an object for each of a pack's entries would cost more than parsing. */
export interface EntryHeader {
  /** 1 to 4 as in `objectTypes`, 6 or 7 for deltas. */
  type: number;
  /** Unpacked bytes of the zlib data that follow. */
  size: number;
  /** Of the header; the id of a base, if there is one, is the last part of it. */
  bytes: number;
  /** Of type 6: how many bytes before this entry the base's starts. */
  distance: number;
}

/** Chosen: two numbers below 2^53 take 8 bytes each, and an id 32. */
export const mostHeaderBytes = 64;

export function entryHeader(): EntryHeader {
  return { type: 0, size: 0, bytes: 0, distance: 0 };
}

/**
 * Fills `header` from `bytes[at]` on, reading nothing from `limit` on. False for what is no header:
 * a type that does not exist, a number from 2^53 on, an end too early.
 */
export function parseEntryHeader(
  bytes: Uint8Array,
  at: number,
  limit: number,
  idBytes: IdBytes,
  header: EntryHeader,
): boolean {
  if (at >= limit) return false;
  let next = at;
  let byte = bytes[next++] as number;
  header.type = (byte >> 4) & 7;
  let size = byte & 15;
  let unit = 16;
  while (byte & 0x80) {
    if (next >= limit) return false;
    byte = bytes[next++] as number;
    size += (byte & 0x7f) * unit;
    unit *= 128;
    if (size > Number.MAX_SAFE_INTEGER || next - at > mostNumberBytes) return false;
  }
  header.size = size;
  switch (header.type) {
    case 6:
      next = parseDistance(bytes, next, limit, header);
      break;
    case 7:
      next += idBytes;
      break;
    case 0:
    case 5:
      return false;
  }
  header.bytes = next - at;
  return next <= limit;
}

/** As many as git takes for 64 bits. */
const mostNumberBytes = 10;

/** Seven bits a byte, highest first; each further byte also adds one, so that no number has two forms. */
function parseDistance(bytes: Uint8Array, at: number, limit: number, header: EntryHeader): number {
  let next = at;
  let distance = -1;
  let byte = 0x80;
  while (byte & 0x80) {
    if (next >= limit || next - at >= mostNumberBytes) return Infinity;
    byte = bytes[next++] as number;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  header.distance = distance;
  return distance > Number.MAX_SAFE_INTEGER ? Infinity : next;
}
