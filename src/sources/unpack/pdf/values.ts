/** The syntax of PDF: numbers, names, strings, arrays, dictionaries; in pages also operators. */
import { damaged } from '../archive-error.ts';

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
const blank = new Set([0, 9, 10, 12, 13, 32]);
const delimiters = new Set(Buffer.from('()<>[]{}/%'));

/** @see https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf 7.2, 7.3 (read 2026-11-26) */
export function createLexer(
  bytes: Buffer,
  from: number,
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
        return { kind: 'name', name: word().replace(/#([0-9a-fA-F]{2})/g, unescapeHex) };
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
        return { kind: 'word', word: String.fromCharCode(byte) };
      case 0x3e:
        at += bytes[at + 1] === 0x3e ? 2 : 1;
        return { kind: 'word', word: '>>' };
      default:
        return asValue(word());
    }
  }

  function string(start: number, content: Buffer): PdfString {
    const found = { kind: 'string', bytes: content, from: start, to: at } as const;
    onString?.(found);
    return found;
  }

  function asValue(text: string): PdfValue {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) {
      const id = /^\d{1,10}$/.test(text) ? reference() : false;
      return id ? { kind: 'ref', id: Number(text) } : Number(text);
    }
    if (text === 'true' || text === 'false') return text === 'true';
    return text === 'null' ? null : { kind: 'word', word: text };
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
    const items: PdfValue[] = [];
    for (;;) {
      const item = value(depth + 1);
      if (item === undefined || isWord(item, ']')) return items;
      if (isWord(item, 'endobj')) return items;
      items.push(item);
    }
  }

  function dictionary(depth: number): Dictionary {
    at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      const key = value(depth + 1);
      if (key === undefined || isWord(key, '>>') || isWord(key, 'endobj')) return entries;
      const name = nameOf(key);
      if (name === undefined) continue;
      const item = value(depth + 1);
      if (item === undefined || isWord(item, '>>')) return entries;
      entries.set(name, item);
    }
  }

  function literal(): Buffer {
    const found: number[] = [];
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
    return Buffer.from(found);
  }

  function hex(): Buffer {
    const end = bytes.indexOf(0x3e, at);
    const to = end < 0 ? bytes.length : end;
    const digits = bytes.toString('latin1', at + 1, to).replace(/[^0-9a-fA-F]/g, '');
    at = Math.min(to + 1, bytes.length);
    return Buffer.from(digits.length % 2 === 1 ? `${digits}0` : digits, 'hex');
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
