/**
 * What stands at a place: an escape, with its length and what it stands for, or a joint of two literals. Part of
 * encoded-hints.ts; the same in wasm/hints.ts.
 */
import { hintKinds, type HintKind } from '../core/detect/decoders/decoder.ts';

const { percent, escape, entity, quotedPrintable, ansi } = hintKinds;

const farthestBlank = 80;

/** Instead of a value: the escape is no part of a token, or nothing at all. */
export const boundary = 0;
export const joint = 1;
/** Another character of ASCII. */
export const sign = 2;

/** Length and value of the escape of this kind that starts here; 0 if there is none. */
export function readAt(bytes: Uint8Array, at: number, kind: HintKind): number {
  switch (kind) {
    case percent:
      return byteAt(bytes, at) === 0x25 ? hexAt(bytes, at + 1, 2, 1) : 0;
    case escape:
      return byteAt(bytes, at) === 0x5c ? withOrder(bytes, at, escapeAt(bytes, at)) : 0;
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

/** Behind an escaped escape character stands the rest of an order to a terminal, as colours in JSON. */
function withOrder(bytes: Uint8Array, at: number, found: number): number {
  const length = found >>> 8;
  if (length === 0 || (found & 255) !== boundary) return found;
  const rest = orderEnd(bytes, at + length);
  return rest === 0 ? found : ((rest - at) << 8) | boundary;
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
  const end = orderEnd(bytes, at + 1);
  return end === 0 ? 0 : ((end - at) << 8) | joint;
}

/** Behind `[…m` or a choice of characters such as `(B`; 0 if there is none. */
function orderEnd(bytes: Uint8Array, at: number): number {
  const first = byteAt(bytes, at);
  if (first === 0x28 || first === 0x29) return isSetLetter(byteAt(bytes, at + 1)) ? at + 2 : 0;
  if (first !== 0x5b) return 0;
  for (let i = at + 1; i < at + 33; i += 1) {
    const byte = byteAt(bytes, i);
    if (byte >= 0x40 && byte <= 0x7e) return i + 1;
    if (byte < 0x20 || byte > 0x3f) return 0;
  }
  return 0;
}

function isSetLetter(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x41 || byte === 0x42;
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

export function isDigit64(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2f ||
    byte === 0x2d ||
    byte === 0x5f
  );
}

export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
