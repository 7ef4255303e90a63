/**
 * XXH64 of a stream, of which zstd keeps the low half. 64-bit numbers are pairs of 32-bit halves: BigInt is
 * thirty times slower.
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md (read 2025-11-20)
 */

export interface Xxh64 {
  update(bytes: Uint8Array): void;
  /** The low 32 bits. */
  low(): number;
}

type Pair = readonly [high: number, low: number];

const prime1: Pair = [0x9e3779b1, 0x85ebca87];
const prime2: Pair = [0xc2b2ae3d, 0x27d4eb4f];
const prime3: Pair = [0x165667b1, 0x9e3779f9];
const prime4: Pair = [0x85ebca77, 0xc2b2ae63];
const prime5: Pair = [0x27d4eb2f, 0x165667c5];

/** The result of the arithmetic below. */
let high = 0;
let low = 0;

function set([h, l]: Pair): void {
  high = h;
  low = l;
}

function multiply([bHigh, bLow]: Pair): void {
  const a0 = low & 0xffff;
  const a1 = low >>> 16;
  const b0 = bLow & 0xffff;
  const b1 = bLow >>> 16;
  const first = a0 * b0;
  const middle = a1 * b0 + (first >>> 16);
  const second = a0 * b1 + (middle % 65_536);
  const carried = a1 * b1 + Math.floor(middle / 65_536) + Math.floor(second / 65_536);
  high = (carried + Math.imul(high, bLow) + Math.imul(low, bHigh)) >>> 0;
  low = (((second & 0xffff) << 16) | (first & 0xffff)) >>> 0;
}

function add(h: number, l: number): void {
  const sum = low + l;
  high = (high + h + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  low = sum >>> 0;
}

function rotate(bits: number): void {
  const [h, l] = bits < 32 ? [high, low] : [low, high];
  const by = bits % 32;
  if (by === 0) {
    high = h;
    low = l;
    return;
  }
  high = ((h << by) | (l >>> (32 - by))) >>> 0;
  low = ((l << by) | (h >>> (32 - by))) >>> 0;
}

function xor(h: number, l: number): void {
  high = (high ^ h) >>> 0;
  low = (low ^ l) >>> 0;
}

/** Shifted right and mixed in. */
function mixShifted(bits: number): void {
  if (bits >= 32) xor(0, high >>> (bits - 32));
  else xor(high >>> bits, ((high << (32 - bits)) | (low >>> bits)) >>> 0);
}

/** One lane: the accumulator is in `high` and `low`. */
function round(inHigh: number, inLow: number): void {
  const accHigh = high;
  const accLow = low;
  high = inHigh;
  low = inLow;
  multiply(prime2);
  add(accHigh, accLow);
  rotate(31);
  multiply(prime1);
}

/** As `round`, all in one: this is where the time goes. A half times sixteen bits is exact as a double. */
function quickRound(lanes: Uint32Array, lane: number, inHigh: number, inLow: number): void {
  const p1High = 0x9e3779b1;
  const p1Low = 0x85ebca87;
  const p2High = 0xc2b2ae3d;
  const p2Low = 0x27d4eb4f;
  const middle = inLow * (p2Low >>> 16) + Math.floor((inLow * (p2Low & 0xffff)) / 65_536);
  const top = (middle / 65_536) >>> 0;
  const sum = (lanes[lane + 1] as number) + (Math.imul(inLow, p2Low) >>> 0);
  const carry = sum > 0xffffffff ? 1 : 0;
  const h =
    (top + Math.imul(inHigh, p2Low) + Math.imul(inLow, p2High) + (lanes[lane] as number) + carry) |
    0;
  const l = sum | 0;
  const turnedHigh = (h << 31) | (l >>> 1);
  const turnedLow = ((l << 31) | (h >>> 1)) >>> 0;
  const next = turnedLow * (p1Low >>> 16) + Math.floor((turnedLow * (p1Low & 0xffff)) / 65_536);
  lanes[lane] =
    ((next / 65_536) >>> 0) + Math.imul(turnedHigh, p1Low) + Math.imul(turnedLow, p1High);
  lanes[lane + 1] = Math.imul(turnedLow, p1Low);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

export function xxh64(): Xxh64 {
  // Seed 0: p1 + p2, p2, 0, −p1.
  const lanes = new Uint32Array(8);
  set(prime1);
  add(...prime2);
  lanes.set([high, low, prime2[0], prime2[1], 0, 0]);
  set([~prime1[0] >>> 0, ~prime1[1] >>> 0]);
  add(0, 1);
  lanes.set([high, low], 6);
  const rest = new Uint8Array(32);
  let restBytes = 0;
  let total = 0;

  function stripe(bytes: Uint8Array, at: number): void {
    for (let lane = 0; lane < 8; lane += 2) {
      const from = at + lane * 4;
      quickRound(lanes, lane, word(bytes, from + 4), word(bytes, from));
    }
  }

  function merge(): void {
    set([0, 0]);
    const turns = [1, 7, 12, 18];
    let sumHigh = 0;
    let sumLow = 0;
    for (let lane = 0; lane < 4; lane += 1) {
      set([lanes[lane * 2] as number, lanes[lane * 2 + 1] as number]);
      rotate(turns[lane] as number);
      add(sumHigh, sumLow);
      sumHigh = high;
      sumLow = low;
    }
    for (let lane = 0; lane < 4; lane += 1) {
      const before: Pair = [sumHigh, sumLow];
      set([0, 0]);
      round(lanes[lane * 2] as number, lanes[lane * 2 + 1] as number);
      xor(...before);
      multiply(prime1);
      add(...prime4);
      sumHigh = high;
      sumLow = low;
    }
  }

  return {
    update(bytes) {
      total += bytes.length;
      let at = 0;
      if (restBytes > 0) {
        const size = Math.min(32 - restBytes, bytes.length);
        rest.set(bytes.subarray(0, size), restBytes);
        restBytes += size;
        at = size;
        if (restBytes < 32) return;
        stripe(rest, 0);
      }
      for (; at + 32 <= bytes.length; at += 32) stripe(bytes, at);
      rest.set(bytes.subarray(at));
      restBytes = bytes.length - at;
    },
    low() {
      if (total >= 32) merge();
      else set(prime5);
      add(Math.floor(total / 2 ** 32), total >>> 0);
      let at = 0;
      for (; at + 8 <= restBytes; at += 8) {
        const before: Pair = [high, low];
        set([0, 0]);
        round(word(rest, at + 4), word(rest, at));
        xor(...before);
        rotate(27);
        multiply(prime1);
        add(...prime4);
      }
      if (at + 4 <= restBytes) {
        const before: Pair = [high, low];
        set([0, word(rest, at)]);
        multiply(prime1);
        xor(...before);
        rotate(23);
        multiply(prime2);
        add(...prime3);
        at += 4;
      }
      for (; at < restBytes; at += 1) {
        const before: Pair = [high, low];
        set([0, rest[at] as number]);
        multiply(prime5);
        xor(...before);
        rotate(11);
        multiply(prime1);
      }
      mixShifted(33);
      multiply(prime2);
      mixShifted(29);
      multiply(prime3);
      mixShifted(32);
      return low;
    },
  };
}
