/** Runs of the base64 alphabets, on one line or on several of one width. Hex is a run of them, too. */
import type { Span } from './decoder.ts';

/** Narrower lines are lists, wider ones are not broken by programs. */
const leastWidth = 32;
const mostWidth = 1_024;
/** So many bytes may stand between two lines: a break, indentation, `\n` as a string writes it. */
const mostBetween = 64;

const digits = new Uint8Array(256);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  digits[digit.charCodeAt(0)] = 1;
}

export function isDigit64(byte: number | undefined): boolean {
  return byte !== undefined && digits[byte] === 1;
}

/** The run's lines, in order. */
export function linesOf(bytes: Buffer, place: number): Span[] {
  const lines = [lineAt(bytes, place)];
  for (let first = lines[0] as Span; ;) {
    const before = lineBefore(bytes, first);
    if (!before) break;
    lines.push(before);
    first = before;
  }
  lines.reverse();
  for (let last = lines.at(-1) as Span; ;) {
    const next = lineBehind(bytes, last);
    if (!next) break;
    lines.push(next);
    last = next;
  }
  return lines;
}

function lineAt(bytes: Buffer, place: number): Span {
  let from = place;
  while (from > 0 && isDigit64(bytes[from - 1])) from -= 1;
  // The letter of an escape is no digit.
  if (isBreakLetter(bytes[from]) && bytes[from - 1] === 0x5c) from += 1;
  return { from, to: endOfRun(bytes, place) };
}

function endOfRun(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isDigit64(bytes[at])) at += 1;
  return at;
}

function lineBehind(bytes: Buffer, line: Span): Span | undefined {
  const width = line.to - line.from;
  if (!isWhole(width)) return undefined;
  const from = endOfBreak(bytes, line.to);
  if (from === line.to || !isDigit64(bytes[from])) return undefined;
  const to = endOfRun(bytes, from);
  return to - from <= width && isEnd(bytes, to) ? { from, to } : undefined;
}

function lineBefore(bytes: Buffer, line: Span): Span | undefined {
  const to = startOfBreak(bytes, line.from);
  if (to === line.from || !isDigit64(bytes[to - 1]) || !isEnd(bytes, line.to)) return undefined;
  const { from } = lineAt(bytes, to - 1);
  const width = to - from;
  return isWhole(width) && width >= line.to - line.from ? { from, to } : undefined;
}

function isWhole(width: number): boolean {
  return width % 4 === 0 && width >= leastWidth && width <= mostWidth;
}

/** What stands behind the last line, its padding passed by, is no name or value. */
function isEnd(bytes: Buffer, to: number): boolean {
  let at = to;
  while (at < to + 2 && bytes[at] === 0x3d) at += 1;
  const next = bytes[at];
  return next === undefined || endsLine.has(next);
}

const endsLine = new Set(Array.from(' \t\r\n"\'`<\\),;', (letter) => letter.charCodeAt(0)));

/** Behind one line break and blanks; `at` itself when there is no break. */
function endOfBreak(bytes: Buffer, at: number): number {
  const most = at + mostBetween;
  let end = at;
  let breaks = 0;
  while (end < most) {
    const byte = bytes[end];
    if (byte === 10) breaks += 1;
    else if (byte === 0x5c && isBreakLetter(bytes[end + 1])) {
      if (bytes[end + 1] === 0x6e) breaks += 1;
      end += 1;
    } else if (byte !== 13 && byte !== 0x20 && byte !== 9) break;
    end += 1;
  }
  return breaks === 1 ? end : at;
}

/** Where the break ends that stands before `at`, or `at`. */
function startOfBreak(bytes: Buffer, at: number): number {
  const least = Math.max(0, at - mostBetween);
  let start = at;
  while (start > least) {
    const byte = bytes[start - 1];
    if (byte === 10 || byte === 13 || byte === 0x20 || byte === 9) start -= 1;
    else if (isBreakLetter(byte) && bytes[start - 2] === 0x5c) start -= 2;
    else break;
  }
  return start < at && endOfBreak(bytes, start) === at ? start : at;
}

function isBreakLetter(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}
