/**
 * A block of zstd → bytes, behind those of the blocks before it. Knows nothing of frames.
 * @see https://www.rfc-editor.org/rfc/rfc8878 (read 2026-11-26)
 */
import { left, openBits, refill, take } from './backward-bits';
import { accuracy, buildTable, entryBytes, readCounts, useCounts } from './fse';
import { forgetTree, hasTree, readStream, readStreams, readTree } from './huffman';

const largestBlock: u32 = 128 << 10;

/** Literals of a block, and what a copy may read behind them. */
const literals: usize = memory.data((128 << 10) + 64, 64);
/** Where those of the block at hand are, and their end. */
let literal: usize = 0;
let literalEnd: usize = 0;

const lengthTable: usize = memory.data(512 * 8, 64);
const offsetTable: usize = memory.data(256 * 8, 64);
const matchTable: usize = memory.data(512 * 8, 64);
/** Bits that tell a state; -1 before there is a table. */
let lengthBits: i32 = -1;
let offsetBits: i32 = -1;
let matchBits: i32 = -1;

let repeat1: u32 = 1;
let repeat2: u32 = 4;
let repeat3: u32 = 8;

/** Forgets the frame before. */
export function openFrame(): void {
  forgetTree();
  lengthBits = offsetBits = matchBits = -1;
  repeat1 = 1;
  repeat2 = 4;
  repeat3 = 8;
}

/**
 * Unpacks the block in [source, sourceEnd) to `target` and returns how many bytes it made, or -1 when it is
 * damaged or makes more than `most`. What was unpacked before lies in [windowStart, target). Up to 64 bytes
 * around the source are read, and up to 64 behind target + most written.
 */
export function unpackBlock(
  source: usize,
  sourceEnd: usize,
  windowStart: usize,
  target: usize,
  most: u32,
): i32 {
  const at = readLiterals(source, sourceEnd);
  return at == 0 ? -1 : readSequences(at, sourceEnd, windowStart, target, target + most);
}

/** Returns where they end; 0 when they make no sense. */
function readLiterals(from: usize, end: usize): usize {
  if (from >= end) return 0;
  const head = load<u64>(from);
  const kind = (<u32>head) & 3;
  const form = ((<u32>head) >> 2) & 3;
  if (kind < 2) {
    const headBytes: usize = form == 1 ? 2 : form == 3 ? 3 : 1;
    const size =
      form == 1
        ? ((<u32>head) >> 4) & 0xfff
        : form == 3
          ? ((<u32>head) >> 4) & 0xfffff
          : ((<u32>head) & 0xff) >> 3;
    const at = from + headBytes;
    const to = at + (kind == 0 ? <usize>size : 1);
    if (to > end || size > largestBlock) return 0;
    literal = kind == 0 ? at : literals;
    if (kind == 1) memory.fill(literals, load<u8>(at), size);
    literalEnd = literal + size;
    return to;
  }
  const bits: u64 = form < 2 ? 10 : form == 2 ? 14 : 18;
  const headBytes: usize = form < 2 ? 3 : form == 2 ? 4 : 5;
  const size = (<u32>(head >> 4)) & ((1 << (<u32>bits)) - 1);
  const packed = (<u32>(head >> (4 + bits))) & ((1 << (<u32>bits)) - 1);
  let at = from + headBytes;
  const to = at + <usize>packed;
  if (to > end || size > largestBlock) return 0;
  if (kind == 2) at = readTree(at, to);
  if (at == 0 || !hasTree()) return 0;
  literal = literals;
  literalEnd = literals + size;
  const isRight =
    form == 0 ? readStream(at, to, literals, size) : readStreams(at, to, literals, size);
  return isRight ? to : 0;
}

function readSequences(
  from: usize,
  end: usize,
  windowStart: usize,
  target: usize,
  targetEnd: usize,
): i32 {
  if (from >= end) return -1;
  let count = <u32>load<u8>(from);
  let at = from + 1;
  if (count == 255) {
    count = <u32>load<u16>(at) + 0x7f00;
    at += 2;
  } else if (count >= 128) {
    count = ((count - 128) << 8) + <u32>load<u8>(at);
    at += 1;
  }
  let out = target;
  if (count > 0) {
    const modes = <u32>load<u8>(at);
    at = readTables(at + 1, end, modes);
    if (at == 0) return -1;
    out = follow(at, end, count, windowStart, target, targetEnd);
    if (out == 0) return -1;
  } else if (at != end) return -1;
  const rest = literalEnd - literal;
  if (rest > targetEnd - out) return -1;
  memory.copy(out, literal, rest);
  return <i32>(out + rest - target);
}

function readTables(from: usize, end: usize, modes: u32): usize {
  if (from > end || modes & 3) return 0;
  let at = readTable(from, end, modes >> 6, lengthTable, lengthBits, 9, 35, lengthCounts, 6);
  if (at == 0) return 0;
  if (modes >> 6 != 3) {
    lengthBits = tableBits;
    fillLengths();
  }
  const offsetMode = (modes >> 4) & 3;
  at = readTable(at, end, offsetMode, offsetTable, offsetBits, 8, 31, offsetCounts, 5);
  if (at == 0) return 0;
  if (offsetMode != 3) {
    offsetBits = tableBits;
    fillOffsets();
  }
  const matchMode = (modes >> 2) & 3;
  at = readTable(at, end, matchMode, matchTable, matchBits, 9, 52, matchCounts, 6);
  if (at == 0) return 0;
  if (matchMode != 3) {
    matchBits = tableBits;
    fillMatches();
  }
  return at;
}

let tableBits: i32 = 0;

