/**
 * Where something looks encoded: the same as encoded-hints.ts, which is its oracle. Characters that can begin
 * an escape, and runs of the base64 alphabet, are found in vectors; what stands around them decides.
 */

const run: i32 = 1;
const percent: i32 = 2;
const escape: i32 = 3;
const entity: i32 = 4;
const quotedPrintable: i32 = 5;
const ansi: i32 = 6;
const concat: i32 = 7;
const utf16: i32 = 8;

const leastRun: i32 = 24;
const leastToken: i32 = 16;
const farthestToken: i32 = 32;
const farthestBlank: i32 = 80;
const farthestLook: i32 = 192;
const leastPairs: i32 = 12;
const leastSeries: i32 = 12;

const blockBytes: usize = 32;
const hintBytes: usize = 8;
/** A block cannot have more. */
const mostOfBlock: usize = 64 * hintBytes;

const rangeSize: usize = 8;

let textStart: i32 = 0;
let textEnd: i32 = 0;
/** Ranges that are still to be searched: the one at `range` is being. */
let range: usize = 0;
let rangesEnd: usize = 0;
let from: usize = 0;
let to: usize = 0;
let next: usize = 0;
let hints: usize = 0;
/** Digits of base64 among the 32 bytes before this block, and of it. */
let digits: u64 = 0;
/** Whether the byte before those is one. */
let before: u64 = 0;

/**
 * Starts a search of `count` ranges of the text [start, end), in order and apart; `nextHints` goes on with
 * it.
 */
export function openHints(rangesAt: usize, count: u32, start: usize, end: usize): void {
  textStart = <i32>start;
  textEnd = <i32>end;
  range = rangesAt;
  rangesEnd = rangesAt + <usize>count * rangeSize;
  if (count > 0) openRange();
}

function openRange(): void {
  from = <usize>textStart + <usize>load<u32>(range);
  to = <usize>textStart + <usize>load<u32>(range, 4);
  next = from;
  digits = from > <usize>textStart && isDigit64(get(<i32>from - 1)) ? (<u64>1) << 63 : 0;
  before = 0;
}

/** Behind the last hint. */
export function hintsUntil(): usize {
  return hints;
}

/**
 * Writes place and kind of hints, those of runs a little late. Returns 0 when done, 1 when it is to be
 * called again.
 *
 * Reads up to 64 bytes behind the text: whatever stands there changes nothing.
 */
export function nextHints(hintsAt: usize, room: u32): u32 {
  hints = hintsAt;
  const last = hintsAt + <usize>room * hintBytes - mostOfBlock;
  while (range < rangesEnd) {
    if (!lookAtBlocks(last)) return 1;
    range += rangeSize;
    if (range < rangesEnd) openRange();
  }
  return 0;
}

