/** The way back from text that was taken out of a file: which of the file's bytes a place in it came from. */
import type { Span } from './spans.ts';

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

/** One stretch of text after the other; `width` 0 is packed. */
export function createTextMap(): TextMap {
  let starts: number[] = [];
  let places: number[] = [];
  let widths: number[] = [];
  let extents: number[] = [];
  let length = 0;

  function begin(at: number, width: number, bytes: number): void {
    starts.push(length);
    places.push(at);
    widths.push(width);
    extents.push(bytes);
  }

  function stretchAt(offset: number): number {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  function placeIn(stretch: number, offset: number, isEnd: boolean): number {
    const place = places[stretch] ?? 0;
    const width = widths[stretch] ?? 1;
    if (width === 0) return isEnd ? place + (extents[stretch] ?? 0) : place;
    return place + (offset - (starts[stretch] ?? 0)) * width;
  }

  return {
    length: () => length,
    add(count, at, width) {
      const last = starts.length - 1;
      // Strings with one byte between them, as most are, go on as one stretch.
      if (last < 0 || widths[last] !== width || placeIn(last, length, false) !== at) {
        begin(at, width, 0);
      }
      length += count;
    },
    addPacked(count, at, bytes) {
      begin(at, 0, bytes);
      length += count;
    },
    locate(from, to) {
      const first = stretchAt(from);
      const last = stretchAt(Math.max(from, to - 1));
      const start = placeIn(first, from, false);
      const end = placeIn(last, to, true);
      return {
        start,
        // What goes on before where it began is told as far as it is in one piece.
        end: end > start ? end : placeIn(first, Math.min(to, starts[first + 1] ?? to), true),
        isPacked: widths[first] === 0,
        isWide: widths[first] === 2,
      };
    },
    forget(offset) {
      const stretch = stretchAt(offset);
      // Seldom, so that dropping them costs little.
      if (stretch < 65_536) return;
      starts = starts.slice(stretch);
      places = places.slice(stretch);
      widths = widths.slice(stretch);
      extents = extents.slice(stretch);
    },
  };
}
