/**
 * The cheap search for all anchors at once. Reads the tables of `core/rules/filter-tables.ts`: one
 * read a gram in a table of two bits a gram, and where both are set one in a table of exact grams; then
 * the bytes around the anchor are compared with what the pattern says of them.
 *
 * Text is gone through in stretches, each three times: nine of ten candidates are none, and a machine that
 * guesses wrong at each of them does nothing else meanwhile.
 */

const gramFactor: u32 = 0x9e3779b1;
const slotFactor: u32 = 0x85ebca6b;
const lastInList: u32 = 1 << 23;
const patternMask: u32 = lastInList - 1;
/** A slot holds its only entry itself; without this mark it says where its list is. */
const isEntry: u32 = 1 << 31;
const offsetMask: u32 = 0x7f;
const offsetBias: usize = 8;
const patternBytes: u32 = 40;
const runBytes: usize = 6;
const hitBytes: usize = 8;

const stretchBytes: usize = 2_048;
/** Places of a stretch, two bytes each: every second may be one. */
const candidates: usize = memory.data(2_048, 16);
/** Where the bits of sixteen grams lie. */
const addresses: usize = memory.data(64, 16);

let bits: usize = 0;
let bitShift: u32 = 0;
let slots: usize = 0;
let slotShift: u32 = 0;
let lists: usize = 0;
let patterns: usize = 0;
let classes: usize = 0;
let farthestGram: usize = 0;
let tables: usize = 0;

/** The tables to search with, at an address that is a multiple of 4. */
export function useTables(address: usize): void {
  tables = address;
  bits = address + load<u32>(address);
  bitShift = load<u32>(address, 4);
  slots = address + load<u32>(address, 8);
  slotShift = load<u32>(address, 12);
  lists = address + load<u32>(address, 16);
  patterns = address + load<u32>(address, 20);
  classes = address + load<u32>(address, 24);
  farthestGram = load<u32>(address, 36);
}

let anchorsFrom: usize = 0;
let anchorsTo: usize = 0;
let textStart: usize = 0;
let textEnd: usize = 0;
let hits: usize = 0;
let hitsEnd: usize = 0;

/** Grams of which both bits were set. */
export let candidateCount: u32 = 0;

/** What is searched next: anchors that start in [from, to) of the text [start, end). */
export function setRange(from: usize, to: usize, start: usize, end: usize): void {
  anchorsFrom = from;
  anchorsTo = to;
  textStart = start;
  textEnd = end;
}

/**
 * Goes on with the range from `from`, which is its start or what the call before returned. Each hit
 * is two numbers: the address of the anchor and the number of its pattern; they come nearly in order
 * of address. Returns where it stopped: 0 when done, else there was no room for another hit.
 *
 * Reads up to 33 bytes behind the text: whatever stands there changes nothing.
 */
export function search(from: usize, hitsAt: usize, room: u32): usize {
  hits = hitsAt;
  hitsEnd = hitsAt + <usize>room * hitBytes;
  // An anchor's gram can start behind the anchor's own start.
  const farthest = anchorsTo + farthestGram;
  const stop = farthest < textEnd ? farthest : textEnd;
  for (let at = from; at < stop; at += stretchBytes) {
    const until = collect(at, min(at + stretchBytes, stop));
    if (until == candidates) continue;
    const stopped = lookAtAll(at, keepListed(at, until));
    if (stopped != 0) return stopped;
  }
  return 0;
}

/** Behind the last hit of the last search. */
export function hitsUntil(): usize {
  return hits;
}

/** Blocks of so many bytes hold sixteen grams, on every second place. */
const blockBytes: usize = 32;

