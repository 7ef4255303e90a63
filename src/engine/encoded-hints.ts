/**
 * Where something looks encoded, in JavaScript: the fallback and the oracle of wasm/hints.ts, which says the
 * same, faster. A hint is cheap and may be wrong; what is encoded without a hint is not seen.
 */
import { hintKinds, type HintKind } from '../core/detect/decoders/decoder.ts';
import { boundary, hexDigit, isDigit64, joint, readAt, sign } from './encoded-marks.ts';

const { run, percent, escape, entity, quotedPrintable, ansi, concat, utf16 } = hintKinds;

/** Shorter runs of an alphabet are names. */
const leastRun = 24;
/** A key is longer than a word, and has a digit. */
const leastToken = 16;
const farthestToken = 32;
/** Bytes behind an escape that tell whether it is a hint. */
const farthestLook = 192;
const leastPairs = 12;
const leastSeries = 12;

/** Calls `note` for each hint in bytes[from, to), in order. */
export function findHints(
  bytes: Uint8Array,
  from: number,
  to: number,
  note: (place: number, kind: HintKind) => void,
): void {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (isDigit64(byte)) {
      if (isRunStart(bytes, at) && isEncodedRun(bytes, at)) note(at, run);
      continue;
    }
    const kind = kindAt(bytes, at, byte);
    if (kind !== 0) note(at, kind);
  }
}

function isRunStart(bytes: Uint8Array, at: number): boolean {
  if (at > 0 && isDigit64(bytes[at - 1] as number)) return false;
  for (let i = at; i < at + leastRun; i += 1) {
    if (i >= bytes.length || !isDigit64(bytes[i] as number)) return false;
  }
  return true;
}

/** Whether the first bytes are text, in one byte or two a character, or compressed. */
function isEncodedRun(bytes: Uint8Array, at: number): boolean {
  let start = at;
  const first = bytes[at] as number;
  if (isBreakLetter(first) && at > 0 && bytes[at - 1] === 0x5c) start += 1;
  if (bytes[start] === 0x30 && bytes[start + 1] === 0x78) start += 2;
  return isText64(bytes, start) || isTextHex(bytes, start);
}

function isBreakLetter(byte: number): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}

const sextets = new Uint8Array(256);
for (const alphabet of ['+/', '-_']) {
  Array.from(
    `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`,
    (letter, value) => (sextets[letter.charCodeAt(0)] = value),
  );
}

function isText64(bytes: Uint8Array, start: number): boolean {
  let shape = 7;
  for (let quad = 0; quad < 4; quad += 1) {
    const at = start + quad * 4;
    const value =
      ((sextets[bytes[at] as number] as number) << 18) |
      ((sextets[bytes[at + 1] as number] as number) << 12) |
      ((sextets[bytes[at + 2] as number] as number) << 6) |
      (sextets[bytes[at + 3] as number] as number);
    // The first bytes of gzip.
    if (quad === 0 && value === 0x1f8b08) return true;
    shape &= shapeOf(value >>> 16, quad * 3);
    shape &= shapeOf((value >>> 8) & 255, quad * 3 + 1);
    shape &= shapeOf(value & 255, quad * 3 + 2);
    if (shape === 0) return false;
  }
  return true;
}

function isTextHex(bytes: Uint8Array, start: number): boolean {
  if (start + leastRun > bytes.length) return false;
  let shape = 7;
  for (let i = 0; i < 12; i += 1) {
    const high = hexDigit(bytes[start + i * 2] as number);
    const low = hexDigit(bytes[start + i * 2 + 1] as number);
    if (high < 0 || low < 0) return false;
    shape &= shapeOf(high * 16 + low, i);
    if (shape === 0) return false;
  }
  return true;
}

/** Bits of what the byte at this place may be part of: text, or UTF-16 with its zeros second or first. */
function shapeOf(byte: number, place: number): number {
  if (byte === 0) return place & 1 ? 2 : 4;
  return isPrintable(byte) ? (place & 1 ? 5 : 3) : 0;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 || byte === 0x1b;
}

