/** The text of an original as it stands in a map, escaped: places in it, and where a key stands in it. */
import type { Span } from './json-layout.ts';
import type { Place } from './mappings.ts';

/** How much may still be looked at. A map can be made so that each question asks for all of it. */
export interface Work {
  left: number;
}

export interface Content {
  /** Line and column of the byte at `offset`. */
  placeAt(offset: number): Place | undefined;
  /** A line, cut when it is very long; undefined where there is none. */
  lineAt(line: number): string | undefined;
  /** Of the places where the escaped text stands, the nearest one. */
  nearest(escaped: Buffer, to: Place): Place | undefined;
}

const lineFeed = 0x0a;
const backslash = 0x5c;
const mostOccurrences = 16;
const longestLine = 4_000;
/** Looking through bytes natively costs so much less than stepping over them. */
const searchWeight = 1 / 8;

/** Each question is answered from where the last one ended, if that is not behind it. */
export function contentOf(bytes: Buffer, { from, to }: Span, work: Work): Content {
  let at = from;
  let line = 0;
  let column = 0;

  function step(): void {
    const byte = bytes[at] as number;
    let length = 1;
    let isBreak = byte === lineFeed;
    let units = (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
    if (byte === backslash) {
      const letter = bytes[at + 1];
      length = letter === 0x75 ? 6 : 2;
      isBreak =
        letter === 0x6e || (length === 6 && bytes.toString('latin1', at + 2, at + 6) === '000a');
      units = 1;
    }
    at += length;
    work.left -= 1;
    line += isBreak ? 1 : 0;
    column = isBreak ? 0 : column + units;
  }

  function restart(): void {
    at = from;
    line = 0;
    column = 0;
  }

  function placeAt(offset: number): Place | undefined {
    if (offset < at) restart();
    while (at < Math.min(offset, to) && work.left > 0) step();
    return at >= offset ? { line, column } : undefined;
  }

  return {
    placeAt,
    lineAt(wanted) {
      if (line > wanted || (line === wanted && column > 0)) restart();
      while (line < wanted && at < to && work.left > 0) step();
      if (line !== wanted) return undefined;
      const start = at;
      let end = at;
      while (line === wanted && at < to && at - start < longestLine) {
        end = at;
        step();
      }
      return unescaped(bytes.toString('utf8', start, line === wanted ? Math.min(at, to) : end));
    },
    nearest(escaped, near) {
      const text = bytes.subarray(from, to);
      let best: Place | undefined;
      let next = 0;
      for (let count = 0; count < mostOccurrences && work.left > 0; count += 1) {
        const found = text.indexOf(escaped, next);
        work.left -= ((found < 0 ? text.length : found) - next) * searchWeight;
        if (found < 0) break;
        next = found + escaped.length;
        const place = placeAt(from + found);
        if (place && (!best || isNearer(place, best, near))) best = place;
      }
      return best;
    },
  };
}

/** Cut text may end within an escape that means nothing. */
function unescaped(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNearer(a: Place, b: Place, to: Place): boolean {
  const lines = Math.abs(a.line - to.line) - Math.abs(b.line - to.line);
  return (
    lines < 0 || (lines === 0 && Math.abs(a.column - to.column) < Math.abs(b.column - to.column))
  );
}