/** The grams of a stretch of which both bits are set become its candidates; returns behind the last. */
function collect(start: usize, end: usize): usize {
  const table = i32x4.splat(<i32>bits);
  const shift = bitShift;
  const factor = i32x4.splat(gramFactor);
  const powers = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const seven = i8x16.splat(7);
  let until = candidates;
  for (let at = start; at < end; at += blockBytes) {
    const a = i32x4.mul(folded(v128.load(at)), factor);
    const b = i32x4.mul(folded(v128.load(at, 2)), factor);
    const c = i32x4.mul(folded(v128.load(at, 16)), factor);
    const d = i32x4.mul(folded(v128.load(at, 18)), factor);
    // Through memory: taking numbers out of a vector one by one is slower.
    v128.store(addresses, i32x4.add(i32x4.shr_u(a, shift), table));
    v128.store(addresses, i32x4.add(i32x4.shr_u(b, shift), table), 16);
    v128.store(addresses, i32x4.add(i32x4.shr_u(c, shift), table), 32);
    v128.store(addresses, i32x4.add(i32x4.shr_u(d, shift), table), 48);
    // Byte by byte a, b, c, d, a, …: so they need no moving.
    let ab = i8x16.splat(0);
    let cd = i8x16.splat(0);
    ab = v128.load8_lane(load<u32>(addresses), ab, 0);
    ab = v128.load8_lane(load<u32>(addresses, 16), ab, 1);
    cd = v128.load8_lane(load<u32>(addresses, 32), cd, 2);
    cd = v128.load8_lane(load<u32>(addresses, 48), cd, 3);
    ab = v128.load8_lane(load<u32>(addresses, 4), ab, 4);
    ab = v128.load8_lane(load<u32>(addresses, 20), ab, 5);
    cd = v128.load8_lane(load<u32>(addresses, 36), cd, 6);
    cd = v128.load8_lane(load<u32>(addresses, 52), cd, 7);
    ab = v128.load8_lane(load<u32>(addresses, 8), ab, 8);
    ab = v128.load8_lane(load<u32>(addresses, 24), ab, 9);
    cd = v128.load8_lane(load<u32>(addresses, 40), cd, 10);
    cd = v128.load8_lane(load<u32>(addresses, 56), cd, 11);
    ab = v128.load8_lane(load<u32>(addresses, 12), ab, 12);
    ab = v128.load8_lane(load<u32>(addresses, 28), ab, 13);
    cd = v128.load8_lane(load<u32>(addresses, 44), cd, 14);
    cd = v128.load8_lane(load<u32>(addresses, 60), cd, 15);
    const marks = v128.or(
      v128.or(v128.and(i32x4.shr_u(a, 8), i32x4.splat(0xff)), v128.and(b, i32x4.splat(0xff00))),
      v128.or(
        v128.and(i32x4.shl(c, 8), i32x4.splat(0xff0000)),
        v128.and(i32x4.shl(d, 16), i32x4.splat(0xff000000)),
      ),
    );
    const mask = v128.or(
      i8x16.swizzle(powers, v128.and(marks, seven)),
      i8x16.swizzle(powers, v128.and(i16x8.shr_u(marks, 3), seven)),
    );
    let found = i8x16.bitmask(i8x16.eq(v128.and(v128.or(ab, cd), mask), mask));
    if (found == 0) continue;
    do {
      const lane = <usize>ctz(found);
      found &= found - 1;
      const place = at - start + (lane & 12) + ((lane & 1) << 1) + ((lane & 2) << 3);
      store<u16>(until, <u16>place);
      until += 2;
    } while (found != 0);
  }
  candidateCount += <u32>((until - candidates) >> 1);
  return until;
}

/** Grams know no control characters and nothing beyond ASCII: the same in core/rules/filter-tables.ts. */
function folded(text: v128): v128 {
  return i8x16.max_u(i8x16.min_u(text, i8x16.splat(<i8>0x80)), i8x16.splat(0x20));
}

function gramAt(at: usize): u32 {
  return <u32>i32x4.extract_lane(folded(v128.load32_zero(at)), 0);
}

/** Drops candidates whose slot is free. No step waits for another: the slots come from afar. */
function keepListed(start: usize, until: usize): usize {
  let kept = candidates;
  for (let one = candidates; one < until; one += 2) {
    const place = load<u16>(one);
    store<u16>(kept, place);
    kept += (<usize>(load<u32>(slotOf(gramAt(start + place)), 4) != 0)) << 1;
  }
  return kept;
}

function slotOf(gram: u32): usize {
  return slots + ((<usize>((gram * slotFactor) >>> slotShift)) << 3);
}

/** Returns 0, or the start of the block in which the hits had no more room: it is to be looked at again. */
function lookAtAll(start: usize, until: usize): usize {
  let block: usize = 0;
  let before = hits;
  for (let one = candidates; one < until; one += 2) {
    const place = <usize>load<u16>(one);
    if ((place & ~(blockBytes - 1)) != block) {
      block = place & ~(blockBytes - 1);
      before = hits;
    }
    if (look(start + place)) continue;
    hits = before;
    return start + block;
  }
  return 0;
}

/** All patterns that have the gram at this place. False when the hits have no room. */
function look(at: usize): bool {
  const gram = gramAt(at);
  let slot = slotOf(gram);
  let entry = load<u32>(slot, 4);
  while (entry != 0 && load<u32>(slot) != gram) {
    slot += 8;
    entry = load<u32>(slot, 4);
  }
  if (entry == 0) return true;
  if (entry & isEntry) return note(at, entry);
  let item = lists + ((<usize>entry) << 2);
  do {
    entry = load<u32>(item);
    item += 4;
    if (!note(at, entry)) return false;
  } while (!(entry & lastInList));
  return true;
}

