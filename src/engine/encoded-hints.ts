/**
 * Where something looks encoded, in JavaScript: the fallback and the oracle of wasm/hints.ts, which says the
 * same, faster. A hint is cheap and may be wrong; what is encoded without a hint is not seen.
 */
import { hintKinds, type HintKind } from '../core/detect/decoders/decoder.ts';

const { run, percent, escape, entity, quotedPrintable, ansi, concat, utf16 } = hintKinds;

/** Shorter runs of an alphabet are names. */
const leastRun = 24;
/** A key is longer than a word, and has a digit. */
const leastToken = 16;
const farthestToken = 32;
const farthestBlank = 80;
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

function isDigit64(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2f ||
    byte === 0x2d ||
    byte === 0x5f
  );
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

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
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
  const next = at + (found >>> 8);
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

/** Instead of a value: the escape is no part of a token, or nothing at all. */
const boundary = 0;
const joint = 1;
/** Another character of ASCII. */
const sign = 2;

/** Length and value of the escape of this kind that starts here; 0 if there is none. */
function readAt(bytes: Uint8Array, at: number, kind: HintKind): number {
  switch (kind) {
    case percent:
      return byteAt(bytes, at) === 0x25 ? hexAt(bytes, at + 1, 2, 1) : 0;
    case escape:
      return byteAt(bytes, at) === 0x5c ? escapeAt(bytes, at) : 0;
    case entity:
      return byteAt(bytes, at) === 0x26 ? entityAt(bytes, at) : 0;
    case quotedPrintable:
      return byteAt(bytes, at) === 0x3d ? quotedAt(bytes, at) : 0;
    case ansi:
      return byteAt(bytes, at) === 0x1b ? colourAt(bytes, at) : 0;
    default:
      return jointAt(bytes, at);
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (bytes[at] as number) : 10;
}

function packed(length: number, value: number): number {
  const isKnown = value < 128 && (isDigit64(value) || value === 0x3d);
  if (isKnown) return (length << 8) | value;
  return (length << 8) | (value >= 0x20 && value < 0x7f ? sign : boundary);
}

/** So many hex digits; `before` bytes of the escape stand before them. */
function hexAt(bytes: Uint8Array, at: number, digits: number, before: number): number {
  let value = 0;
  for (let i = 0; i < digits; i += 1) {
    const digit = hexDigit(byteAt(bytes, at + i));
    if (digit < 0) return 0;
    value = Math.min(value * 16 + digit, 0xffffff);
  }
  return packed(before + digits, value);
}

function escapeAt(bytes: Uint8Array, at: number): number {
  const letter = byteAt(bytes, at + 1);
  if (letter === 0x78) return hexAt(bytes, at + 2, 2, 2);
  if (letter === 0x55) return hexAt(bytes, at + 2, 8, 2);
  if (letter === 0x75) {
    if (byteAt(bytes, at + 2) !== 0x7b) return hexAt(bytes, at + 2, 4, 2);
    for (let digits = 1; digits <= 6; digits += 1) {
      if (byteAt(bytes, at + 3 + digits) === 0x7d) {
        const found = hexAt(bytes, at + 3, digits, 3);
        return found === 0 ? 0 : found + 256;
      }
    }
    return 0;
  }
  if (letter === 0x2f) return packed(2, letter);
  if (letter === 0x22 || letter === 0x27) return packed(2, letter);
  let value = 0;
  let digits = 0;
  const most = letter <= 0x33 ? 3 : 2;
  while (digits < most) {
    const digit = byteAt(bytes, at + 1 + digits) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
    digits += 1;
  }
  return digits < 2 ? 0 : packed(1 + digits, value);
}

function entityAt(bytes: Uint8Array, at: number): number {
  if (byteAt(bytes, at + 1) !== 0x23) return namedAt(bytes, at);
  const isHex = (byteAt(bytes, at + 2) | 0x20) === 0x78;
  const first = at + (isHex ? 3 : 2);
  let value = 0;
  let i = first;
  for (; i < first + 7; i += 1) {
    const digit = hexDigit(byteAt(bytes, i));
    if (digit < 0 || (digit > 9 && !isHex)) break;
    value = Math.min(value * (isHex ? 16 : 10) + digit, 0xffffff);
  }
  return i > first && byteAt(bytes, i) === 0x3b ? packed(i + 1 - at, value) : 0;
}

/** `quot` and `apos`, which stand before values, and what tokens are made of: `sol`, `plus`, `equals`, `lowbar`. */
function namedAt(bytes: Uint8Array, at: number): number {
  let name = 0;
  let i = at + 1;
  for (; i < at + 8; i += 1) {
    const letter = byteAt(bytes, i) - 0x60;
    if (letter < 1 || letter > 26) break;
    name = (name * 31 + letter) & 0xffffff;
  }
  if (byteAt(bytes, i) !== 0x3b) return 0;
  const length = i + 1 - at;
  switch (name) {
    case 527113:
    case 45651:
      return packed(length, 0x22);
    case 18736:
      return packed(length, 0x2f);
    case 488858:
      return packed(length, 0x2b);
    case 8477631:
      return packed(length, 0x3d);
    case 5768255:
      return packed(length, 0x5f);
    default:
      return 0;
  }
}

/** `=3D`, other bytes in a series, and the end of a full line that goes on. */
function quotedAt(bytes: Uint8Array, at: number): number {
  const next = byteAt(bytes, at + 1);
  if (next === 13 || next === 10) {
    const length = next === 13 ? (byteAt(bytes, at + 2) === 10 ? 3 : 0) : 2;
    return length > 0 && isFullLine(bytes, at) ? (length << 8) | joint : 0;
  }
  if (!isUpperHex(next) || !isUpperHex(byteAt(bytes, at + 2))) return 0;
  const value = hexDigit(next) * 16 + hexDigit(byteAt(bytes, at + 2));
  // Letters are written as they are but by who writes all of them so.
  if (value === 0x3d) return (3 << 8) | sign;
  const isSeries = byteAt(bytes, at + 3) === 0x3d || (at >= 3 && bytes[at - 3] === 0x3d);
  return isSeries ? packed(3, value) : 0;
}

function isUpperHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);
}

