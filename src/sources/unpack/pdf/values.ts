/** The syntax of PDF: numbers, names, strings, arrays, dictionaries; in pages also operators. */
import { damaged } from '../archive-error.ts';
import { byteList, fromHex, tooLong } from './byte-list.ts';
import { sizes, type Room } from './room.ts';

export type PdfValue =
  | number
  | boolean
  | null
  | readonly PdfValue[]
  | Dictionary
  | { readonly kind: 'name'; readonly name: string }
  | PdfString
  | { readonly kind: 'ref'; readonly id: number }
  | { readonly kind: 'word'; readonly word: string };

export type Dictionary = ReadonlyMap<string, PdfValue>;

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Buffer;
  /** Where it is written. */
  readonly from: number;
  readonly to: number;
}

export interface Lexer {
  /** Undefined at the end. */
  next(): PdfValue | undefined;
  readonly at: () => number;
  /** Goes on elsewhere. */
  moveTo(at: number): void;
}

const deepest = 100;
/** Readers promise no more than 32 KB. */
const longestString = 16 << 20;
const blank = new Set([0, 9, 10, 12, 13, 32]);
const delimiters = new Set(Buffer.from('()<>[]{}/%'));

/** @see https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf 7.2, 7.3 (read 2026-11-26) */
export function createLexer(
  bytes: Buffer,
  from: number,
  room: Room,
  onString?: (one: PdfString) => void,
): Lexer {
  let at = from;

  function passBlanks(): void {
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === 0x25) {
        while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at += 1;
      } else if (!blank.has(byte)) return;
    }
  }

  function word(): string {
    const start = at;
    while (at < bytes.length && !blank.has(bytes[at] ?? 0) && !delimiters.has(bytes[at] ?? 0))
      at += 1;
    return bytes.toString('latin1', start, at);
  }

  function value(depth: number): PdfValue | undefined {
    if (depth > deepest) throw damaged('its objects are too deep');
    passBlanks();
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    const start = at;
    switch (byte) {
      case 0x2f:
        at += 1;
        return nameValue(word().replace(/#([0-9a-fA-F]{2})/g, unescapeHex), room);
      case 0x28:
        return string(start, literal());
      case 0x3c:
        if (bytes[at + 1] === 0x3c) return dictionary(depth);
        return string(start, hex());
      case 0x5b:
        return array(depth);
      case 0x5d:
      case 0x7b:
      case 0x7d:
      case 0x29:
        at += 1;
        return wordValue(String.fromCharCode(byte));
      case 0x3e:
        at += bytes[at + 1] === 0x3e ? 2 : 1;
        return wordValue('>>');
      default:
        return asValue(word());
    }
  }

  function string(start: number, content: Buffer): PdfString {
    room.take(sizes.string + content.length);
    const found = { kind: 'string', bytes: content, from: start, to: at } as const;
    onString?.(found);
    return found;
  }

  function asValue(text: string): PdfValue {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) {
      const id = /^\d{1,10}$/.test(text) ? reference() : false;
      if (!id) return Number(text);
      room.take(sizes.reference);
      return { kind: 'ref', id: Number(text) };
    }
    if (text === 'true' || text === 'false') return text === 'true';
    return text === 'null' ? null : wordValue(text);
  }

  function wordValue(text: string): PdfValue {
    room.take(sizes.word + text.length);
    return { kind: 'word', word: text };
  }

  /** Behind a number: a generation and an R. */
  function reference(): boolean {
    const rest = /^[\s\0]{1,4}\d{1,5}[\s\0]{1,4}R(?![A-Za-z0-9])/.exec(
      bytes.toString('latin1', at, at + 16),
    );
    if (rest) at += rest[0].length;
    return rest !== null;
  }

  function array(depth: number): PdfValue[] {
    at += 1;
    room.take(sizes.array);
    const items: PdfValue[] = [];
    for (;;) {
      const item = value(depth + 1);
      if (item === undefined || isWord(item, ']')) return items;
      if (isWord(item, 'endobj')) return items;
      room.take(sizes.item);
      items.push(item);
    }
  }

  function dictionary(depth: number): Dictionary {
    at += 2;
    room.take(sizes.dictionary);
    const entries = new Map<string, PdfValue>();
    for (;;) {
      const key = value(depth + 1);
      if (key === undefined || isWord(key, '>>') || isWord(key, 'endobj')) return entries;
      const name = nameOf(key);
      if (name === undefined) continue;
      const item = value(depth + 1);
      if (item === undefined || isWord(item, '>>')) return entries;
      room.take(sizes.entry);
      entries.set(name, item);
    }
  }

  function literal(): Buffer {
    const found = byteList(longestString, 'a string');
    let depth = 0;
    for (at += 1; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === 0x5c) {
        at += 1;
        const escaped = bytes[at] ?? 0;
        const octal = /^[0-7]{1,3}/.exec(bytes.toString('latin1', at, at + 3));
        if (octal) {
          found.push(Number.parseInt(octal[0], 8) & 255);
          at += octal[0].length - 1;
        } else if (escaped === 13) {
          if (bytes[at + 1] === 10) at += 1;
        } else if (escaped !== 10) found.push(escapes.get(escaped) ?? escaped);
        continue;
      }
      if (byte === 0x28) depth += 1;
      if (byte === 0x29) {
        if (depth === 0) {
          at += 1;
          break;
        }
        depth -= 1;
      }
      found.push(byte);
    }
    return found.result();
  }

  function hex(): Buffer {
    const end = bytes.indexOf(0x3e, at);
    const to = end < 0 ? bytes.length : end;
    if (to - at > longestString * 2) throw tooLong(longestString, 'a string');
    const found = fromHex(bytes.subarray(at + 1, to));
    at = Math.min(to + 1, bytes.length);
    return found;
  }

  return {
    at: () => at,
    moveTo(place) {
      at = place;
    },
    next() {
      const start = at;
      const found = value(0);
      // Nothing may stand still.
      if (found !== undefined && at === start) at += 1;
      return found;
    },
  };
}

/** Behind a backslash: n, r, t, b, f. */
const escapes: ReadonlyMap<number, number> = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
]);

/** Every dictionary has the same names. Bounded, as a file may have a million others. */
const names = new Map<string, PdfValue>();
const mostNames = 10_000;

function nameValue(name: string, room: Room): PdfValue {
  const known = names.get(name);
  if (known !== undefined) return known;
  const value = { kind: 'name', name } as const;
  if (name.length < 64 && names.size < mostNames) names.set(name, value);
  else room.take(sizes.name + name.length);
  return value;
}

function unescapeHex(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

export function isWord(value: PdfValue | undefined, word: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'word' &&
    value.word === word
  );
}

export function nameOf(value: PdfValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'name'
    ? value.name
    : undefined;
}

export function isString(value: PdfValue | undefined): value is PdfString {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'string';
}

export function refOf(value: PdfValue | undefined): number | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'ref'
    ? value.id
    : undefined;
}

export function isDictionary(value: PdfValue | undefined): value is Dictionary {
  return value instanceof Map;
}

export function isArray(value: PdfValue | undefined): value is readonly PdfValue[] {
  return Array.isArray(value);
}
