/**
 * Which bytes of a copied document must be looked at: what was not copied and where two copies meet,
 * grown to whole lines.
 */
import { hitsUntil, search, setRange } from './filter';
import { endOfLine, startOfLine } from './lines';

const segmentSize: usize = 12;
const rangeSize: usize = 8;
/** Ranges nearer than this are one: starting a search costs about as much. */
const smallGap: u32 = 32;

let ranges: usize = 0;
let rangesEnd: usize = 0;
let nextRange: usize = 0;

let text: usize = 0;
let textLength: u32 = 0;
let back: u32 = 0;
let on: u32 = 0;

/**
 * The ranges [from, to) of the text in which something can be found that its base does not have
 * at the same place of the same copy. `segments`: as `applyDelta` records them. Grown to whole lines, also to
 * empty ones, but by at most `reachBack` and `reachOn` bytes. Writes two u32 a range to `target`, in order and apart;
 * where there is no room for another the last one grows. Returns how many there are.
 */
export function dirtyRanges(
  segments: usize,
  count: u32,
  baseLength: u32,
  textAt: usize,
  length: u32,
  reachBack: u32,
  reachOn: u32,
  target: usize,
  room: u32,
): u32 {
  ranges = target;
  nextRange = target;
  rangesEnd = target + <usize>room * rangeSize;
  text = textAt;
  textLength = length;
  back = reachBack;
  on = reachOn;
  let done: u32 = 0;
  for (let i: u32 = 0; i < count; i += 1) {
    const segment = segments + <usize>i * segmentSize;
    const start = load<u32>(segment);
    // A copy of the base's start at the start of the text breaks nothing.
    if (start != 0 || load<u32>(segment, 4) != 0) addRange(done, start);
    done = start + load<u32>(segment, 8);
  }
  if (count == 0) {
    addRange(0, length);
  } else {
    const last = segments + <usize>(count - 1) * segmentSize;
    const isWhole = done == length && load<u32>(last, 4) + load<u32>(last, 8) == baseLength;
    if (!isWhole) addRange(done, length);
  }
  return <u32>((nextRange - ranges) / rangeSize);
}

/** How many bytes the ranges of the last `dirtyRanges` have together. */
export function dirtyBytes(): u32 {
  let bytes: u32 = 0;
  for (let range = ranges; range < nextRange; range += rangeSize) {
    bytes += load<u32>(range, 4) - load<u32>(range);
  }
  return bytes;
}

/** Bytes [from, to) are new; when there are none, what stands on both sides of `from` is. */
function addRange(from: u32, to: u32): void {
  const first = from > back ? from - back : 0;
  const last = to < textLength - min(on, textLength) ? to + on : textLength;
  const start = <u32>(startOfLine(text + from, text + first) - text);
  const end = <u32>(endOfLine(text + to, text + last) - text);
  if (nextRange != ranges) {
    const before = nextRange - rangeSize;
    const isNear = start <= load<u32>(before, 4) + smallGap;
    if (isNear || nextRange == rangesEnd) {
      if (load<u32>(before) > start) store<u32>(before, start);
      if (load<u32>(before, 4) < end) store<u32>(before, end, 4);
      return;
    }
  }
  store<u32>(nextRange, start);
  store<u32>(nextRange, end, 4);
  nextRange += rangeSize;
}

let searched: usize = 0;
let searchedEnd: usize = 0;
let resumeAt: usize = 0;

/** Starts a search of `count` ranges of the text; `searchRanges` goes on with it. */
export function openRanges(rangesAt: usize, count: u32, textAt: usize, length: u32): void {
  searched = rangesAt;
  searchedEnd = rangesAt + <usize>count * rangeSize;
  text = textAt;
  textLength = length;
  resumeAt = 0;
}

/** As `search` over all the ranges: returns 0 when done, else it is to be called again. */
export function searchRanges(hitsAt: usize, room: u32): usize {
  let hits = hitsAt;
  const hitsEnd = hitsAt + ((<usize>room) << 3);
  while (searched < searchedEnd) {
    const from = text + load<u32>(searched);
    if (resumeAt == 0) {
      const to = text + load<u32>(searched, 4);
      if (from == to) {
        searched += rangeSize;
        continue;
      }
      setRange(from, to, text, text + textLength);
      resumeAt = from;
    }
    resumeAt = search(resumeAt, hits, <u32>((hitsEnd - hits) >> 3));
    hits = hitsUntil();
    if (resumeAt != 0) return resumeAt;
    searched += rangeSize;
  }
  return 0;
}
