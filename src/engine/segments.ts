/** What a delta copied, and whether all that a stretch says came along with it. */
import type { Copied } from '../core/model/sink.ts';

/** A copied stretch: `length` bytes at `from` of the base stand at `to` of the result. */
export interface Segment {
  readonly to: number;
  readonly from: number;
  readonly length: number;
  /** It starts both documents. */
  readonly reachesStart: boolean;
  /** It ends both documents. */
  readonly reachesEnd: boolean;
}

/**
 * Whether all that [from, to) of the base says, its ends included, is said by the copy alone. What
 * comes to start the text says something else.
 */
export function isWithin(segment: Segment, length: number, from: number, to: number): boolean {
  const isMoreBefore = from > segment.from || (from === segment.from && segment.to > 0);
  const isStartIn = from > 0 ? isMoreBefore : segment.reachesStart;
  const isEndIn = to < length ? to <= segment.from + segment.length : segment.reachesEnd;
  return isStartIn && isEndIn;
}

/** Where what this copy took starts in the base. Most copies hold nothing that is remembered. */
export function copyStart(copied: Copied, number: number, words: Uint32Array): number {
  return words[(copied.segments >> 2) + number * 3 + 1] as number;
}

/** Where it ends there. */
export function copyEnd(copied: Copied, number: number, words: Uint32Array): number {
  return (
    copyStart(copied, number, words) + (words[(copied.segments >> 2) + number * 3 + 2] as number)
  );
}

/** The copy of this number; `length` is that of the result, `words` the memory that the copies are in. */
export function segmentAt(
  copied: Copied,
  number: number,
  length: number,
  words: Uint32Array,
): Segment {
  const word = (copied.segments >> 2) + number * 3;
  const to = words[word] as number;
  const from = words[word + 1] as number;
  const size = words[word + 2] as number;
  return {
    to,
    from,
    length: size,
    reachesStart: to === 0 && from === 0,
    reachesEnd: to + size === length && from + size === copied.length,
  };
}

/** Where there are more, the last one grows. */
export const mostRanges = 4_096;

/** `count` ranges of two words each from word `first` on, in order. */
export function isInRanges(
  words: Uint32Array,
  first: number,
  count: number,
  place: number,
): boolean {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[first + middle * 2 + 1] as number) <= place) low = middle + 1;
    else high = middle;
  }
  return low < count && (words[first + low * 2] as number) <= place;
}
