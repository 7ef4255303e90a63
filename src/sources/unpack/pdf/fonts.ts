/** What the codes of a font's text mean, and how wide they are. */
import type { PdfDocument } from './document.ts';
import { createSmallRoom } from './room.ts';
import { createLexer, isArray, isDictionary, isString, isWord, nameOf, refOf } from './values.ts';
import type { Dictionary, PdfString, PdfValue } from './values.ts';

export interface Font {
  readonly codeBytes: 1 | 2;
  /** Undefined: the file does not say. */
  text(code: number): string | undefined;
  /** In thousandths of the font's size. */
  width(code: number): number;
}

export function openFont(document: PdfDocument, value: PdfValue | undefined): Font | undefined {
  const font = document.resolve(value);
  if (!isDictionary(font)) return undefined;
  const isComposite = nameOf(font.get('Subtype')) === 'Type0';
  const map = unicodeMap(document, font.get('ToUnicode'));
  const names = isComposite ? undefined : differences(document, font);
  const text = (code: number): string | undefined =>
    map?.get(code) ?? names?.get(code) ?? (isComposite ? undefined : String.fromCharCode(code));
  return {
    codeBytes: isComposite ? 2 : 1,
    text,
    width: isComposite ? compositeWidths(document, font) : simpleWidths(document, font),
  };
}

function simpleWidths(document: PdfDocument, font: Dictionary): Font['width'] {
  const widths = document.resolve(font.get('Widths'));
  const first = document.resolve(font.get('FirstChar'));
  const from = typeof first === 'number' ? first : 0;
  const list = isArray(widths) ? widths : [];
  return (code) => numberOr(document.resolve(list[code - from]), 550);
}

function compositeWidths(document: PdfDocument, font: Dictionary): Font['width'] {
  const list = document.resolve(font.get('DescendantFonts'));
  const inner = document.resolve(isArray(list) ? list[0] : undefined);
  if (!isDictionary(inner)) return () => 1_000;
  const usual = numberOr(document.resolve(inner.get('DW')), 1_000);
  const widths = new Map<number, number>();
  const told = document.resolve(inner.get('W'));
  const items = isArray(told) ? told : [];
  let steps = 0;
  for (let at = 0; at < items.length && steps < mostSteps;) {
    const first = numberOr(items[at], 0);
    const second = document.resolve(items[at + 1]);
    if (isArray(second)) {
      for (const [index, width] of second.entries())
        widths.set(first + index, numberOr(width, usual));
      steps += second.length;
      at += 2;
    } else {
      const last = Math.min(numberOr(second, 0), first + 0xffff);
      for (let code = first; code <= last; code += 1)
        widths.set(code, numberOr(items[at + 2], usual));
      steps += Math.max(1, last - first);
      at += 3;
    }
    if (widths.size > 0x1_0000) break;
  }
  return (code) => widths.get(code) ?? usual;
}

function numberOr(value: PdfValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

const mostCodes = 0x1_0000;
/** Tables may say the same codes again and again. */
const mostSteps = 4 * mostCodes;

/** A CMap: single codes and ranges of them. */
function unicodeMap(
  document: PdfDocument,
  value: PdfValue | undefined,
): Map<number, string> | undefined {
  const id = refOf(value);
  const object = id === undefined ? undefined : document.object(id);
  const content = object && document.unpack(object);
  if (!content) return undefined;
  const map = new Map<number, string>();
  const room = createSmallRoom();
  const lexer = createLexer(content, 0, room);
  let operands: PdfValue[] = [];
  let steps = 0;
  const isFull = (): boolean => map.size >= mostCodes || steps >= mostSteps;
  for (let one = lexer.next(); one !== undefined && !isFull(); one = lexer.next()) {
    if (isWord(one, 'endbfchar')) {
      for (let at = 0; at + 1 < operands.length && !isFull(); at += 2) {
        steps += 1;
        const [code, text] = [operands[at], operands[at + 1]];
        if (isString(code) && isString(text)) map.set(codeOf(code), utf16(text.bytes));
      }
    } else if (isWord(one, 'endbfrange')) {
      for (let at = 0; at + 2 < operands.length && !isFull(); at += 3)
        steps += addRange(map, operands.slice(at, at + 3));
    }
    if (typeof one === 'object' && one !== null && 'kind' in one && one.kind === 'word') {
      operands = [];
      room.clear();
    } else if (operands.length < mostCodes * 3) operands.push(one);
  }
  return map;
}

/** → how many codes it names. */
function addRange(map: Map<number, string>, [first, last, text]: readonly PdfValue[]): number {
  if (!isString(first) || !isString(last)) return 1;
  const from = codeOf(first);
  const to = Math.min(codeOf(last), from + 0xffff);
  for (let code = from; code <= to && map.size < mostCodes; code += 1) {
    const one = isArray(text) ? text[code - from] : text;
    if (!isString(one)) continue;
    const base = utf16(one.bytes);
    map.set(code, isArray(text) ? base : shifted(base, code - from));
  }
  return Math.max(1, to - from);
}

/** The last character is counted on. */
function shifted(text: string, by: number): string {
  const last = text.charCodeAt(text.length - 1);
  return text.slice(0, -1) + String.fromCharCode((last || 0) + by);
}

function codeOf({ bytes }: PdfString): number {
  return bytes.length === 0 || bytes.length > 4 ? -1 : bytes.readUIntBE(0, bytes.length);
}

export function utf16(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

function differences(document: PdfDocument, font: Dictionary): Map<number, string> {
  const found = new Map<number, string>();
  const encoding = document.resolve(font.get('Encoding'));
  const list = isDictionary(encoding) ? document.resolve(encoding.get('Differences')) : undefined;
  let code = 0;
  for (const item of isArray(list) ? list : []) {
    const name = nameOf(item);
    if (typeof item === 'number') code = item;
    if (name === undefined) continue;
    const text = characterOf(name);
    if (text !== undefined) found.set(code, text);
    code += 1;
  }
  return found;
}

/** Names of what keys are made of, and their like; letters have their own. */
const characters: Readonly<Record<string, string>> = {
  space: ' ',
  exclam: '!',
  quotedbl: '"',
  numbersign: '#',
  dollar: '$',
  percent: '%',
  ampersand: '&',
  quotesingle: "'",
  quoteright: "'",
  quoteleft: '`',
  parenleft: '(',
  parenright: ')',
  asterisk: '*',
  plus: '+',
  comma: ',',
  hyphen: '-',
  minus: '-',
  period: '.',
  slash: '/',
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  colon: ':',
  semicolon: ';',
  less: '<',
  equal: '=',
  greater: '>',
  question: '?',
  at: '@',
  bracketleft: '[',
  backslash: '\\',
  bracketright: ']',
  asciicircum: '^',
  underscore: '_',
  grave: '`',
  braceleft: '{',
  bar: '|',
  braceright: '}',
  asciitilde: '~',
  ff: 'ff',
  fi: 'fi',
  fl: 'fl',
  ffi: 'ffi',
  ffl: 'ffl',
  endash: '-',
  emdash: '-',
  quotedblleft: '"',
  quotedblright: '"',
};

function characterOf(name: string): string | undefined {
  if (/^[A-Za-z]$/.test(name)) return name;
  const code = /^(?:uni|u)([0-9A-F]{4,6})$/.exec(name)?.[1];
  if (code !== undefined)
    return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ffff));
  return characters[name];
}
