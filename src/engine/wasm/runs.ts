/**
 * Stretches of token characters, for rules that have no literal: first runs of any token characters, in
 * vectors, then in each the places of every rule's own set. The same as `token-runs.ts`, which says why.
 */

/** As `leastTokenRun` of core/rules/token-set.ts. */
const leastRun: usize = 20;
const rangeSize: usize = 8;
const hitBytes: usize = 8;

// One run of the tables: 32 bytes of its set, then these words; the last four are this search's own.
const runBytes: usize = 64;
const leastAt: usize = 32;
const mostAt: usize = 36;
const endsAt: usize = 40;
const stepAt: usize = 44;
const numberAt: usize = 48;
/** Behind the stretch of the set that was met last. */
const stretchEndAt: usize = 52;
/** Its places that are not yet reported: from the one on, in steps, up to the other. 0 is none. */
const hitAt: usize = 56;
const lastAt: usize = 60;

const startsStretch: u32 = 1;
const endsStretch: u32 = 2;

let runs: usize = 0;
let runsEnd: usize = 0;
let reach: usize = 0;

let nextRange: usize = 0;
let rangesEnd: usize = 0;
let textStart: usize = 0;
let textEnd: usize = 0;

let from: usize = 0;
let to: usize = 0;
/** What can be seen of this range ends here. */
let end: usize = 0;
/** Behind the run of tokens whose places are reported. */
let at: usize = 0;

/** Starts a search of `count` ranges of the text [start, end); `searchRuns` goes on with it. */
export function openRuns(
  tables: usize,
  ranges: usize,
  count: u32,
  start: usize,
  behind: usize,
): void {
  runs = tables + load<u32>(tables, 40);
  runsEnd = runs + <usize>load<u32>(tables, 44) * runBytes;
  reach = load<u32>(tables, 48);
  nextRange = ranges;
  rangesEnd = ranges + <usize>count * rangeSize;
  textStart = start;
  textEnd = behind;
  to = 0;
  for (let run = runs; run < runsEnd; run += runBytes) store<u32>(run, 0, hitAt);
}

let hits: usize = 0;

/** Behind the last hit. */
export function runHitsUntil(): usize {
  return hits;
}

/** Returns 0 when done; else there was no room for a hit at this address. */
export function searchRuns(hitsAt: usize, room: u32): usize {
  hits = hitsAt;
  const hitsEnd = hitsAt + <usize>room * hitBytes;
  do {
    for (let run = earliest(); run != 0; run = earliest()) {
      const hit = load<u32>(run, hitAt);
      if (hits + hitBytes > hitsEnd) return hit;
      store<u32>(hits, hit);
      store<u32>(hits, load<u32>(run, numberAt), 4);
      hits += hitBytes;
      advance(run, hit + stepOf(run));
    }
  } while (openRun());
  return 0;
}

/** On to the next run of tokens of this range or of those behind it. False when there is none. */
function openRun(): bool {
  let start: usize = to == 0 ? 0 : nextRun(at);
  while (start == 0 || start >= to) {
    if (nextRange == rangesEnd) return false;
    openRange();
    start = nextRun(at);
  }
  at = endOfRun(start + leastRun);
  for (let run = runs; run < runsEnd; run += runBytes) {
    store<u32>(run, <u32>start, stretchEndAt);
    store<u32>(run, 0, lastAt);
    advance(run, 1);
  }
  return true;
}

function openRange(): void {
  from = textStart + load<u32>(nextRange);
  to = textStart + load<u32>(nextRange, 4);
  nextRange += rangeSize;
  end = min(textEnd, to + reach);
  const least = from - min(reach, from - textStart);
  at = from;
  while (at > least && isToken(load<u8>(at - 1))) at -= 1;
}

/** The run with the first place; 0 when there is none. */
function earliest(): usize {
  let first: usize = 0;
  for (let run = runs; run < runsEnd; run += runBytes) {
    const hit = load<u32>(run, hitAt);
    if (hit != 0 && (first == 0 || hit < load<u32>(first, hitAt))) first = run;
  }
  return first;
}

// Of a byte's low half the rows of ASCII, by its high half, in which it is a token character.
const lowHalves = i8x16(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 7, 21, 13);
const highHalves = i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);

/** One bit for each of sixteen bytes. */
function tokensAt(place: usize): u32 {
  const text = v128.load(place);
  const low = i8x16.swizzle(lowHalves, v128.and(text, i8x16.splat(15)));
  const high = i8x16.swizzle(highHalves, v128.and(i16x8.shr_u(text, 4), i8x16.splat(15)));
  return i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)));
}

