/** What a run decodes to, between what stands before and behind the run on its line: a name before it names it. */
import type { Reading } from './decoder.ts';

/** Longer texts have lines of their own. */
const mostText = 4_096;
const mostBefore = 256;
const mostBehind = 64;
const lineBreak = 10;

export function inLine(reading: Reading, bytes: Buffer): Reading {
  const { text } = reading;
  if (text.length > mostText || !isPlain(text)) return reading;
  const from = startOfLine(bytes, reading.from);
  const to = endOfLine(bytes, reading.to);
  const before = reading.from - from;
  const end = before + text.length;
  const outer = (at: number): number => (at <= before ? from + at : reading.to + at - end);
  return {
    ...reading,
    from,
    to,
    text: Buffer.concat([bytes.subarray(from, reading.from), text, bytes.subarray(reading.to, to)]),
    spanOf(start, stop) {
      const inner = reading.spanOf(
        Math.max(0, Math.min(text.length, start - before)),
        Math.max(0, Math.min(text.length, stop - before)),
      );
      return {
        from: start < before || start >= end ? outer(start) : inner.from,
        to: stop <= before || stop > end ? outer(stop) : inner.to,
      };
    },
    isDecoded: (start, stop) => start < end && stop > before,
  };
}

/** Letters of any language, and no control characters but those of lines. */
function isPlain(text: Buffer): boolean {
  return text.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 9 && byte <= 13));
}

function startOfLine(bytes: Buffer, at: number): number {
  const least = Math.max(0, at - mostBefore);
  let from = at;
  while (from > least && bytes[from - 1] !== lineBreak) from -= 1;
  return from;
}

function endOfLine(bytes: Buffer, at: number): number {
  const most = Math.min(bytes.length, at + mostBehind);
  let to = at;
  while (to < most && bytes[to] !== lineBreak) to += 1;
  return to;
}
