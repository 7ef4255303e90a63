/** Zstd's Huffman codes: their tree, and literals in one stream or in four. */
import { bitsAt, bitsOf, left, openBits, refill, take } from './backward-bits';
import { accuracy, buildTable, entryBytes, readCounts } from './fse';

const longestCode: u32 = 11;
const mostWeights: u32 = 255;

const weights: usize = memory.data(256, 16);
const weightTable: usize = memory.data(64 * 8, 16);
/** By the next bits: the symbol, and above it how many bits it takes. */
const codes: usize = memory.data(2 << 11, 16);
/** Bits that tell a code; 0 before there is a tree. */
let codeBits: u32 = 0;

export function forgetTree(): void {
  codeBits = 0;
}

export function hasTree(): bool {
  return codeBits > 0;
}

/** Returns where the tree ends; 0 when it makes no sense. */
export function readTree(from: usize, end: usize): usize {
  codeBits = 0;
  if (from >= end) return 0;
  const head = <u32>load<u8>(from);
  const at = from + 1;
  const direct = head >= 128;
  const to = at + <usize>(direct ? (head - 126) >> 1 : head);
  if (to > end) return 0;
  const count = direct ? readWeights(at, head - 127) : unpackWeights(at, to);
  return count > 0 && buildCodes(count) ? to : 0;
}

/** Four bits each. */
function readWeights(from: usize, count: u32): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const byte = <u32>load<u8>(from + (i >> 1));
    store<u8>(weights + i, <u8>(i & 1 ? byte & 15 : byte >> 4));
  }
  return count;
}

/** Two states take turns until the bits are used up. */
function unpackWeights(from: usize, end: usize): u32 {
  const at = readCounts(from, end, 6, 255);
  if (at == 0 || !buildTable(weightTable) || !openBits(at, end)) return 0;
  refill();
  let one = take(accuracy);
  let other = take(accuracy);
  if (left < 0) return 0;
  let count: u32 = 0;
  while (count < mostWeights - 1) {
    const entry = weightTable + <usize>one * entryBytes;
    store<u8>(weights + count++, load<u8>(entry, 3));
    refill();
    const next = <u32>load<u16>(entry) + take(<u32>load<u8>(entry, 2));
    if (left < 0) {
      store<u8>(weights + count++, load<u8>(weightTable + <usize>other * entryBytes, 3));
      return count;
    }
    one = other;
    other = next;
  }
  return 0;
}

/** The last weight is not told: it makes the sum a power of two. */
function buildCodes(told: u32): bool {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < told; i++) {
    const weight = <u32>load<u8>(weights + i);
    if (weight > longestCode) return false;
    sum += (1 << weight) >> 1;
  }
  if (sum == 0) return false;
  const bits: u32 = 32 - <u32>clz(sum);
  const rest: u32 = (1 << bits) - sum;
  if (bits > longestCode || (rest & (rest - 1)) != 0) return false;
  store<u8>(weights + told, <u8>(32 - <u32>clz(rest)));
  let at = codes;
  for (let weight: u32 = 1; weight <= bits; weight++) {
    const places: u32 = 1 << (weight - 1);
    for (let symbol: u32 = 0; symbol <= told; symbol++) {
      if (<u32>load<u8>(weights + symbol) != weight) continue;
      const code = <u16>(symbol | ((bits + 1 - weight) << 8));
      for (let i: u32 = 0; i < places; i++, at += 2) store<u16>(at, code);
    }
  }
  codeBits = bits;
  return true;
}

/** Fills `size` bytes from `to` on with the symbols of one stream. False when it does not end with them. */
export function readStream(from: usize, end: usize, to: usize, size: u32): bool {
  const bits = bitsOf(from, end);
  return bits >= 0 && finish(from, bits, to, to + size);
}

function finish(from: usize, bits: i32, to: usize, toEnd: usize): bool {
  const shift = 64 - <u64>codeBits;
  let at = bits;
  for (let out = to; out < toEnd; out++) {
    if (at <= 0) return false;
    const code = <u32>load<u16>(codes + <usize>((bitsAt(from, at) >> shift) << 1));
    store<u8>(out, <u8>code);
    at -= <i32>(code >> 8);
  }
  return at == 0;
}

/** The same for four streams, behind a table of where they begin. Each makes a quarter. */
export function readStreams(from: usize, end: usize, to: usize, size: u32): bool {
  if (from + 10 > end) return false;
  const quarter = (size + 3) >> 2;
  if (quarter * 3 > size) return false;
  const s1 = from + 6;
  const s2 = s1 + <usize>load<u16>(from);
  const s3 = s2 + <usize>load<u16>(from, 2);
  const s4 = s3 + <usize>load<u16>(from, 4);
  if (s4 >= end) return false;
  let p1 = bitsOf(s1, s2);
  let p2 = bitsOf(s2, s3);
  let p3 = bitsOf(s3, s4);
  let p4 = bitsOf(s4, end);
  if ((p1 | p2 | p3 | p4) < 0) return false;
  const shift = 64 - <u64>codeBits;
  const o2 = <usize>quarter;
  const o3 = o2 + quarter;
  const o4 = o3 + quarter;
  let out = to;
  const rounds = size - quarter * 3;
  const last = to + (rounds - (rounds % 5));
  while (out < last) {
    let t1 = bitsAt(s1, p1);
    let t2 = bitsAt(s2, p2);
    let t3 = bitsAt(s3, p3);
    let t4 = bitsAt(s4, p4);
    for (const roundEnd = out + 5; out < roundEnd; out++) {
      const c1 = <u32>load<u16>(codes + <usize>((t1 >> shift) << 1));
      const c2 = <u32>load<u16>(codes + <usize>((t2 >> shift) << 1));
      const c3 = <u32>load<u16>(codes + <usize>((t3 >> shift) << 1));
      const c4 = <u32>load<u16>(codes + <usize>((t4 >> shift) << 1));
      store<u8>(out, <u8>c1);
      store<u8>(out + o2, <u8>c2);
      store<u8>(out + o3, <u8>c3);
      store<u8>(out + o4, <u8>c4);
      t1 <<= <u64>(c1 >> 8);
      t2 <<= <u64>(c2 >> 8);
      t3 <<= <u64>(c3 >> 8);
      t4 <<= <u64>(c4 >> 8);
      p1 -= <i32>(c1 >> 8);
      p2 -= <i32>(c2 >> 8);
      p3 -= <i32>(c3 >> 8);
      p4 -= <i32>(c4 >> 8);
    }
    if ((p1 | p2 | p3 | p4) < 0) return false;
  }
  return (
    finish(s1, p1, out, to + o2) &&
    finish(s2, p2, out + o2, to + o3) &&
    finish(s3, p3, out + o3, to + o4) &&
    finish(s4, p4, out + o4, to + size)
  );
}
