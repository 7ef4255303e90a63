/** Bytes → text, and positions in it. */
import type { Position } from '../model/match.ts';

/** The text of bytes[from, to): UTF-8 where it is, so that passwords keep their letters. */
export function decode(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('latin1', from, to);
  return isAscii(text) ? text : bytes.toString('utf8', from, to);
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

/** Walks forward through a document that may come in pieces and tells lines and columns. */
export interface Cursor {
  /** The position of the byte at `offset` (absolute); never less than the one asked before. */
  positionAt(offset: number): Position;
  /** Another cursor at the same place, to run ahead and be dropped. */
  fork(): Cursor;
}

/**
 * `bytes` may be exchanged between calls as long as `base` (the absolute offset of its first byte)
 * goes with it and nothing is left out.
 */
export function createCursor(piece: { bytes: Buffer; base: number }): Cursor {
  return cursorFrom(piece, { line: 1, column: 1, byte: 0 });
}

function cursorFrom(piece: { bytes: Buffer; base: number }, start: Position): Cursor {
  let { byte: at, line, column } = start;
  return {
    fork: () => cursorFrom(piece, { line, column, byte: at }),
    positionAt(offset) {
      const { bytes, base } = piece;
      if (at === 0 && base === 0) at = startOfText(bytes);
      while (at < offset) {
        const lineBreak = bytes.indexOf(10, at - base);
        if (lineBreak >= 0 && lineBreak + base < offset) {
          at = lineBreak + base + 1;
          line += 1;
          column = 1;
        } else {
          column += utf16Length(bytes, at - base, offset - base);
          at = offset;
        }
      }
      return { line, column, byte: offset };
    },
  };
}

/** Column of the byte at `offset` on the line that starts at `lineStart`; a mark at the start has none. */
export function columnAt(bytes: Buffer, lineStart: number, offset: number): number {
  return 1 + utf16Length(bytes, lineStart === 0 ? startOfText(bytes) : lineStart, offset);
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where text begins: behind a mark. */
export function startOfText(bytes: Buffer): number {
  return bytes.subarray(0, utf8Mark.length).equals(utf8Mark) ? utf8Mark.length : 0;
}

/** UTF-16 code units of UTF-8 bytes; a continuation byte counts with its lead byte. */
export function utf16Length(bytes: Buffer, from: number, to: number): number {
  let units = 0;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] as number;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
