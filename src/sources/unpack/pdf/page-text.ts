/** The operators of a page → its text, as they place it: what stands apart is parted, what is below begins a line. */
import type { Font } from './fonts.ts';
import { createSmallRoom } from './room.ts';
import { createLexer, isArray, isString, nameOf, type PdfString, type PdfValue } from './values.ts';

export interface PageTools {
  font(name: string): Font | undefined;
  /** Draws another content, in the same place. */
  form(name: string): void;
  /** `at`: of the operator in the content. */
  text(text: string, at: number): void;
  /** A code that the file does not explain. */
  unread(): void;
}

type Matrix = readonly [number, number, number, number, number, number];
const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** `a` first, then `b`. */
function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ];
}

const mostOperands = 100_000;
const mostSaved = 1_000;
/** In font sizes: less is the same word, more another line. */
const wordGap = 0.2;
const lineGap = 0.4;
/** Within a string, in thousandths of it. */
const innerGap = 220;

/** @see https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf 9.4 (read 2026-11-26) */
export function readPage(content: Buffer, tools: PageTools): void {
  let page = identity;
  let line = identity;
  let text = identity;
  let font: Font | undefined;
  let size = 1;
  let leading = 0;
  let charSpace = 0;
  let wordSpace = 0;
  let scale = 1;
  const saved: Matrix[] = [];
  /** Where the last text ended on the page. */
  let end: { readonly x: number; readonly y: number } | undefined;
  let operands: PdfValue[] = [];

  const number = (index: number): number => {
    const value = operands[index];
    return typeof value === 'number' ? value : 0;
  };
  const matrix = (): Matrix => [number(0), number(1), number(2), number(3), number(4), number(5)];

  function move(x: number, y: number): void {
    line = times([1, 0, 0, 1, x, y], line);
    text = line;
  }

  function advance(by: number): void {
    text = times([1, 0, 0, 1, by * scale, 0], text);
  }

  function show({ bytes }: PdfString, at: number): void {
    const placed = times(text, page);
    const unit = Math.max(Math.hypot(placed[0], placed[1]) * Math.abs(size), 1e-6);
    let found = end ? gapBetween(end, placed, unit) : '';
    const step = font?.codeBytes ?? 1;
    for (let place = 0; place + step <= bytes.length; place += step) {
      const code = bytes.readUIntBE(place, step);
      const char = font ? font.text(code) : String.fromCharCode(code);
      if (char === undefined) tools.unread();
      found += char ?? '\ufffd';
      advance(
        ((font?.width(code) ?? 550) / 1_000) * size + charSpace + (code === 32 ? wordSpace : 0),
      );
    }
    const behind = times(text, page);
    end = { x: behind[4], y: behind[5] };
    if (found !== '') tools.text(found, at);
  }

  function showAll(items: readonly PdfValue[], at: number): void {
    for (const item of items) {
      if (isString(item)) show(item, at);
      if (typeof item !== 'number') continue;
      advance((-item / 1_000) * size);
      // Its gap is judged here: widths that the file does not tell do not matter.
      if (item > -innerGap && item < innerGap) {
        const here = times(text, page);
        end = { x: here[4], y: here[5] };
      }
    }
  }

  const room = createSmallRoom();
  const lexer = createLexer(content, 0, room);
  for (let one = lexer.next(); one !== undefined; one = lexer.next()) {
    if (typeof one !== 'object' || one === null || !('kind' in one) || one.kind !== 'word') {
      if (operands.length < mostOperands) operands.push(one);
      continue;
    }
    const at = lexer.at();
    const [first, , third] = operands;
    switch (one.word) {
      case 'q':
        if (saved.length < mostSaved) saved.push(page);
        break;
      case 'Q':
        page = saved.pop() ?? page;
        break;
      case 'cm':
        page = times(matrix(), page);
        break;
      case 'BT':
        line = identity;
        text = identity;
        break;
      case 'Tf':
        font = tools.font(nameOf(first) ?? '');
        size = number(1) || 1;
        break;
      case 'Tc':
        charSpace = number(0);
        break;
      case 'Tw':
        wordSpace = number(0);
        break;
      case 'Tz':
        scale = number(0) / 100 || 1;
        break;
      case 'TL':
        leading = number(0);
        break;
      case 'Td':
        move(number(0), number(1));
        break;
      case 'TD':
        leading = -number(1);
        move(number(0), number(1));
        break;
      case 'Tm':
        line = matrix();
        text = line;
        break;
      case 'T*':
        move(0, -leading);
        break;
      case 'Tj':
        if (isString(first)) show(first, at);
        break;
      case "'":
        move(0, -leading);
        if (isString(first)) show(first, at);
        break;
      case '"':
        wordSpace = number(0);
        charSpace = number(1);
        move(0, -leading);
        if (isString(third)) show(third, at);
        break;
      case 'TJ':
        if (isArray(first)) showAll(first, at);
        break;
      case 'Do':
        tools.form(nameOf(first) ?? '');
        break;
      case 'ID':
        // The bytes of a picture: some are delimiters, and none is text.
        lexer.moveTo(behindPicture(content, at));
        break;
      default:
    }
    operands = [];
    room.clear();
  }

  function gapBetween(from: { x: number; y: number }, to: Matrix, unit: number): string {
    // Along the line of the text, and across it.
    const [cos, sin] = [to[0], to[1]].map((one) => one / (Math.hypot(to[0], to[1]) || 1));
    const [dx, dy] = [to[4] - from.x, to[5] - from.y];
    const along = dx * (cos ?? 1) + dy * (sin ?? 0);
    const across = Math.abs(dy * (cos ?? 1) - dx * (sin ?? 0));
    if (across > lineGap * unit) return '\n';
    return along > wordGap * unit || along < -unit ? ' ' : '';
  }
}

function behindPicture(content: Buffer, from: number): number {
  const isBlank = (at: number): boolean => (content[at] ?? 32) <= 32;
  for (let at = content.indexOf('EI', from); at >= 0; at = content.indexOf('EI', at + 2)) {
    if (isBlank(at - 1) && isBlank(at + 2)) return at + 2;
  }
  return content.length;
}