// Of a byte's low half the rows of ASCII, by its high half, in which it is a digit of base64.
const lowDigits = i8x16(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
const highDigits = i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
// The same of what can begin an escape or a joint.
const lowMarks = i8x16(33, 0, 64, 0, 4, 4, 4, 64, 0, 0, 0, 2, 16, 8, 0, 0);
const highMarks = i8x16(1, 2, 68, 8, 0, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0);
/** `=` and quotes say something only behind a digit. */
const gated: i8 = 104;
const backslash: i8 = 16;
const others: i8 = 7;
// The same of what stands behind the first two of these where they begin something: as `kindAt` reads.
const lowBehindGated = i8x16(14, 12, 124, 12, 14, 92, 46, 4, 4, 5, 1, 2, 92, 65, 66, 0);
const highBehindGated = i8x16(1, 0, 2, 4, 8, 16, 32, 64, 0, 0, 0, 0, 0, 0, 0, 0);
const lowBehindSlash = i8x16(4, 4, 6, 4, 4, 28, 4, 6, 16, 0, 1, 0, 0, 1, 0, 2);
const highBehindSlash = i8x16(1, 0, 2, 4, 0, 8, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0);

/** The rest of the range. False when there may be no room for the hints of another block. */
function lookAtBlocks(last: usize): bool {
  let bits = digits;
  let isDigitBefore = before;
  let at = next;
  // Runs are known one block later; one more is read only for a run that may go on in it.
  for (; at < to || (at < to + blockBytes && <i64>bits < 0); at += blockBytes) {
    if (hints > last) {
      next = at;
      digits = bits;
      before = isDigitBefore;
      return false;
    }
    const one = v128.load(at);
    const two = v128.load(at, 16);
    const bare =
      zeros(rowsOf(one, lowDigits, highDigits)) | (zeros(rowsOf(two, lowDigits, highDigits)) << 16);
    let some = <u64>~bare;
    const left = textEnd - <i32>at;
    if (left < 32) some = left > 0 ? some & (((<u64>1) << left) - 1) : 0;
    bits = (bits >>> 32) | (some << 32);
    const starts = runStarts(bits, isDigitBefore);
    isDigitBefore = (bits >>> 31) & 1;
    if (starts != 0) noteRuns(at, starts);
    const first = rowsOf(one, lowMarks, highMarks);
    const second = rowsOf(two, lowMarks, highMarks);
    if (!v128.any_true(v128.or(first, second))) continue;
    const afterDigit =
      (bitsOf(first, gated) | (bitsOf(second, gated) << 16)) & (<u32>(bits >>> 31));
    const slashes = bitsOf(first, backslash) | (bitsOf(second, backslash) << 16);
    const free = bitsOf(first, others) | (bitsOf(second, others) << 16);
    if ((afterDigit | slashes | free) != 0) noteMarks(at, afterDigit, slashes, free);
  }
  if (hints > last) {
    next = at;
    digits = bits;
    before = isDigitBefore;
    return false;
  }
  noteRuns(at, runStarts(bits >>> 32, isDigitBefore));
  return true;
}

/** Where 24 digits or more start in the lower half. */
function runStarts(bits: u64, isDigitBefore: u64): u32 {
  let long = bits & (bits >>> 1);
  long &= long >>> 2;
  long &= long >>> 4;
  long &= (long >>> 8) & (long >>> 16);
  return <u32>(long & ~((bits << 1) | isDigitBefore));
}

function noteRuns(at: usize, starts: u32): void {
  while (starts != 0) {
    const place = at - blockBytes + <usize>ctz(starts);
    starts &= starts - 1;
    if (place >= from && place < to && isEncodedRun(<i32>place)) note(place, run);
  }
}

/** The bytes behind tell of nearly all that they begin nothing. */
function noteMarks(at: usize, afterDigit: u32, slashes: u32, free: u32): void {
  let marks = free;
  const one = v128.load(at, 1);
  const two = v128.load(at, 17);
  if (afterDigit != 0) {
    const first = rowsOf(one, lowBehindGated, highBehindGated);
    const second = rowsOf(two, lowBehindGated, highBehindGated);
    marks |= afterDigit & ~(zeros(first) | (zeros(second) << 16));
  }
  if (slashes != 0) {
    const first = rowsOf(one, lowBehindSlash, highBehindSlash);
    const second = rowsOf(two, lowBehindSlash, highBehindSlash);
    marks |= slashes & ~(zeros(first) | (zeros(second) << 16));
  }
  while (marks != 0) {
    const place = at + <usize>ctz(marks);
    marks &= marks - 1;
    if (place >= to) return;
    const kind = kindAt(<i32>place, get(<i32>place));
    if (kind != 0) note(place, kind);
  }
}

function note(place: usize, kind: i32): void {
  store<u32>(hints, <u32>place);
  store<u32>(hints, <u32>kind, 4);
  hints += hintBytes;
}

/** By byte the rows of ASCII in which its low half is wanted and that its high half is. */
function rowsOf(text: v128, lowRows: v128, highRows: v128): v128 {
  const low = i8x16.swizzle(lowRows, v128.and(text, i8x16.splat(15)));
  const high = i8x16.swizzle(highRows, v128.and(i16x8.shr_u(text, 4), i8x16.splat(15)));
  return v128.and(low, high);
}

/** A bit for each byte that is 0. */
function zeros(bytes: v128): u32 {
  return i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0)));
}

function bitsOf(marks: v128, wanted: i8): u32 {
  return i8x16.bitmask(i8x16.ne(v128.and(marks, i8x16.splat(wanted)), i8x16.splat(0)));
}

function get(at: i32): i32 {
  return <i32>load<u8>(<usize>at);
}