/** Whoever breaks lines so breaks them near the 76th column. */
function isFullLine(bytes: Uint8Array, at: number): boolean {
  for (let i = at - 1; i >= at - 77; i -= 1) {
    if (i < 0 || bytes[i] === 10) return at - 1 - i >= 66;
  }
  return false;
}

function colourAt(bytes: Uint8Array, at: number): number {
  if (byteAt(bytes, at + 1) !== 0x5b) return 0;
  for (let i = at + 2; i < at + 34; i += 1) {
    const byte = byteAt(bytes, i);
    if (byte >= 0x40 && byte <= 0x7e) return ((i + 1 - at) << 8) | joint;
    if (byte < 0x20 || byte > 0x3f) return 0;
  }
  return 0;
}

/** Between two literals that are one, around one that is a part of a template, or a line that goes on. */
function jointAt(bytes: Uint8Array, at: number): number {
  const first = byteAt(bytes, at);
  if (first === 0x5c) {
    const end = afterBreak(bytes, at);
    return end === at ? 0 : ((blanksEnd(bytes, end) - at) << 8) | joint;
  }
  if (first === 0x24) {
    const isPart = byteAt(bytes, at + 1) === 0x7b && isQuote(byteAt(bytes, at + 2));
    return isPart ? (3 << 8) | joint : 0;
  }
  if (!isQuote(first)) return 0;
  let i = gapEnd(bytes, at + 1, at);
  const second = byteAt(bytes, i);
  if (second === 0x7d && i === at + 1) return (2 << 8) | joint;
  if (isOperator(second)) {
    i += byteAt(bytes, i + 1) === second || isArrow(bytes, i) ? 2 : 1;
    i = gapEnd(bytes, i, at);
  }
  for (let letters = 0; letters < 2 && isLiteralLetter(byteAt(bytes, i)); letters += 1) i += 1;
  return isQuote(byteAt(bytes, i)) && i > at + 1 ? ((i + 1 - at) << 8) | joint : 0;
}

function isQuote(byte: number): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

function isOperator(byte: number): boolean {
  return (
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x26 ||
    byte === 0x7c ||
    byte === 0x7e ||
    byte === 0x3c
  );
}

function isArrow(bytes: Uint8Array, at: number): boolean {
  return byteAt(bytes, at) === 0x3c && byteAt(bytes, at + 1) === 0x3e;
}

/** As in `b"…"`, `rb"…"`, `@"…"`, `$"…"`. */
function isLiteralLetter(byte: number): boolean {
  const letter = byte | 0x20;
  const isLetter = letter === 0x62 || letter === 0x66 || letter === 0x72 || letter === 0x75;
  return isLetter || byte === 0x24 || byte === 0x40 || byte === 0x4c;
}

/** Behind blanks, line breaks and backslashes at the end of a line. */
function gapEnd(bytes: Uint8Array, from: number, start: number): number {
  let at = from;
  while (at - start < farthestBlank) {
    const byte = byteAt(bytes, at);
    if (at >= bytes.length) return at;
    if (byte === 0x20 || byte === 9 || byte === 10 || byte === 13) at += 1;
    else if (byte === 0x5c) {
      const next = afterBreak(bytes, at);
      if (next === at) return at;
      at = next;
    } else return at;
  }
  return at;
}

function blanksEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < from + farthestBlank && (byteAt(bytes, at) === 0x20 || byteAt(bytes, at) === 9))
    at += 1;
  return at;
}

/** Behind the backslash at the end of a line, or the place itself. */
function afterBreak(bytes: Uint8Array, at: number): number {
  if (at + 1 < bytes.length && bytes[at + 1] === 10) return at + 2;
  const isBreak = at + 2 < bytes.length && bytes[at + 1] === 13 && bytes[at + 2] === 10;
  return isBreak ? at + 3 : at;
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
