/** Runs of printable characters, also of UTF-16, of a program → text, a line each. */
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { TextOut } from '../text/text-out.ts';
import type { Places } from './references.ts';

/** Shorter ones are chance more often than words. */
const leastRun = 6;
const windowBytes = 1 << 20;

const printable = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte < 0x7f) ? 1 : 0,
);

/** `starts`: where strings are known to begin that have nothing between them. */
export function* runs(reader: Reader, out: TextOut, starts: Places | undefined): Steps<void> {
  // Says to whoever searches it that a name beside a value means nothing here.
  out.say('\0\n', 0);
  for (;;) {
    const window = yield* reader.peek(windowBytes);
    if (window.length === 0) return;
    const isLast = window.length < windowBytes;
    const taken = eachRun(window, reader.position(), isLast, out, starts);
    reader.drop(taken);
  }
}

/** Bytes that are done with: a run that may go on in the next window is left for it. */
function eachRun(
  bytes: Buffer,
  base: number,
  isLast: boolean,
  out: TextOut,
  starts: Places | undefined,
): number {
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    if (printable[bytes[at] as number] === 0) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < length && printable[bytes[at] as number] === 1) at += 1;
    if (at === length && !isLast && from > 0) return from;
    if (at - from >= leastRun) {
      put(bytes, from, at, base, out, starts);
    } else if (at < length && bytes[at] === 0) {
      const wide = endOfWide(bytes, at - 1);
      if (wide + 1 >= length && !isLast && from > 0) return from;
      if (wide - at >= leastRun * 2) {
        putWide(bytes, at - 1, wide, base, out);
        at = wide;
      }
    }
  }
  return length;
}

function endOfWide(bytes: Buffer, from: number): number {
  let at = from;
  while (printable[bytes[at] ?? 0] === 1 && bytes[at + 1] === 0) at += 2;
  return at;
}

function putWide(bytes: Buffer, from: number, to: number, base: number, out: TextOut): void {
  const text = Buffer.allocUnsafe((to - from) >> 1);
  for (let at = 0; at < text.length; at += 1) text[at] = bytes[from + at * 2] as number;
  out.addWide(text, base + from);
  out.line(base + to);
}

function put(
  bytes: Buffer,
  from: number,
  to: number,
  base: number,
  out: TextOut,
  starts: Places | undefined,
): void {
  // Parts come first: of what is found twice the first counts. One start too many must not hide a string.
  const next = (at: number): number => (starts ? starts.next(base + at, base + to) - base : to);
  let start = from;
  for (let end = next(from + 1); start < to && (start > from || end < to);) {
    const behind = end < to ? next(end + 1) : to;
    if (end - start >= leastRun) line(bytes, start, end, base, out);
    if (end < to && behind < to) line(bytes, start, behind, base, out);
    start = end;
    end = behind;
  }
  // A string may have its length before it, which then looks like a letter.
  if (isLength(bytes, from, to)) line(bytes, from + 1, to, base, out);
  line(bytes, from, to, base, out);
}

function isLength(bytes: Buffer, from: number, to: number): boolean {
  return bytes[from] === to - from - 1;
}

function line(bytes: Buffer, from: number, to: number, base: number, out: TextOut): void {
  out.add(bytes.subarray(from, to), base + from);
  out.line(base + to);
}