function isDigit64(byte: i32): bool {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte == 0x2b ||
    byte == 0x2f ||
    byte == 0x2d ||
    byte == 0x5f
  );
}

function sextet(byte: i32): i32 {
  if (byte >= 0x61) return byte - 71;
  if (byte >= 0x41) return byte == 0x5f ? 63 : byte - 65;
  if (byte >= 0x30) return byte + 4;
  return byte == 0x2f ? 63 : 62;
}

/** Whether the first bytes are text, in one byte or two a character, or compressed. */
function isEncodedRun(at: i32): bool {
  let start = at;
  const first = get(at);
  if (isBreakLetter(first) && at > textStart && get(at - 1) == 0x5c) start += 1;
  if (get(start) == 0x30 && get(start + 1) == 0x78) start += 2;
  return isText64(start) || isTextHex(start);
}

function isBreakLetter(byte: i32): bool {
  return byte == 0x6e || byte == 0x72 || byte == 0x74;
}

function isText64(start: i32): bool {
  let shape = 7;
  for (let quad = 0; quad < 4; quad += 1) {
    const at = start + quad * 4;
    const value =
      (sextet(get(at)) << 18) |
      (sextet(get(at + 1)) << 12) |
      (sextet(get(at + 2)) << 6) |
      sextet(get(at + 3));
    // The first bytes of gzip.
    if (quad == 0 && value == 0x1f8b08) return true;
    shape &= shapeOf(value >>> 16, quad * 3);
    shape &= shapeOf((value >>> 8) & 255, quad * 3 + 1);
    shape &= shapeOf(value & 255, quad * 3 + 2);
    if (shape == 0) return false;
  }
  return true;
}

function isTextHex(start: i32): bool {
  if (start + leastRun > textEnd) return false;
  let shape = 7;
  for (let i = 0; i < 12; i += 1) {
    const high = hexDigit(get(start + i * 2));
    const low = hexDigit(get(start + i * 2 + 1));
    if (high < 0 || low < 0) return false;
    shape &= shapeOf(high * 16 + low, i);
    if (shape == 0) return false;
  }
  return true;
}

/** Bits of what the byte at this place may be part of: text, or UTF-16 with its zeros second or first. */
function shapeOf(byte: i32, place: i32): i32 {
  if (byte == 0) return place & 1 ? 2 : 4;
  return isPrintable(byte) ? (place & 1 ? 5 : 3) : 0;
}

function isPrintable(byte: i32): bool {
  return (byte >= 0x20 && byte < 0x7f) || byte == 9 || byte == 10 || byte == 13 || byte == 0x1b;
}

