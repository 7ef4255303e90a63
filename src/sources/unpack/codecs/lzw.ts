/** What `compress` writes (`.Z`): codes that grow from 9 to 16 bits, in groups of eight. It has no checksum, and no mark at its end. */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/compress.html (read 2026-11-26), and the manual of ncompress */
const headerBytes = 3;
const blockMode = 0x80;
const shortest = 9;
const longest = 16;
const clearCode = 256;
const inputBytes = 64 << 10;
const pieceBytes = 256 << 10;
/** What eight codes unpack to at most. */
const mostOfGroup = 8 << longest;

/** Takes all that is there. */
export function uncompress(reader: Reader, budget: Budget): Decoder {
  let table: LzwTable | undefined;
  return {
    release() {
      if (table) idle.push(table.memory);
      table = undefined;
    },
    *next() {
      table ??= yield* begin(reader);
      table.end = 0;
      while (table.end === 0) {
        const input = yield* reader.peek(inputBytes);
        if (input.length === 0) return undefined;
        const isEnd = input.length < inputBytes;
        let at = 0;
        while (at < input.length && table.end < pieceBytes) {
          const groupEnd = at + table.width;
          if (groupEnd > input.length && !isEnd) break;
          readGroup(table, input, at, Math.min(groupEnd, input.length));
          at = Math.min(groupEnd, input.length);
        }
        reader.drop(at);
        budget.work(at);
      }
      budget.spend(table.end);
      return Buffer.from(table.memory.out.subarray(0, table.end));
    },
  };
}

/** A code stands for what an earlier one stands for, and one byte more. */
interface LzwTable {
  readonly memory: Memory;
  readonly widest: number;
  readonly firstFree: number;
  width: number;
  /** The next code that gets a meaning. */
  free: number;
  last: number | undefined;
  /** The first byte of what the last code stood for. */
  lastByte: number;
  /** Of `memory.out`. */
  end: number;
}

interface Memory {
  readonly prefixes: Uint16Array;
  readonly suffixes: Uint8Array;
  readonly out: Buffer;
}

/** There may be any number of small files: what was made for one is used again. */
const idle: Memory[] = [];

function makeMemory(): Memory {
  return {
    prefixes: new Uint16Array(1 << longest),
    suffixes: new Uint8Array(1 << longest),
    out: Buffer.allocUnsafeSlow(pieceBytes + mostOfGroup),
  };
}

function* begin(reader: Reader): Steps<LzwTable> {
  const flags = (yield* reader.take(headerBytes))[2] as number;
  const widest = flags & 0x1f;
  if (widest < shortest || widest > longest) throw damaged('the header of compress makes no sense');
  const firstFree = flags & blockMode ? clearCode + 1 : clearCode;
  return {
    memory: idle.pop() ?? makeMemory(),
    widest,
    firstFree,
    width: shortest,
    free: firstFree,
    last: undefined,
    lastByte: 0,
    end: 0,
  };
}

/** Eight codes of one width. Where the width changes, what is left of the group is filled up. */
function readGroup(table: LzwTable, input: Buffer, from: number, to: number): void {
  const { width } = table;
  for (let bit = 0; bit + width <= (to - from) * 8; bit += width) {
    if (table.free >= 1 << width && width < table.widest) {
      table.width = width + 1;
      return;
    }
    const at = from + (bit >> 3);
    const word = (input[at] as number) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16);
    const code = (word >>> (bit & 7)) & ((1 << width) - 1);
    if (code === clearCode && table.firstFree > clearCode) {
      table.free = clearCode;
      table.width = shortest;
      return;
    }
    put(table, code);
  }
  if (table.free >= 1 << width && width < table.widest) table.width = width + 1;
}

function put(table: LzwTable, code: number): void {
  const { free, last, widest } = table;
  const { prefixes, suffixes, out } = table.memory;
  if (last === undefined ? code > 255 : code > free) {
    throw damaged('a code of compress stands for nothing');
  }
  // A code that gets its meaning only now stands for what the last one did, and the first byte of it again.
  const isNew = code === free;
  let walked = isNew ? (last ?? code) : code;
  let length = isNew ? 2 : 1;
  for (let one = walked; one > 255; one = prefixes[one] as number) length += 1;
  let at = table.end + length;
  table.end = at;
  if (isNew) out[(at -= 1)] = table.lastByte;
  for (; walked > 255; walked = prefixes[walked] as number) {
    out[(at -= 1)] = suffixes[walked] as number;
  }
  out[at - 1] = walked;
  if (last !== undefined && free < 1 << widest) {
    prefixes[free] = last;
    suffixes[free] = walked;
    table.free = free + 1;
  }
  table.last = code;
  table.lastByte = walked;
}