function isToken(byte: u8): bool {
  return (
    byte - 0x30 < 10 ||
    (byte | 0x20) - 0x61 < 26 ||
    byte == 0x2b ||
    (byte >= 0x2d && byte <= 0x2f) ||
    byte == 0x3d ||
    byte == 0x5f ||
    byte == 0x7e
  );
}

/** The start of the next run that is long enough, or 0. `start` is no middle of a run. */
function nextRun(start: usize): usize {
  let mask: u64 = 0;
  for (let place = start; place < end; place += 32) {
    let bits = <u64>(tokensAt(place) | (tokensAt(place + 16) << 16));
    if (place + 32 > end) bits &= ((<u64>1) << (end - place)) - 1;
    // The 32 bytes before and these: a bit stays where twenty bits are set from it on.
    mask = (mask >>> 32) | (bits << 32);
    let long = mask & (mask >>> 1);
    long &= long >>> 2;
    long &= long >>> 4;
    long &= long >>> 8;
    long &= long >>> 4;
    if (long != 0) return place - 32 + <usize>ctz(long);
  }
  return 0;
}

function endOfRun(start: usize): usize {
  for (let place = start; place < end; place += 16) {
    const others = tokensAt(place) ^ 0xffff;
    if (others != 0) return min(end, place + <usize>ctz(others));
  }
  return end;
}

function stepOf(run: usize): u32 {
  return load<u32>(run, endsAt) & startsStretch ? 1 : load<u32>(run, stepAt);
}

/** On to the first place in [from, to) that is `next` or further. */
function advance(run: usize, next: u32): void {
  let hit = next;
  while (hit > load<u32>(run, lastAt)) {
    const start = nextStretch(run, load<u32>(run, stretchEndAt));
    if (start >= to) {
      store<u32>(run, 0, hitAt);
      return;
    }
    let stop = start + <usize>load<u32>(run, leastAt);
    while (stop < at && isIn(run, load<u8>(stop))) stop += 1;
    store<u32>(run, <u32>stop, stretchEndAt);
    hit = firstPlace(run, start, stop);
    if (hit < <u32>from) {
      const step = stepOf(run);
      hit += ((<u32>from - hit + step - 1) / step) * step;
    }
  }
  store<u32>(run, hit < <u32>to ? hit : 0, hitAt);
}

/** The start of the next stretch of the set that is long enough, or `to`: most are passed by in one step. */
function nextStretch(run: usize, behind: usize): usize {
  const least = <usize>load<u32>(run, leastAt);
  let start = behind;
  while (start + least <= at) {
    let place = start + least;
    while (place > start && isIn(run, load<u8>(place - 1))) place -= 1;
    if (place == start) return start;
    start = place;
  }
  return to;
}

function isIn(set: usize, byte: u8): bool {
  return <bool>(((<u32>load<u8>(set + (byte >> 3))) >>> (byte & 7)) & 1);
}

/** The first place of a stretch; the last one is stored, 0 where there is none. */
function firstPlace(run: usize, start: usize, stop: usize): u32 {
  const length = <u32>(stop - start);
  const least = load<u32>(run, leastAt);
  const bound = load<u32>(run, mostAt);
  const most = bound == 0 ? u32.MAX_VALUE : bound;
  const ends = load<u32>(run, endsAt);
  const isEnded = (ends & endsStretch) != 0;
  store<u32>(run, 0, lastAt);
  if (ends & startsStretch) {
    // The letter of an escape may be no part of it.
    const isLonger = isEnded && length > most;
    const isMore = length > least && !(isEnded && length - 1 > most) && isEscaped(start);
    if (isLonger && !isMore) return 1;
    store<u32>(run, <u32>start + <u32>isMore, lastAt);
    return <u32>start + <u32>isLonger;
  }
  const first = isEnded && length > most ? <u32>stop - most : <u32>start;
  store<u32>(run, isEnded && least == most ? first : <u32>stop - 1, lastAt);
  return first;
}

/** In JSON and source strings `\n` may stand before a token. */
function isEscaped(place: usize): bool {
  const byte = load<u8>(place);
  const isLetter = byte == 0x6e || byte == 0x72 || byte == 0x74;
  return isLetter && place > textStart && load<u8>(place - 1) == 0x5c;
}
