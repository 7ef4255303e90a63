/** Bytes that can be read at any place: a file, or what is held in memory. */
import { readSync } from 'node:fs';
import { damaged } from './archive-error.ts';
import type { Source, Steps } from './steps.ts';

export interface RandomAccess {
  readonly bytes: number;
  /** Throws ArchiveError when they do not lie inside. */
  read(at: number, length: number): Buffer;
}

const windowBytes = 256 << 10;

export function inMemory(content: Buffer): RandomAccess {
  return {
    bytes: content.length,
    read(at, length) {
      checkRange(at, length, content.length);
      return content.subarray(at, at + length);
    },
  };
}

/** All blocks are of the same size, and the last one is filled up to the end. */
export function inBlocks(
  blocks: readonly Buffer[],
  blockBytes: number,
  bytes: number,
): RandomAccess {
  return {
    bytes,
    read(at, length) {
      checkRange(at, length, bytes);
      const first = Math.floor(at / blockBytes);
      const from = at - first * blockBytes;
      const last = Math.floor((at + Math.max(length, 1) - 1) / blockBytes);
      const [only = Buffer.alloc(0)] = blocks.slice(first, first + 1);
      if (last === first) return only.subarray(from, from + length);
      return Buffer.concat(blocks.slice(first, last + 1)).subarray(from, from + length);
    },
  };
}

/**
 * The file must stay open while it is read. What is read lies together mostly, in pieces of a few bytes: so
 * more is read at once, and kept until something else is asked for.
 */
export function inFile(fd: number, bytes: number): RandomAccess {
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  return {
    bytes,
    read(at, length) {
      checkRange(at, length, bytes);
      const from = at - windowAt;
      if (from >= 0 && from + length <= window.length) return window.subarray(from, from + length);
      if (length >= windowBytes) return readWhole(fd, at, length);
      window = readWhole(fd, at, Math.min(windowBytes, bytes - at));
      windowAt = at;
      return window.subarray(0, length);
    },
  };
}

function readWhole(fd: number, at: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const size = readSync(fd, buffer, filled, length - filled, at + filled);
    if (size === 0) throw damaged('the file became shorter while it was read');
    filled += size;
  }
  return buffer;
}

/** A stretch as a source, from front to back. Throws when it does not lie inside. */
export function stretch(access: RandomAccess, from: number, length: number): Source {
  checkRange(from, length, access.bytes);
  const place = { at: from, end: from + length };
  return { next: () => nextOf(access, place) };
}

// It never has to wait.
// eslint-disable-next-line require-yield
function* nextOf(
  access: RandomAccess,
  place: { at: number; readonly end: number },
): Steps<Buffer | undefined> {
  const { at, end } = place;
  if (at >= end) return undefined;
  const chunk = access.read(at, Math.min(windowBytes, end - at));
  place.at = at + chunk.length;
  return chunk;
}

/** A stretch as bytes of their own range. */
export function inside(access: RandomAccess, from: number, length: number): RandomAccess {
  checkRange(from, length, access.bytes);
  return {
    bytes: length,
    read(at, size) {
      checkRange(at, size, length);
      return access.read(from + at, size);
    },
  };
}

function checkRange(at: number, length: number, bytes: number): void {
  const isInside = at >= 0 && length >= 0 && Number.isSafeInteger(at) && at + length <= bytes;
  if (!isInside) throw damaged('it names a place outside of itself');
}
