/**
 * The cheap search for all anchors at once. Reads the tables of `core/rules/filter-tables.ts`: two
 * reads a gram, one in a bit table and, where the bit is set, one in a table of exact grams; then the
 * bytes around the anchor are compared with what the pattern says of them.
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

/** Grams that the table of exact grams was asked about. */
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
 * Reads up to 19 bytes behind the text: whatever stands there changes nothing.
 */
export function search(from: usize, hitsAt: usize, room: u32): usize {
  hits = hitsAt;
  hitsEnd = hitsAt + <usize>room * hitBytes;
  const table = bits;
  const shift = bitShift;
  // An anchor's gram can start behind the anchor's own start.
  const farthest = anchorsTo + farthestGram;
  const stop = farthest < textEnd ? farthest : textEnd;
  for (let at = from; at < stop; at += 16) {
    const a = bitOf(load<u32>(at), table, shift);
    const b = bitOf(load<u32>(at, 2), table, shift);
    const c = bitOf(load<u32>(at, 4), table, shift);
    const d = bitOf(load<u32>(at, 6), table, shift);
    const e = bitOf(load<u32>(at, 8), table, shift);
    const f = bitOf(load<u32>(at, 10), table, shift);
    const g = bitOf(load<u32>(at, 12), table, shift);
    const h = bitOf(load<u32>(at, 14), table, shift);
    if (((a | b | c | d | e | f | g | h) & 1) == 0) continue;
    const before = hits;
    const isRoom =
      ((a & 1) == 0 || look(at)) &&
      ((b & 1) == 0 || look(at + 2)) &&
      ((c & 1) == 0 || look(at + 4)) &&
      ((d & 1) == 0 || look(at + 6)) &&
      ((e & 1) == 0 || look(at + 8)) &&
      ((f & 1) == 0 || look(at + 10)) &&
      ((g & 1) == 0 || look(at + 12)) &&
      ((h & 1) == 0 || look(at + 14));
    if (!isRoom) {
      // These sixteen bytes are looked at again from their start.
      hits = before;
      return at;
    }
  }
  return 0;
}

/** Behind the last hit of the last search. */
export function hitsUntil(): usize {
  return hits;
}

/** Bit 0 says whether the gram may be in the tables: both its bits are set in its word. */
function bitOf(gram: u32, table: usize, shift: u32): u32 {
  const hash = gram * gramFactor;
  const word = load<u32>(table + ((hash >>> shift) & wordMask));
  return (word >>> (hash >>> (shift - 3))) & (word >>> (hash >>> (shift - 8)));
}

/** Addresses of words are multiples of 4. */
const wordMask: u32 = 0xfffffffc;

/** All patterns that have the gram at this place. False when the hits have no room. */
function look(at: usize): bool {
  candidateCount += 1;
  const gram = load<u32>(at);
  let slot = slots + ((<usize>((gram * slotFactor) >>> slotShift)) << 3);
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