function hexDigit(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The byte behind tells of nearly all of them that they begin nothing. */
function kindAt(at: i32, byte: i32): i32 {
  const behind = get(at + 1);
  switch (byte) {
    case 0x25:
      return hexDigit(behind) >= 0 && isGlued(at, percent) ? percent : 0;
    case 0x5c:
      if (mayEscape(behind) && isGlued(at, escape)) return escape;
      return isBreak(behind) && isGlued(at, concat) ? concat : 0;
    case 0x26:
      return (behind == 0x23 || isSmallLetter(behind)) && isGlued(at, entity) ? entity : 0;
    case 0x3d:
      if (!isUpperHex(behind) && !isBreak(behind)) return 0;
      if (at == textStart || !isDigit64(get(at - 1))) return 0;
      return isGlued(at, quotedPrintable) ? quotedPrintable : 0;
    case 0x1b:
      return behind == 0x5b && isGlued(at, ansi) ? ansi : 0;
    case 0x22:
    case 0x27:
    case 0x60:
      if (!mayJoin(behind)) return 0;
      if (at == textStart || !isDigit64(get(at - 1))) return 0;
      return isGlued(at, concat) ? concat : 0;
    case 0x24:
      return behind == 0x7b && isGlued(at, concat) ? concat : 0;
    case 0:
      return isPrintable(behind) && isPairs(at) ? utf16 : 0;
    default:
      return 0;
  }
}

function isBreak(byte: i32): bool {
  return byte == 10 || byte == 13;
}

function isSmallLetter(byte: i32): bool {
  return byte >= 0x61 && byte <= 0x7a;
}

/** As `escapeAt` reads. */
function mayEscape(letter: i32): bool {
  const isNumber = (letter | 0x20) == 0x75 || letter == 0x78 || (letter >= 0x30 && letter <= 0x37);
  return isNumber || letter == 0x2f || letter == 0x22 || letter == 0x27;
}

/** What a joint has behind its first quote: as `jointAt` reads. */
function mayJoin(byte: i32): bool {
  if (byte == 0x20 || byte == 9 || isBreak(byte) || byte == 0x5c || byte == 0x7d) return true;
  return isOperator(byte) || isLiteralLetter(byte);
}

/** Whether an escape or a joint starts here, and what it is part of is as long as a key. */
function isGlued(at: i32, kind: i32): bool {
  const found = readAt(at, kind);
  if (found == 0) return false;
  const value = found & 255;
  const next = behindQuote(at + (found >>> 8), kind);
  let length = 0;
  let hasDigit = false;
  if (value == joint || value > sign) {
    for (let i = at - 1; i >= textStart && at - i <= farthestToken; i -= 1) {
      const byte = get(i);
      if (!isToken(byte, kind)) break;
      if (byte >= 0x30 && byte <= 0x39) hasDigit = true;
      length += 1;
    }
    // A soft break or a continued line parts what is one token.
    if (value == joint && length == 0 && kind != ansi && get(at) != 0x24) return false;
    if (value != joint) {
      if (value >= 0x30 && value <= 0x39) hasDigit = true;
      length += 1;
    }
  }
  const behind = length;
  const most = farthestToken + length;
  for (let i = next; length < most && i < next + farthestLook;) {
    const byte = i < textEnd ? get(i) : 10;
    if (isToken(byte, kind)) {
      if (byte >= 0x30 && byte <= 0x39) hasDigit = true;
      length += 1;
      i += 1;
      continue;
    }
    const more = readAt(i, kind);
    if (more == 0 || (more & 255) == boundary || (more & 255) == sign) break;
    const inner = more & 255;
    if (inner != joint) {
      if (inner >= 0x30 && inner <= 0x39) hasDigit = true;
      length += 1;
    }
    i += more >>> 8;
  }
  const isEnd = value == joint && length == behind;
  if (!isEnd && length >= leastToken && hasDigit) return true;
  return isSeries(at, kind);
}

/** Histories of shells write `\040` for a blank: between that and a value stands its quote. */
function behindQuote(at: i32, kind: i32): i32 {
  const byte = byteAt(at);
  return kind == escape && (byte == 0x22 || byte == 0x27) ? at + 1 : at;
}

/** What is written so without need, as what is encoded in more layers: one escape behind the other. */
function isSeries(at: i32, kind: i32): bool {
  let next = at;
  for (let i: i32 = 0; i < leastSeries; i += 1) {
    const found = readAt(next, kind);
    if (found == 0 || (found & 255) <= joint) return false;
    next += found >>> 8;
  }
  return true;
}

function isToken(byte: i32, kind: i32): bool {
  return isDigit64(byte) || (byte == 0x3d && kind != quotedPrintable);
}

/** Instead of a value: the escape is no part of a token, or nothing at all. */
const boundary: i32 = 0;
const joint: i32 = 1;
/** Another character of ASCII. */
const sign: i32 = 2;

/** Length and value of the escape of this kind that starts here; 0 if there is none. */
function readAt(at: i32, kind: i32): i32 {
  switch (kind) {
    case percent:
      return byteAt(at) == 0x25 ? hexAt(at + 1, 2, 1) : 0;
    case escape:
      return byteAt(at) == 0x5c ? withOrder(at, escapeAt(at)) : 0;
    case entity:
      return byteAt(at) == 0x26 ? entityAt(at) : 0;
    case quotedPrintable:
      return byteAt(at) == 0x3d ? quotedAt(at) : 0;
    case ansi:
      return byteAt(at) == 0x1b ? colourAt(at) : 0;
    default:
      return jointAt(at);
  }
}

function byteAt(at: i32): i32 {
  return at < textEnd ? get(at) : 10;
}

function packed(length: i32, value: i32): i32 {
  const isKnown = value < 128 && (isDigit64(value) || value == 0x3d);
  if (isKnown) return (length << 8) | value;
  return (length << 8) | (value >= 0x20 && value < 0x7f ? sign : boundary);
}

/** So many hex digits; `before` bytes of the escape stand before them. */
function hexAt(at: i32, digits: i32, before: i32): i32 {
  let value = 0;
  for (let i = 0; i < digits; i += 1) {
    const digit = hexDigit(byteAt(at + i));
    if (digit < 0) return 0;
    value = min<i32>(value * 16 + digit, 0xffffff);
  }
  return packed(before + digits, value);
}

function escapeAt(at: i32): i32 {
  const letter = byteAt(at + 1);
  if (letter == 0x78) return hexAt(at + 2, 2, 2);
  if (letter == 0x55) return hexAt(at + 2, 8, 2);
  if (letter == 0x75) {
    if (byteAt(at + 2) != 0x7b) return hexAt(at + 2, 4, 2);
    for (let digits = 1; digits <= 6; digits += 1) {
      if (byteAt(at + 3 + digits) == 0x7d) {
        const found = hexAt(at + 3, digits, 3);
        return found == 0 ? 0 : found + 256;
      }
    }
    return 0;
  }
  if (letter == 0x2f) return packed(2, letter);
  if (letter == 0x22 || letter == 0x27) return packed(2, letter);
  let value = 0;
  let digits = 0;
  const most = letter <= 0x33 ? 3 : 2;
  while (digits < most) {
    const digit = byteAt(at + 1 + digits) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
    digits += 1;
  }
  return digits < 2 ? 0 : packed(1 + digits, value);
}

/** Behind an escaped escape character stands the rest of an order to a terminal, as colours in JSON. */
function withOrder(at: i32, found: i32): i32 {
  const length = found >>> 8;
  if (length == 0 || (found & 255) != boundary) return found;
  const rest = orderEnd(at + length);
  return rest == 0 ? found : ((rest - at) << 8) | boundary;
}

function entityAt(at: i32): i32 {
  if (byteAt(at + 1) != 0x23) return namedAt(at);
  const isHex = (byteAt(at + 2) | 0x20) == 0x78;
  const first = at + (isHex ? 3 : 2);
  let value = 0;
  let i = first;
  for (; i < first + 7; i += 1) {
    const digit = hexDigit(byteAt(i));
    if (digit < 0 || (digit > 9 && !isHex)) break;
    value = min<i32>(value * (isHex ? 16 : 10) + digit, 0xffffff);
  }
  return i > first && byteAt(i) == 0x3b ? packed(i + 1 - at, value) : 0;
}

/** `quot` and `apos`, which stand before values, and what tokens are made of: `sol`, `plus`, `equals`, `lowbar`. */
function namedAt(at: i32): i32 {
  let name = 0;
  let i = at + 1;
  for (; i < at + 8; i += 1) {
    const letter = byteAt(i) - 0x60;
    if (letter < 1 || letter > 26) break;
    name = (name * 31 + letter) & 0xffffff;
  }
  if (byteAt(i) != 0x3b) return 0;
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
function quotedAt(at: i32): i32 {
  const next = byteAt(at + 1);
  if (next == 13 || next == 10) {
    const length = next == 13 ? (byteAt(at + 2) == 10 ? 3 : 0) : 2;
    return length > 0 && isFullLine(at) ? (length << 8) | joint : 0;
  }
  if (!isUpperHex(next) || !isUpperHex(byteAt(at + 2))) return 0;
  const value = hexDigit(next) * 16 + hexDigit(byteAt(at + 2));
  // Letters are written as they are but by who writes all of them so.
  if (value == 0x3d) return (3 << 8) | sign;
  const isSeries = byteAt(at + 3) == 0x3d || (at >= textStart + 3 && get(at - 3) == 0x3d);
  return isSeries ? packed(3, value) : 0;
}

function isUpperHex(byte: i32): bool {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);
}

/** Whoever breaks lines so breaks them near the 76th column. */
function isFullLine(at: i32): bool {
  for (let i = at - 1; i >= at - 77; i -= 1) {
    if (i < textStart || get(i) == 10) return at - 1 - i >= 66;
  }
  return false;
}

function colourAt(at: i32): i32 {
  const end = orderEnd(at + 1);
  return end == 0 ? 0 : ((end - at) << 8) | joint;
}

/** Behind `[…m` or a choice of characters such as `(B`; 0 if there is none. */
function orderEnd(at: i32): i32 {
  const first = byteAt(at);
  if (first == 0x28 || first == 0x29) return isSetLetter(byteAt(at + 1)) ? at + 2 : 0;
  if (first != 0x5b) return 0;
  for (let i = at + 1; i < at + 33; i += 1) {
    const byte = byteAt(i);
    if (byte >= 0x40 && byte <= 0x7e) return i + 1;
    if (byte < 0x20 || byte > 0x3f) return 0;
  }
  return 0;
}

function isSetLetter(byte: i32): bool {
  return (byte >= 0x30 && byte <= 0x39) || byte == 0x41 || byte == 0x42;
}

/** Between two literals that are one, around one that is a part of a template, or a line that goes on. */
function jointAt(at: i32): i32 {
  const first = byteAt(at);
  if (first == 0x5c) {
    const end = afterBreak(at);
    return end == at ? 0 : ((blanksEnd(end) - at) << 8) | joint;
  }
  if (first == 0x24) {
    const isPart = byteAt(at + 1) == 0x7b && isQuote(byteAt(at + 2));
    return isPart ? (3 << 8) | joint : 0;
  }
  if (!isQuote(first)) return 0;
  let i = gapEnd(at + 1, at);
  const second = byteAt(i);
  if (second == 0x7d && i == at + 1) return (2 << 8) | joint;
  if (isOperator(second)) {
    i += byteAt(i + 1) == second || isArrow(i) ? 2 : 1;
    i = gapEnd(i, at);
  }
  for (let letters = 0; letters < 2 && isLiteralLetter(byteAt(i)); letters += 1) i += 1;
  return isQuote(byteAt(i)) && i > at + 1 ? ((i + 1 - at) << 8) | joint : 0;
}

function isQuote(byte: i32): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60;
}

