/**
 * LZMA: a range coder's bits → bytes in a window. What it does is what `lzma.ts` beside this folder does.
 * Where most of the time goes, the coder's state is in variables of the function: those of the module are slower.
 * @see https://www.7-zip.org/sdk.html (lzma-specification.txt; read 2025-11-20)
 */

/** The data refer to what is not there. */
export const badReference: i32 = 1;
/** They end early, or late. */
export const badEnd: i32 = 2;
/** No error: the mark that says that this is the end. */
export const endMark: i32 = 3;

// Probabilities, u16 each: where each group of them begins.
const states: u32 = 12;
const isMatchAt: u32 = 0;
const isRepAt: u32 = isMatchAt + (states << 4);
const isRep0At: u32 = isRepAt + states;
const isRep1At: u32 = isRep0At + states;
const isRep2At: u32 = isRep1At + states;
const isRep0LongAt: u32 = isRep2At + states;
const slotAt: u32 = isRep0LongAt + (states << 4);
const specialAt: u32 = slotAt + (4 << 6);
const alignAt: u32 = specialAt + 128;
const lengthAt: u32 = alignAt + 16;
const lengthSize: u32 = 2 + (16 << 3) * 2 + 256;
const repLengthAt: u32 = lengthAt + lengthSize;
const literalAt: u32 = repLengthAt + lengthSize;
const even: u16 = 1_024;
const probs: usize = memory.data((1_846 + (0x300 << 4)) << 1, 64);

let lc: u32 = 0;
let lpMask: u32 = 0;
let pbMask: u32 = 0;
let state: u32 = 0;
let rep0: u32 = 0;
let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;

let range: u32 = 0;
let code: u32 = 0;
let at: usize = 0;

/** Forgets what was learnt. Of the properties lc + lp is at most 4; below 0 they stay. */
export function resetLzma(newLc: i32, newLp: i32, newPb: i32): void {
  if (newLc >= 0) {
    lc = newLc;
    lpMask = (1 << newLp) - 1;
    pbMask = (1 << newPb) - 1;
  }
  const size = literalAt + (0x300 << (lc + popcnt(lpMask)));
  for (let i: u32 = 0; i < size; i++) store<u16>(probs + <usize>(i << 1), even);
  state = 0;
  rep0 = rep1 = rep2 = rep3 = 0;
}

/** Behind the end other bytes are read; the caller sees that too many were. */
function bit(index: u32): u32 {
  const place = probs + <usize>(index << 1);
  const prob = <u32>load<u16>(place);
  const bound = (range >> 11) * prob;
  let found: u32 = 0;
  if (code < bound) {
    range = bound;
    store<u16>(place, <u16>(prob + ((2_048 - prob) >> 5)));
  } else {
    range -= bound;
    code -= bound;
    store<u16>(place, <u16>(prob - (prob >> 5)));
    found = 1;
  }
  if (range < 0x1000000) {
    range <<= 8;
    code = (code << 8) | (<u32>load<u8>(at++));
  }
  return found;
}

/** The bits of a symbol below `limit`, with a 1 before them. */
function tree(base: u32, first: u32, limit: u32): u32 {
  const table = probs + <usize>(base << 1);
  let nowRange = range;
  let nowCode = code;
  let from = at;
  let node = first;
  while (node < limit) {
    const place = table + <usize>(node << 1);
    const prob = <u32>load<u16>(place);
    const bound = (nowRange >> 11) * prob;
    if (nowCode < bound) {
      nowRange = bound;
      store<u16>(place, <u16>(prob + ((2_048 - prob) >> 5)));
      node <<= 1;
    } else {
      nowRange -= bound;
      nowCode -= bound;
      store<u16>(place, <u16>(prob - (prob >> 5)));
      node = (node << 1) | 1;
    }
    if (nowRange < 0x1000000) {
      nowRange <<= 8;
      nowCode = (nowCode << 8) | (<u32>load<u8>(from++));
    }
  }
  range = nowRange;
  code = nowCode;
  at = from;
  return node;
}

/** A literal's bits while they are those of the byte that a match would have. */
function matchedTree(base: u32, byte: u32): u32 {
  const table = probs + <usize>(base << 1);
  let nowRange = range;
  let nowCode = code;
  let from = at;
  let node: u32 = 1;
  let matched = byte << 1;
  /** 0x100 as long as all bits were the same. */
  let same: u32 = 0x100;
  while (node < 0x100) {
    const expected = matched & same;
    matched <<= 1;
    const place = table + <usize>((same + expected + node) << 1);
    const prob = <u32>load<u16>(place);
    const bound = (nowRange >> 11) * prob;
    if (nowCode < bound) {
      nowRange = bound;
      store<u16>(place, <u16>(prob + ((2_048 - prob) >> 5)));
      node <<= 1;
      same &= ~expected;
    } else {
      nowRange -= bound;
      nowCode -= bound;
      store<u16>(place, <u16>(prob - (prob >> 5)));
      node = (node << 1) | 1;
      same &= expected;
    }
    if (nowRange < 0x1000000) {
      nowRange <<= 8;
      nowCode = (nowCode << 8) | (<u32>load<u8>(from++));
    }
  }
  range = nowRange;
  code = nowCode;
  at = from;
  return node;
}

function reverseTree(base: u32, bits: u32): u32 {
  let node: u32 = 1;
  let found: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) {
    const one = bit(base + node);
    node = (node << 1) | one;
    found |= one << i;
  }
  return found;
}