/** Modes: as everyone knows, one symbol, told here, as before. */
function readTable(
  from: usize,
  end: usize,
  mode: u32,
  table: usize,
  known: i32,
  mostAccuracy: u32,
  mostSymbol: u32,
  usual: usize,
  usualAccuracy: u32,
): usize {
  if (mode == 3) return known >= 0 ? from : 0;
  if (mode == 1) {
    if (from >= end || <u32>load<u8>(from) > mostSymbol) return 0;
    store<u64>(table, (<u64>load<u8>(from)) << 24);
    tableBits = 0;
    return from + 1;
  }
  let at = from;
  if (mode == 0) useCounts(usual, usual == offsetCounts ? 29 : mostSymbol + 1, usualAccuracy);
  else at = readCounts(from, end, mostAccuracy, mostSymbol);
  if (at == 0 || !buildTable(table)) return 0;
  tableBits = <i32>accuracy;
  return at;
}

// What a symbol stands for takes the place of the symbol: how many bits (u8), and the number they add to (u32).

function fillLengths(): void {
  for (let state: u32 = 0; state < (<u32>1) << lengthBits; state++) {
    const entry = lengthTable + <usize>state * entryBytes;
    const symbol = <usize>load<u8>(entry, 3);
    store<u8>(entry, load<u8>(lengthExtra + symbol), 3);
    store<u32>(entry, load<u32>(lengthBases + (symbol << 2)), 4);
  }
}

function fillMatches(): void {
  for (let state: u32 = 0; state < (<u32>1) << matchBits; state++) {
    const entry = matchTable + <usize>state * entryBytes;
    const symbol = <usize>load<u8>(entry, 3);
    store<u8>(entry, load<u8>(matchExtra + symbol), 3);
    store<u32>(entry, load<u32>(matchBases + (symbol << 2)), 4);
  }
}

function fillOffsets(): void {
  for (let state: u32 = 0; state < (<u32>1) << offsetBits; state++) {
    const entry = offsetTable + <usize>state * entryBytes;
    store<u32>(entry, (<u32>1) << (<u32>load<u8>(entry, 3)), 4);
  }
}

function value(entry: usize): u32 {
  return load<u32>(entry, 4) + take(<u32>load<u8>(entry, 3));
}

function next(entry: usize): usize {
  return (<usize>load<u16>(entry) + <usize>take(<u32>load<u8>(entry, 2))) * entryBytes;
}

/** Returns where the output ends; 0 when a sequence refers to what is not there, or too much is made. */
function follow(
  from: usize,
  end: usize,
  count: u32,
  windowStart: usize,
  target: usize,
  targetEnd: usize,
): usize {
  if (!openBits(from, end)) return 0;
  refill();
  let lengthEntry = lengthTable + <usize>take(<u32>lengthBits) * entryBytes;
  let offsetEntry = offsetTable + <usize>take(<u32>offsetBits) * entryBytes;
  let matchEntry = matchTable + <usize>take(<u32>matchBits) * entryBytes;
  let out = target;
  for (let i = count; i > 0; i--) {
    if (left < 0) return 0;
    refill();
    let offset = value(offsetEntry);
    const match = value(matchEntry);
    refill();
    const length = value(lengthEntry);
    if (i > 1) {
      lengthEntry = lengthTable + next(lengthEntry);
      matchEntry = matchTable + next(matchEntry);
      offsetEntry = offsetTable + next(offsetEntry);
    }
    if (offset > 3) {
      offset -= 3;
      repeat3 = repeat2;
      repeat2 = repeat1;
      repeat1 = offset;
    } else {
      offset = repeated(offset - 1 + <u32>(length == 0));
      if (offset == 0) return 0;
    }
    if (<usize>length > literalEnd - literal || <usize>length + match > targetEnd - out) return 0;
    copyFar(out, literal, length);
    literal += length;
    out += length;
    if (<usize>offset > out - windowStart) return 0;
    if (offset >= 16) copyFar(out, out - offset, match);
    else copyNear(out, offset, match);
    out += match;
  }
  return left == 0 ? out : 0;
}

/** `index`: which of the last three offsets; 3 is one less than the last. */
function repeated(index: u32): u32 {
  if (index == 0) return repeat1;
  const offset = index == 1 ? repeat2 : index == 2 ? repeat3 : repeat1 - 1;
  if (index > 1) repeat3 = repeat2;
  repeat2 = repeat1;
  repeat1 = offset;
  return offset;
}

function copyFar(to: usize, from: usize, size: u32): void {
  v128.store(to, v128.load(from));
  for (let at: usize = 16; at < <usize>size; at += 16) v128.store(to + at, v128.load(from + at));
}

/** What is copied overlaps what it becomes. */
function copyNear(to: usize, offset: u32, size: u32): void {
  const end = to + size;
  if (offset >= 8) {
    for (let at = to; at < end; at += 8) store<u64>(at, load<u64>(at - offset));
    return;
  }
  if (offset == 1) {
    memory.fill(to, load<u8>(to - 1), size);
    return;
  }
  for (let at = to; at < end; at++) store<u8>(at, load<u8>(at - offset));
}

// prettier-ignore
const lengthCounts: usize = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
// prettier-ignore
const matchCounts: usize = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
// prettier-ignore
const offsetCounts: usize = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
// prettier-ignore
const lengthExtra: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
// prettier-ignore
const lengthBases: usize = memory.data<u32>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024,
  2048, 4096, 8192, 16384, 32768, 65536,
]);
// prettier-ignore
const matchExtra: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3,
  3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
// prettier-ignore
const matchBases: usize = memory.data<u32>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
  34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
]);
