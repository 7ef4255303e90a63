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