function direct(bits: u32): u32 {
  let found: u32 = 0;
  for (let i = bits; i > 0; i--) {
    range >>= 1;
    const one = <u32>(code >= range);
    code -= range & (0 - one);
    if (range < 0x1000000) {
      range <<= 8;
      code = (code << 8) | (<u32>load<u8>(at++));
    }
    found = (found << 1) | one;
  }
  return found;
}

function readLength(base: u32, posState: u32): u32 {
  if (bit(base) == 0) return 2 + tree(base + 2 + (posState << 3), 1, 8) - 8;
  if (bit(base + 1) == 0) return 10 + tree(base + 2 + 128 + (posState << 3), 1, 8) - 8;
  return 18 + tree(base + 2 + 256, 1, 256) - 256;
}

function readDistance(length: u32): u32 {
  const slot = tree(slotAt + (min<u32>(length - 2, 3) << 6), 1, 64) - 64;
  if (slot < 4) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) << bits;
  if (slot < 14) return base + reverseTree(specialAt + base - slot, bits);
  return base + (direct(bits - 4) << 4) + reverseTree(alignAt, 4);
}

/** Returns the length of what is copied from `rep0 + 1` bytes before. */
function copied(posState: u32): u32 {
  if (bit(isRepAt + state) == 0) {
    rep3 = rep2;
    rep2 = rep1;
    rep1 = rep0;
    const length = readLength(lengthAt, posState);
    state = state < 7 ? 7 : 10;
    rep0 = readDistance(length);
    return length;
  }
  if (bit(isRep0At + state) == 0) {
    if (bit(isRep0LongAt + (state << 4) + posState) == 0) {
      state = state < 7 ? 9 : 11;
      return 1;
    }
  } else {
    let distance = rep1;
    if (bit(isRep1At + state) == 1) {
      distance = rep2;
      if (bit(isRep2At + state) == 1) {
        distance = rep3;
        rep3 = rep2;
      }
      rep2 = rep1;
    }
    rep1 = rep0;
    rep0 = distance;
  }
  state = state < 7 ? 8 : 11;
  return readLength(repLengthAt, posState);
}

/** Takes the first five bytes of data. Returns 0, or a code from above. */
export function startLzma(source: usize): i32 {
  if (load<u8>(source) != 0) return badEnd;
  code = bswap<u32>(load<u32>(source + 1));
  range = 0xffffffff;
  at = source + 5;
  return 0;
}

/**
 * Unpacks [source, sourceEnd), of at least five bytes, to exactly [target, targetEnd). What was unpacked before
 * lies in [windowStart, target), and what it belongs to began at `base`. Returns 0 or one of the codes above; the
 * target may have been written to then, too. Up to 64 bytes behind the source are read, and behind the target written.
 */
export function decodeLzma(
  source: usize,
  sourceEnd: usize,
  windowStart: usize,
  base: usize,
  target: usize,
  targetEnd: usize,
): i32 {
  if (startLzma(source) != 0) return badEnd;
  const wrong = unpack(windowStart, base, target, targetEnd, targetEnd, sourceEnd);
  // These data have no mark at their end.
  if (wrong != 0) return badReference;
  return at == sourceEnd && out == targetEnd ? 0 : badEnd;
}

/**
 * Goes on with data that come in pieces, at `source`. No symbol is begun behind `lastSource`, nor from `stop` on,
 * and none ends behind `targetEnd`. Where it is then is told by the functions below.
 */
export function resumeLzma(
  source: usize,
  lastSource: usize,
  windowStart: usize,
  base: usize,
  target: usize,
  stop: usize,
  targetEnd: usize,
): i32 {
  at = source;
  return unpack(windowStart, base, target, stop, targetEnd, lastSource);
}

export function sourceLzma(): usize {
  return at;
}

export function targetLzma(): usize {
  return out;
}

/** Nothing is left of the data, if they are over. */
export function isLzmaSpent(): i32 {
  return code == 0 ? 1 : 0;
}

let out: usize = 0;

function unpack(
  windowStart: usize,
  base: usize,
  target: usize,
  stop: usize,
  targetEnd: usize,
  lastSource: usize,
): i32 {
  let to = target;
  let wrong: i32 = 0;
  while (to < stop && at <= lastSource) {
    const position = <u32>(to - base);
    const posState = position & pbMask;
    if (bit(isMatchAt + (state << 4) + posState) == 0) {
      const before = to > windowStart ? <u32>load<u8>(to - 1) : 0;
      const place = ((position & lpMask) << lc) + (before >> (8 - lc));
      const table = literalAt + place * 0x300;
      if (state < 7) {
        store<u8>(to, <u8>tree(table, 1, 0x100));
        state = state < 4 ? 0 : state - 3;
      } else {
        if (<usize>rep0 >= to - windowStart) {
          wrong = badReference;
          break;
        }
        store<u8>(to, <u8>matchedTree(table, <u32>load<u8>(to - <usize>rep0 - 1)));
        state = state < 10 ? state - 3 : state - 6;
      }
      to++;
    } else {
      const length = copied(posState);
      if (<usize>rep0 >= to - windowStart || <usize>length > targetEnd - to) {
        wrong = rep0 == 0xffffffff ? endMark : badReference;
        break;
      }
      copyBytes(to, <usize>rep0 + 1, length);
      to += length;
    }
  }
  out = to;
  return wrong;
}

function copyBytes(to: usize, distance: usize, size: u32): void {
  const end = to + size;
  if (distance >= 16) {
    for (let out = to; out < end; out += 16) v128.store(out, v128.load(out - distance));
  } else if (distance >= 8) {
    for (let out = to; out < end; out += 8) store<u64>(out, load<u64>(out - distance));
  } else {
    for (let out = to; out < end; out++) store<u8>(out, load<u8>(out - distance));
  }
}