/** The hit, if the pattern fits around this gram. False when there is no room. */
function note(at: usize, entry: u32): bool {
  const anchor = at - (<usize>((entry >>> 24) & offsetMask) - offsetBias);
  if (anchor < anchorsFrom || anchor >= anchorsTo) return true;
  const number = entry & patternMask;
  if (!fits(patterns + <usize>(number * patternBytes), anchor)) return true;
  if (hits + hitBytes > hitsEnd) return false;
  store<u32>(hits, <u32>anchor);
  store<u32>(hits, number, 4);
  hits += hitBytes;
  return true;
}

const backslash: u8 = 0x5c;

/** Whether what stands around the anchor can be a match. */
function fits(pattern: usize, anchor: usize): bool {
  // The anchor's first eight bytes, as far as each is one character in one or both cases.
  if ((load<u64>(anchor) & load<u64>(pattern, 24)) != load<u64>(pattern, 32)) return false;
  const before = load<u32>(pattern, 8);
  if (before != 0 && anchor > textStart) {
    const byte = load<u8>(anchor - 1);
    if (!isIn(before - 1, byte) && !(isEscapeLetter(byte) && isAfterBackslash(anchor - 1)))
      return false;
  }
  const anchorEnd = anchor + load<u32>(pattern, 4);
  if (anchorEnd > textEnd) return false;
  let run = tables + load<u32>(pattern, 16);
  const runsEnd = run + <usize>load<u32>(pattern, 12) * runBytes;
  let at = anchor + <usize>load<u16>(pattern, 22);
  for (; run < runsEnd; run += runBytes) {
    const set = <u32>load<u16>(run);
    const min = <usize>load<u16>(run, 2);
    const max = <usize>load<u16>(run, 4);
    const least = at + min;
    if (least > textEnd) return false;
    const most = at + max < textEnd ? at + max : textEnd;
    while (at < most) {
      const byte = load<u8>(at);
      // An escaped line break counts for a blank: what follows is for the pattern itself to say.
      if (byte == backslash && at >= anchorEnd && isEscapeLetter(load<u8>(at, 1))) return true;
      if (!isIn(set, byte)) break;
      at += 1;
    }
    if (at < least) return false;
  }
  const leastValue = <u32>load<u16>(pattern, 20);
  return leastValue == 0 || mayAssign(anchorEnd, leastValue);
}

function isIn(set: u32, byte: u8): bool {
  return <bool>(((<u32>load<u8>(classes + ((<usize>set) << 5) + (byte >> 3))) >>> (byte & 7)) & 1);
}

function isEscapeLetter(byte: u8): bool {
  return byte == 0x6e || byte == 0x72 || byte == 0x74;
}

function isAfterBackslash(at: usize): bool {
  return at > textStart && load<u8>(at - 1) == backslash;
}

const lineBreak: u8 = 10;
// The first classes of the tables, in this order.
const nameSet: u32 = 0;
const closingSet: u32 = 1;
const blankSet: u32 = 2;
const operatorSet: u32 = 3;
/** The longest way from operator to value: blanks, a call, quotes, `Bearer `. */
const farthestValue: usize = 48;

/** As `mayAssign` of core/rules/assignment.ts: can this be an assignment of such a value? */
function mayAssign(behindWord: usize, leastValue: u32): bool {
  const nameEnd = skip(nameSet, behindWord);
  const closingEnd = skip(closingSet, nameEnd);
  const at = skip(blankSet, closingEnd);
  const next = byteAt(at);
  // `name value="…"` and `name "…"`; an arrow's dash may have been taken for part of the name.
  const isSpaced = at > closingEnd && (next == 0x76 || next == 0x22 || next == 0x27);
  const isArrow = nameEnd > behindWord && next == 0x3e;
  if (!isIn(operatorSet, next) && !isSpaced && !isArrow) return false;
  return hasRun(at + 1, leastValue);
}

function skip(set: u32, from: usize): usize {
  let at = from;
  while (at < textEnd && isIn(set, load<u8>(at))) at += 1;
  return at;
}

function byteAt(at: usize): u8 {
  return at < textEnd ? load<u8>(at) : lineBreak;
}

/** A run of `least` bytes without a blank on this line, not far from `from`. */
function hasRun(from: usize, least: u32): bool {
  const end = from + farthestValue + least;
  let run: u32 = 0;
  for (let at = from; at < end; at += 1) {
    const byte = byteAt(at);
    if (byte == lineBreak) return false;
    run = isIn(blankSet, byte) ? 0 : run + 1;
    if (run >= least) return true;
  }
  return false;
}
