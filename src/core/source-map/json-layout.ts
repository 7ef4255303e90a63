/**
 * Where the values of a JSON text lie, without making them: a source map is large, and little of it is
 * asked for. Nothing is checked that is not needed; what is broken ends early.
 */

/** Bytes [from, to) of the text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;

/** Names and values of the object that begins at `span.from`, in order; none if it is no object. */
export function* membersOf(bytes: Buffer, { from, to }: Span): Generator<[string, Span]> {
  let at = skipBlanks(bytes, from, to);
  if (bytes[at] !== 0x7b) return;
  at = skipBlanks(bytes, at + 1, to);
  while (at < to && bytes[at] === quote) {
    const nameEnd = endOfString(bytes, at, to);
    const isShort = nameEnd - at <= longestName;
    const name = isShort ? (textOf(bytes, { from: at, to: nameEnd }) ?? '') : '';
    at = skipBlanks(bytes, nameEnd, to);
    if (bytes[at] !== colon) return;
    at = skipBlanks(bytes, at + 1, to);
    const end = endOfValue(bytes, at, to);
    yield [name, { from: at, to: end }];
    at = skipBlanks(bytes, end, to);
    if (bytes[at] !== comma) return;
    at = skipBlanks(bytes, at + 1, to);
  }
}

const longestName = 200;

/** Items of the list that begins at `span.from`, in order; none if it is no list. */
export function* itemsOf(bytes: Buffer, { from, to }: Span): Generator<Span> {
  let at = skipBlanks(bytes, from, to);
  if (bytes[at] !== 0x5b) return;
  at = skipBlanks(bytes, at + 1, to);
  while (at < to && bytes[at] !== 0x5d) {
    const end = endOfValue(bytes, at, to);
    if (end === at) return;
    yield { from: at, to: end };
    at = skipBlanks(bytes, end, to);
    if (bytes[at] !== comma) return;
    at = skipBlanks(bytes, at + 1, to);
  }
}

/** The text of a string; undefined for any other value. */
export function textOf(bytes: Buffer, { from, to }: Span): string | undefined {
  if (bytes[from] !== quote || to - from < 2) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number of at least 0; undefined for anything else. */
export function countOf(bytes: Buffer, { from, to }: Span): number | undefined {
  const digits = to - from <= 10 ? bytes.toString('latin1', from, to) : '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** What stands between the quotes of a string; undefined for any other value. */
export function insideOf(bytes: Buffer, { from, to }: Span): Span | undefined {
  const isString = bytes[from] === quote && to - from >= 2 && bytes[to - 1] === quote;
  return isString ? { from: from + 1, to: to - 1 } : undefined;
}

/** Offset of the first byte at or behind `at` that is no blank. */
export function skipBlanks(bytes: Buffer, at: number, to: number): number {
  let next = at;
  while (next < to && isBlank(bytes[next] as number)) next += 1;
  return next;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Brackets are counted, not matched: no depth is too much. */
function endOfValue(bytes: Buffer, from: number, to: number): number {
  const first = bytes[from];
  if (first === quote) return endOfString(bytes, from, to);
  if (first !== 0x7b && first !== 0x5b) {
    let at = from;
    while (at < to && !endsPlain(bytes[at] as number)) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at, to) - 1;
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return to;
}

function endsPlain(byte: number): boolean {
  return byte === comma || byte === 0x7d || byte === 0x5d || isBlank(byte);
}

/** Behind the closing quote; `to` where there is none. */
function endOfString(bytes: Buffer, from: number, to: number): number {
  for (let at = from + 1; ; at += 1) {
    at = bytes.indexOf(quote, at);
    if (at < 0 || at >= to) return to;
    let escapes = 0;
    while (bytes[at - 1 - escapes] === backslash && at - 1 - escapes > from) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
}