function isOperator(byte: i32): bool {
  return (
    byte == 0x2b || byte == 0x2e || byte == 0x26 || byte == 0x7c || byte == 0x7e || byte == 0x3c
  );
}

function isArrow(at: i32): bool {
  return byteAt(at) == 0x3c && byteAt(at + 1) == 0x3e;
}

/** As in `b"…"`, `rb"…"`, `@"…"`, `$"…"`. */
function isLiteralLetter(byte: i32): bool {
  const letter = byte | 0x20;
  const isLetter = letter == 0x62 || letter == 0x66 || letter == 0x72 || letter == 0x75;
  return isLetter || byte == 0x24 || byte == 0x40 || byte == 0x4c;
}

/** Behind blanks, line breaks and backslashes at the end of a line. */
function gapEnd(from: i32, start: i32): i32 {
  let at = from;
  while (at - start < farthestBlank) {
    const byte = byteAt(at);
    if (at >= textEnd) return at;
    if (byte == 0x20 || byte == 9 || byte == 10 || byte == 13) at += 1;
    else if (byte == 0x5c) {
      const next = afterBreak(at);
      if (next == at) return at;
      at = next;
    } else return at;
  }
  return at;
}

function blanksEnd(from: i32): i32 {
  let at = from;
  while (at < from + farthestBlank && (byteAt(at) == 0x20 || byteAt(at) == 9)) at += 1;
  return at;
}

/** Behind the backslash at the end of a line, or the place itself. */
function afterBreak(at: i32): i32 {
  if (at + 1 < textEnd && get(at + 1) == 10) return at + 2;
  const isBreak = at + 2 < textEnd && get(at + 1) == 13 && get(at + 2) == 10;
  return isBreak ? at + 3 : at;
}

/** Whether a zero is the first of a series of characters of two bytes. */
function isPairs(zero: i32): bool {
  const first = zero - 1;
  if (first < textStart || first + leastPairs * 2 > textEnd + 1) return false;
  for (let i = 0; i < leastPairs; i += 1) {
    if (!isPrintable(get(first + i * 2))) return false;
    if (i + 1 < leastPairs && get(first + i * 2 + 1) != 0) return false;
  }
  return !(first >= textStart + 2 && get(first - 1) == 0 && isPrintable(get(first - 2)));
}
