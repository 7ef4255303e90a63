/**
 * Places in a built file → places in its originals, in one pass over the mappings as they stand in the
 * map. Memory depends on how many places are asked for and not on the map: decoded, the mappings of a
 * bundle of 30 MB would fill 400 MB.
 * @see https://tc39.es/ecma426/#sec-mappings (read 2026-11-26)
 */
import type { Span } from './json-layout.ts';

/** 0-based, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Mapped extends Place {
  /** Index into the map's sources. */
  readonly source: number;
}

interface Best extends Mapped {
  /** Column in the built file. */
  readonly builtColumn: number;
}

/** What stands for "no original" is a best answer too: text that the builder put in itself. */
const unmapped = -1;

/**
 * For each place what the last segment at or before it on its line says, as debuggers look it up.
 * `places` in order of lines, then columns. What is broken ends the mappings: what came before counts.
 */
export function lookUp(
  bytes: Buffer,
  mappings: Span,
  places: readonly Place[],
): (Mapped | undefined)[] {
  const found: (Best | undefined)[] = places.map(() => undefined);
  const reader = segmentReader(bytes, mappings);
  let first = 0;
  for (let line = 0; first < places.length; line += 1) {
    let end = first;
    while (end < places.length && (places[end] as Place).line === line) end += 1;
    const isLast =
      end === first ? !reader.skipLine() : !readLine(reader, places, first, end, found);
    carryOn(found, first, end);
    first = end;
    if (isLast) break;
  }
  return found.map((one) => {
    if (!one || one.source < 0 || one.line < 0 || one.column < 0) return undefined;
    return { source: one.source, line: one.line, column: one.column };
  });
}

/** Each segment goes to the first place at or behind it. False when there is no further line. */
function readLine(
  reader: Segments,
  places: readonly Place[],
  first: number,
  end: number,
  found: (Best | undefined)[],
): boolean {
  let at = first;
  let column = -1;
  while (reader.nextOfLine()) {
    // Columns go up as a rule; where they do not, the place is looked for.
    if (reader.builtColumn() < column) at = firstAt(places, first, end, reader.builtColumn());
    column = reader.builtColumn();
    while (at < end && (places[at] as Place).column < column) at += 1;
    if (at === end) continue;
    const best = found[at];
    if (best && best.builtColumn > column) continue;
    const isExact = column === (places[at] as Place).column;
    if (best && isExact && best.builtColumn === column) continue;
    found[at] = { builtColumn: column, ...reader.original() };
  }
  return reader.endLine();
}

/** What was given to a place counts for those behind it too, unless something is nearer. */
function carryOn(found: (Best | undefined)[], first: number, end: number): void {
  for (let at = first + 1; at < end; at += 1) {
    const before = found[at - 1];
    const own = found[at];
    if (before && (!own || own.builtColumn < before.builtColumn)) found[at] = before;
  }
}

function firstAt(places: readonly Place[], first: number, end: number, column: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as Place).column < column) low = middle + 1;
    else high = middle;
  }
  return low;
}

const comma = 0x2c;
const semicolon = 0x3b;
const mostDigits = 7;

interface Segments {
  /** Steps to the next segment of the line. */
  nextOfLine(): boolean;
  /** Behind the line's end. False at the end of all. */
  endLine(): boolean;
  skipLine(): boolean;
  readonly builtColumn: () => number;
  readonly original: () => Mapped;
}

function segmentReader(bytes: Buffer, { from, to }: Span): Segments {
  const digits = digitTable;
  let at = from;
  let isBroken = false;
  let builtColumn = 0;
  let source = 0;
  let line = 0;
  let column = 0;
  let hasOriginal = false;

  /** A number in base 64, the lowest digits and the sign first. */
  function number(): number {
    let value = 0;
    for (let count = 0; count < mostDigits && at < to; count += 1) {
      const digit = digits[bytes[at] as number] as number;
      if (digit < 0) break;
      at += 1;
      value += (digit & 31) * 2 ** (5 * count);
      if (digit < 32) return value % 2 === 1 ? -(value - 1) / 2 : value / 2;
    }
    isBroken = true;
    return 0;
  }

  function isAtNumber(): boolean {
    return at < to && bytes[at] !== comma && bytes[at] !== semicolon;
  }

  function nextOfLine(): boolean {
    while (!isBroken && at < to && bytes[at] === comma) at += 1;
    if (isBroken || !isAtNumber()) return false;
    builtColumn += number();
    hasOriginal = isAtNumber();
    if (hasOriginal) {
      source += number();
      line += number();
      column += number();
      // A name: nobody asks for it.
      if (isAtNumber()) number();
    }
    return !isBroken;
  }

  function endLine(): boolean {
    if (isBroken || at >= to || bytes[at] !== semicolon) return false;
    at += 1;
    builtColumn = 0;
    return true;
  }

  return {
    nextOfLine,
    endLine,
    skipLine() {
      while (nextOfLine());
      return endLine();
    },
    builtColumn: () => builtColumn,
    original: () => ({ source: hasOriginal ? source : unmapped, line, column }),
  };
}

const digitTable = Int8Array.from({ length: 256 }, (_, code) =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(
    String.fromCharCode(code),
  ),
);
