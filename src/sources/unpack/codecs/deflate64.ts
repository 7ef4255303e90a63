/**
 * Deflate64, which Windows writes into zips above 2 GB: as deflate, but it looks back 64 KB, and a copy may have as many.
 * Zlib does not know it; deflate itself is not read here.
 * @see https://www.rfc-editor.org/rfc/rfc1951 (read 2025-11-20); what differs: http://mail.madler.net/pipermail/zlib-devel_madler.net/2003-June/000237.html (read 2026-11-26)
 */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { longCode, quickBits } from './deflate64-codes.ts';
import { fixedTables, readTables, type Tables } from './deflate64-tables.ts';
import type { Decoder } from './decoder.ts';
import { LowBits } from './low-bits.ts';

const windowBytes = 64 << 10;
const pieceBytes = 256 << 10;
const longestCopy = 3 + 0xffff;
const roomBytes = windowBytes + pieceBytes + longestCopy;
/** Packed bytes that are looked at together; the tables of a block take fewer than the second number. */
const inputBytes = 64 << 10;
const longestTables = 1_024;
const endOfBlock = 256;
const quickMask = (1 << quickBits) - 1;
/** Copies of this many bytes and more are left to a call. */
const longCopy = 32;

/** An archive may have any number of small members: windows are used again. */
const idle: Buffer[] = [];

/** The reader is left behind the last block. */
export function inflate64(reader: Reader, budget: Budget): Decoder {
  const window = { out: idle.pop() ?? Buffer.allocUnsafeSlow(roomBytes), end: 0 };
  let isReleased = false;
  let usedBits = 0;
  /** Of a stored block: bytes that are left. */
  let stored = 0;
  let tables: Tables | undefined;
  let isLast = false;
  let isOver = false;

  function begin(bits: LowBits): void {
    isLast = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 3) throw damaged('a block of deflate64 data is of no kind');
    if (kind > 0) {
      tables = kind === 1 ? fixedTables() : readTables(bits);
      return;
    }
    bits.align();
    stored = bits.take(16);
    if ((bits.take(16) ^ 0xffff) !== stored) throw damaged('a stored block has a wrong size');
    if (stored === 0) isOver = isLast;
  }

  /** Goes on as far as there are room and input: a whole block at most. */
  function step(bits: LowBits, safe: number): void {
    if (stored > 0) {
      const room = Math.min(stored, windowBytes + pieceBytes - window.end);
      for (let left = room; left > 0 && bits.usedBytes() <= safe; left -= 1) {
        window.out[window.end] = bits.take(8);
        window.end += 1;
        stored -= 1;
      }
      if (stored === 0) isOver = isLast;
    } else if (!tables) {
      begin(bits);
    } else if (unpack(window, bits, tables, safe)) {
      tables = undefined;
      isOver = isLast;
    }
  }

  return {
    release() {
      if (!isReleased) idle.push(window.out);
      isReleased = true;
    },
    *next() {
      if (window.end >= windowBytes + pieceBytes) {
        window.out.copyWithin(0, window.end - windowBytes, window.end);
        window.end = windowBytes;
      }
      const from = window.end;
      while (!isOver && window.end === from) {
        const input = yield* reader.peek(inputBytes);
        const safe = input.length < inputBytes ? input.length : input.length - longestTables;
        const bits = new LowBits(input, usedBits);
        while (!isOver && window.end < windowBytes + pieceBytes && bits.usedBytes() <= safe) {
          step(bits, safe);
        }
        usedBits = bits.usedBits();
        const used = bits.usedBytes();
        if (used > input.length) throw damaged('it ends early');
        reader.drop(isOver || usedBits === 0 ? used : used - 1);
        budget.work(used);
      }
      budget.spend(window.end - from);
      return window.end > from ? Buffer.from(window.out.subarray(from, window.end)) : undefined;
    },
  };
}

/** Unpacks symbols, as far as there are room and input. True at the end of the block. */
function unpack(
  window: { readonly out: Buffer; end: number },
  bits: LowBits,
  { lengths, distances }: Tables,
  safe: number,
): boolean {
  const { out } = window;
  let { end } = window;
  let symbol = 0;
  while (end < windowBytes + pieceBytes && bits.usedBytes() <= safe) {
    const next = bits.peek();
    const found = (lengths.quick[next & quickMask] as number) || longCode(lengths, next);
    bits.drop(found & 15);
    symbol = found >> 4;
    if (symbol < endOfBlock) {
      out[end] = symbol;
      end += 1;
      continue;
    }
    if (symbol === endOfBlock) break;
    const length = lengthOf(symbol - 257, bits);
    const coded = bits.peek();
    const second = (distances.quick[coded & quickMask] as number) || longCode(distances, coded);
    bits.drop(second & 15);
    const distance = distanceOf(second >> 4, bits);
    if (distance > end) throw damaged('deflate64 data refer to what is not there');
    if (length >= longCopy && distance >= length)
      out.copyWithin(end, end - distance, end - distance + length);
    else for (let to = end; to < end + length; to += 1) out[to] = out[to - distance] as number;
    end += length;
  }
  window.end = end;
  return symbol === endOfBlock;
}

/** Four codes for each power of two, of eight bytes and more. The last one is for any length. */
function lengthOf(code: number, bits: LowBits): number {
  if (code < 8) return 3 + code;
  if (code < 28) {
    const extra = (code >> 2) - 1;
    return 3 + ((4 | (code & 3)) << extra) + bits.take(extra);
  }
  if (code > 28) throw damaged('a code of deflate64 data is none');
  return 3 + bits.take(16);
}

/** Two codes for each power of two. */
function distanceOf(code: number, bits: LowBits): number {
  if (code < 4) return 1 + code;
  const extra = (code >> 1) - 1;
  return 1 + ((2 | (code & 1)) << extra) + bits.take(extra);
}
