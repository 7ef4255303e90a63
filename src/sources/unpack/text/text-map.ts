/** The way back from text that was taken out of a file: which of the file's bytes a place in it came from. */
import type { Span } from './spans.ts';
import { readStretches, stretchWriter, type Stretch } from './stretches.ts';

export interface Located extends Span {
  /** The text was packed: the span is that of all that was packed together. */
  readonly isPacked: boolean;
  readonly isWide: boolean;
}

export interface TextMap {
  /** The next `length` bytes of text stand in the file from `at`, one for each `width` bytes there. */
  add(length: number, at: number, width: 1 | 2): void;
  /** The next `length` bytes of text came out of the file's [at, at + bytes). */
  addPacked(length: number, at: number, bytes: number): void;
  /** Where text [from, to) came from. */
  locate(from: number, to: number): Located;
  /** Text before `offset` is no longer asked for. */
  forget(offset: number): void;
  /** Bytes of text so far. */
  readonly length: () => number;
}

/** Stretches that lie packed together: what is asked for is looked for among so many. */
const groupStretches = 256;

interface Group {
  /** Where its first stretch begins in the text. */
  readonly start: number;
  readonly bytes: Buffer;
}

/** A file can be made of strings of one letter: stretches are kept in a few bytes each. */
export function createTextMap(): TextMap {
  let groups: Group[] = [];
  const writer = stretchWriter();
  let groupStart = 0;
  let length = 0;
  /** Grows until another one begins. */
  let last: Stretch | undefined;

  function begin(place: number, width: 0 | 1 | 2, extent: number): void {
    if (last) {
      if (writer.count() === 0) groupStart = last.start;
      writer.put(last);
      if (writer.count() === groupStretches) {
        groups.push({ start: groupStart, bytes: writer.take() });
      }
    }
    last = { start: length, end: length, place, width, extent };
  }

  function stretchAt(offset: number): Stretch {
    if (!last) return { start: 0, end: 0, place: 0, width: 1, extent: 0 };
    if (offset >= last.start) return last;
    const isOpen = writer.count() > 0 && offset >= groupStart;
    const group = isOpen ? { start: groupStart, bytes: writer.written() } : groupAt(offset);
    let found = last;
    if (!group) return found;
    for (const one of readStretches(group.bytes, group.start)) {
      found = one;
      if (offset < one.end) break;
    }
    return found;
  }

  function groupAt(offset: number): Group | undefined {
    return groups[Math.max(0, behindLast(groups, offset) - 1)];
  }

  return {
    length: () => length,
    add(count, at, width) {
      // Strings with one byte between them, as most are, go on as one stretch.
      if (last?.width !== width || placeIn(last, length, false) !== at) begin(at, width, 0);
      length += count;
      if (last) last.end = length;
    },
    addPacked(count, at, bytes) {
      begin(at, 0, bytes);
      length += count;
      if (last) last.end = length;
    },
    locate(from, to) {
      const first = stretchAt(from);
      const start = placeIn(first, from, false);
      const end = placeIn(stretchAt(Math.max(from, to - 1)), to, true);
      return {
        start,
        // What goes on before where it began is told as far as it is in one piece.
        end: end > start ? end : placeIn(first, Math.min(to, first.end), true),
        isPacked: first.width === 0,
        isWide: first.width === 2,
      };
    },
    forget(offset) {
      const behind = behindLast(groups, offset) - 1;
      // Seldom, so that dropping them costs little.
      if (behind >= groupStretches) groups = groups.slice(behind);
    },
  };
}

function placeIn({ start, place, width, extent }: Stretch, offset: number, isEnd: boolean): number {
  if (width === 0) return isEnd ? place + extent : place;
  return place + (offset - start) * width;
}

/** How many groups begin at or before an offset. */
function behindLast(groups: readonly Group[], offset: number): number {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((groups[middle] as Group).start <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