function kindAt(bytes: Uint8Array, at: number, byte: number): HintKind | 0 {
  switch (byte) {
    case 0x25:
      return isGlued(bytes, at, percent) ? percent : 0;
    case 0x5c:
      if (isGlued(bytes, at, escape)) return escape;
      return isGlued(bytes, at, concat) ? concat : 0;
    case 0x26:
      return isGlued(bytes, at, entity) ? entity : 0;
    case 0x3d:
      if (at === 0 || !isDigit64(bytes[at - 1] as number)) return 0;
      return isGlued(bytes, at, quotedPrintable) ? quotedPrintable : 0;
    case 0x1b:
      return isGlued(bytes, at, ansi) ? ansi : 0;
    case 0x22:
    case 0x27:
    case 0x60:
      if (at === 0 || !isDigit64(bytes[at - 1] as number)) return 0;
      return isGlued(bytes, at, concat) ? concat : 0;
    case 0x24:
      return isGlued(bytes, at, concat) ? concat : 0;
    case 0:
      return isPairs(bytes, at) ? utf16 : 0;
    default:
      return 0;
  }
}

/** Whether an escape or a joint starts here, and what it is part of is as long as a key. */
function isGlued(bytes: Uint8Array, at: number, kind: HintKind): boolean {
  const found = readAt(bytes, at, kind);
  if (found === 0) return false;
  const value = found & 255;
  const next = behindQuote(bytes, at + (found >>> 8), kind);
  let length = 0;
  let hasDigit = false;
  if (value === joint || value > sign) {
    for (let i = at - 1; i >= 0 && at - i <= farthestToken; i -= 1) {
      const byte = bytes[i] as number;
      if (!isToken(byte, kind)) break;
      if (byte >= 0x30 && byte <= 0x39) hasDigit = true;
      length += 1;
    }
    // A soft break or a continued line parts what is one token.
    if (value === joint && length === 0 && kind !== ansi && bytes[at] !== 0x24) return false;
    if (value !== joint) {
      if (value >= 0x30 && value <= 0x39) hasDigit = true;
      length += 1;
    }
  }
  const behind = length;
  const most = farthestToken + length;
  for (let i = next; length < most && i < next + farthestLook;) {
    const byte = i < bytes.length ? (bytes[i] as number) : 10;
    if (isToken(byte, kind)) {
      if (byte >= 0x30 && byte <= 0x39) hasDigit = true;
      length += 1;
      i += 1;
      continue;
    }
    const more = readAt(bytes, i, kind);
    if (more === 0 || (more & 255) === boundary || (more & 255) === sign) break;
    const inner = more & 255;
    if (inner !== joint) {
      if (inner >= 0x30 && inner <= 0x39) hasDigit = true;
      length += 1;
    }
    i += more >>> 8;
  }
  const isEnd = value === joint && length === behind;
  if (!isEnd && length >= leastToken && hasDigit) return true;
  return isSeries(bytes, at, kind);
}

/** Histories of shells write `\040` for a blank: between that and a value stands its quote. */
function behindQuote(bytes: Uint8Array, at: number, kind: HintKind): number {
  return kind === escape && (bytes[at] === 0x22 || bytes[at] === 0x27) ? at + 1 : at;
}

/** What is written so without need, as what is encoded in more layers: one escape behind the other. */
function isSeries(bytes: Uint8Array, at: number, kind: HintKind): boolean {
  let next = at;
  for (let i = 0; i < leastSeries; i += 1) {
    const found = readAt(bytes, next, kind);
    if (found === 0 || (found & 255) <= joint) return false;
    next += found >>> 8;
  }
  return true;
}

function isToken(byte: number, kind: HintKind): boolean {
  return isDigit64(byte) || (byte === 0x3d && kind !== quotedPrintable);
}

/** Whether a zero is the first of a series of characters of two bytes. */
function isPairs(bytes: Uint8Array, zero: number): boolean {
  const first = zero - 1;
  if (first < 0 || first + leastPairs * 2 > bytes.length + 1) return false;
  for (let i = 0; i < leastPairs; i += 1) {
    if (!isPrintable(bytes[first + i * 2] as number)) return false;
    if (i + 1 < leastPairs && bytes[first + i * 2 + 1] !== 0) return false;
  }
  return !(first >= 2 && bytes[first - 1] === 0 && isPrintable(bytes[first - 2] as number));
}
