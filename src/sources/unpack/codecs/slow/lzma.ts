/** LZMA in JavaScript, where there is no WebAssembly: a range coder's bits → bytes in a window. Knows nothing of the frame around them. */
import { damaged } from '../../archive-error.ts';
import type { LzmaDecoder, Window } from '../lzma.ts';

// Probabilities: where each group of them begins.
const states = 12;
const isMatchAt = 0;
const isRepAt = isMatchAt + (states << 4);
const isRep0At = isRepAt + states;
const isRep1At = isRep0At + states;
const isRep2At = isRep1At + states;
const isRep0LongAt = isRep2At + states;
const slotAt = isRep0LongAt + (states << 4);
const specialAt = slotAt + (4 << 6);
const alignAt = specialAt + 128;
const lengthAt = alignAt + 16;
const lengthSize = 2 + (16 << 3) * 2 + 256;
const repLengthAt = lengthAt + lengthSize;
const literalAt = repLengthAt + lengthSize;
const even = 1_024;
/** Turned over, signed numbers compare as unsigned ones: those above 2³¹ would be objects, and slow. */
const sign = -0x80000000;

/** @see https://www.7-zip.org/sdk.html (lzma-specification.txt; read 2025-11-20) */
export function slowLzma(window: Window): LzmaDecoder {
  let probs = new Uint16Array(literalAt);
  let lc = 0;
  let lpMask = 0;
  let pbMask = 0;
  let state = 0;
  let rep0 = 0;
  let rep1 = 0;
  let rep2 = 0;
  let rep3 = 0;
  let source: Buffer = Buffer.alloc(0);
  let at = 0;
  let position = 0;
  let range = 0;
  let code = 0;

  function normalise(): void {
    if (range >>> 0 >= 0x1000000) return;
    range <<= 8;
    // Behind the end zeros are read; the caller sees that too much was.
    code = (code << 8) | (source[at] ?? 0);
    at += 1;
  }

  function bit(index: number): number {
    const prob = probs[index] as number;
    const bound = Math.imul(range >>> 11, prob);
    if ((code ^ sign) < (bound ^ sign)) {
      range = bound;
      probs[index] = prob + ((2_048 - prob) >> 5);
      normalise();
      return 0;
    }
    range = (range - bound) | 0;
    code = (code - bound) | 0;
    probs[index] = prob - (prob >> 5);
    normalise();
    return 1;
  }

  function tree(base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i += 1) node = (node << 1) | bit(base + node);
    return node - (1 << bits);
  }

  function reverseTree(base: number, bits: number): number {
    let node = 1;
    let found = 0;
    for (let i = 0; i < bits; i += 1) {
      const one = bit(base + node);
      node = (node << 1) | one;
      found |= one << i;
    }
    return found;
  }

  function direct(bits: number): number {
    let found = 0;
    for (let i = 0; i < bits; i += 1) {
      range >>>= 1;
      const one = (code ^ sign) >= (range ^ sign) ? 1 : 0;
      if (one) code = (code - range) | 0;
      normalise();
      found = ((found << 1) | one) >>> 0;
    }
    return found;
  }

  function readLength(base: number, posState: number): number {
    if (bit(base) === 0) return 2 + tree(base + 2 + (posState << 3), 3);
    if (bit(base + 1) === 0) return 10 + tree(base + 2 + 128 + (posState << 3), 3);
    return 18 + tree(base + 2 + 256, 8);
  }

  function readDistance(length: number): number {
    const slot = tree(slotAt + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + reverseTree(specialAt + base - slot, bits);
    return base + direct(bits - 4) * 16 + reverseTree(alignAt, 4);
  }

  function literal(position: number): void {
    const { bytes } = window;
    const before = position > window.start ? (bytes[position - 1] as number) : 0;
    const place = (((position - window.base) & lpMask) << lc) + (before >> (8 - lc));
    const base = literalAt + place * 0x300;
    let symbol = 1;
    if (state >= 7) {
      let matched = bytes[position - rep0 - 1] as number;
      while (symbol < 0x100) {
        const matchedBit = (matched >> 7) & 1;
        matched <<= 1;
        const one = bit(base + ((1 + matchedBit) << 8) + symbol);
        symbol = (symbol << 1) | one;
        if (one !== matchedBit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(base + symbol);
    bytes[position] = symbol & 0xff;
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  /** Returns the length of what is copied from `rep0 + 1` bytes before. */
  function copied(posState: number): number {
    if (bit(isRepAt + state) === 0) {
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      const length = readLength(lengthAt, posState);
      state = state < 7 ? 7 : 10;
      rep0 = readDistance(length);
      return length;
    }
    if (bit(isRep0At + state) === 0) {
      if (bit(isRep0LongAt + (state << 4) + posState) === 0) {
        state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      let distance = rep1;
      if (bit(isRep1At + state) === 1) {
        distance = rep2;
        if (bit(isRep2At + state) === 1) {
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

  function begin(head: Buffer): void {
    source = head;
    if (source[0] !== 0 || source.length < 5) throw damaged('LZMA data do not begin as such');
    code = source.readInt32BE(1);
    range = -1;
    at = 5;
  }

  /** True at the mark that ends the data. No symbol is begun behind `last`, nor from `stop` on. */
  function unpack(from: number, stop: number, end: number, last: number): boolean {
    const { bytes, start, base } = window;
    position = from;
    while (position < stop && at <= last) {
      const posState = (position - base) & pbMask;
      if (bit(isMatchAt + (state << 4) + posState) === 0) {
        if (state >= 7 && rep0 >= position - start)
          throw damaged('LZMA data refer to what is not there');
        literal(position);
        position += 1;
        continue;
      }
      const length = copied(posState);
      const copy = position - rep0 - 1;
      if (copy < start || position + length > end) {
        if (rep0 === 0xffffffff) return true;
        throw damaged('LZMA data refer to what is not there');
      }
      if (rep0 + 1 >= length) bytes.copyWithin(position, copy, copy + length);
      else for (let i = 0; i < length; i += 1) bytes[position + i] = bytes[copy + i] as number;
      position += length;
    }
    return false;
  }

  return {
    reset(properties) {
      if (properties !== undefined) {
        if (properties >= 9 * 5 * 5) throw damaged('LZMA properties make no sense');
        lc = properties % 9;
        const lp = Math.floor(properties / 9) % 5;
        lpMask = (1 << lp) - 1;
        pbMask = (1 << Math.floor(properties / 45)) - 1;
        if (lc + lp > 4) throw damaged('LZMA properties make no sense');
        const size = literalAt + (0x300 << (lc + lp));
        if (probs.length !== size) probs = new Uint16Array(size);
      }
      probs.fill(even);
      state = 0;
      rep0 = rep1 = rep2 = rep3 = 0;
    },
    decode(packed, size) {
      begin(packed);
      const end = window.end + size;
      const hasEnded = unpack(window.end, end, end, packed.length);
      if (hasEnded) throw damaged('LZMA data refer to what is not there');
      if (at !== packed.length || position !== end) throw damaged('LZMA data end early');
      window.end = end;
    },
    begin,
    resume(packed, last, most, limit) {
      source = packed;
      at = 0;
      const { end } = window;
      const hasEnded = unpack(end, end + most, end + limit, last);
      if (at > packed.length) throw damaged('LZMA data end early');
      window.end = position;
      return { used: at, hasEnded };
    },
    isSpent: () => code === 0,
  };
}
