/** Base64 of either alphabet and hex, on one line or several: the run tells which it is. */
import { hintKinds, type Reading, type RunDecoder, type Span } from './decoder.ts';
import { linesOf } from './wrapped-run.ts';

/** Of a longer run only the part that encodes the secret is shown. */
const wholeBytes = 4_096;

export const base64: RunDecoder = {
  hint: hintKinds.run,
  stretchAt(bytes, place) {
    const lines = linesOf(bytes, place);
    const from = (lines[0] as Span).from;
    const to = (lines.at(-1) as Span).to;
    return { from, to: padded(bytes, to) };
  },
  decode(bytes, stretch, maxBytes) {
    const lines = linesWithin(bytes, stretch);
    const digits = lines.map(({ from, to }) => bytes.toString('latin1', from, to)).join('');
    return readHex(digits, lines, stretch, maxBytes) ?? read64(digits, lines, stretch, maxBytes);
  },
};

function padded(bytes: Buffer, end: number): number {
  let to = end;
  while (to < end + 2 && bytes[to] === 0x3d) to += 1;
  return to;
}

function linesWithin(bytes: Buffer, { from, to }: Span): Span[] {
  // Of a run that is read in parts, the first line may have started before.
  return linesOf(bytes, from)
    .filter((line) => line.to > from && line.from < to)
    .map((line) => ({ from: Math.max(from, line.from), to: line.to }));
}

const leastHex = 24;
const noHex = /[^0-9A-Fa-f]/;

function readHex(
  digits: string,
  lines: readonly Span[],
  stretch: Span,
  maxBytes: number,
): Reading | undefined {
  const skipped = digits.startsWith('0x') ? 2 : 0;
  const hex = digits.slice(skipped);
  if (hex.length < leastHex || noHex.test(hex)) return undefined;
  const text = Buffer.from(hex.slice(0, maxBytes * 2), 'hex');
  return reading('hex', text, stretch, (from, to) => ({
    from: placeOf(lines, skipped + from * 2),
    to: placeOf(lines, skipped + to * 2 - 1) + 1,
  }));
}

function read64(
  digits: string,
  lines: readonly Span[],
  stretch: Span,
  maxBytes: number,
): Reading | undefined {
  const text = Buffer.from(digits.slice(0, Math.ceil(maxBytes / 3) * 4), 'base64');
  const step = /[-_]/.test(digits) ? 'base64url' : 'base64';
  return reading(step, text, stretch, (from, to) => {
    const end = Math.ceil(to / 3) * 4;
    return {
      from: placeOf(lines, Math.floor(from / 3) * 4),
      to: end >= digits.length ? stretch.to : placeOf(lines, end - 1) + 1,
    };
  });
}

function reading(
  step: string,
  text: Buffer,
  stretch: Span,
  partOf: (from: number, to: number) => Span,
): Reading {
  const isShort = stretch.to - stretch.from <= wholeBytes;
  return {
    ...stretch,
    steps: [step],
    text,
    spanOf: (from, to) => (isShort ? { from: stretch.from, to: stretch.to } : partOf(from, to)),
    isDecoded: () => true,
  };
}

/** Where the digit of this number stands. */
function placeOf(lines: readonly Span[], number: number): number {
  // All lines but the last have one width.
  const width = (lines[0] as Span).to - (lines[0] as Span).from;
  const index = Math.min(lines.length - 1, Math.floor(number / width));
  return lineStart(lines, index) + number - index * width;
}

function lineStart(lines: readonly Span[], index: number): number {
  return (lines[index] as Span).from;
}
