/** Lines and columns in a document that lies in the engine's memory: breaks are counted there. */
import { columnAt, startOfText, utf16Length, type Cursor } from '../core/detect/text.ts';
import type { Core } from './core.ts';

const lineBreak = 10;

export function residentCursor(bytes: Buffer, core: Core): Cursor {
  let line = 1;
  let column = 1;
  let counted = startOfText(bytes);
  return {
    positionAt(offset) {
      const { byteOffset } = bytes;
      const breaks = core.run.countLineBreaks(byteOffset + counted, byteOffset + offset);
      line += breaks;
      // On one line columns go on from the last place: a bundle is one line, and may hold many keys.
      column =
        breaks === 0
          ? column + utf16Length(bytes, counted, offset)
          : columnAt(bytes, bytes.lastIndexOf(lineBreak, offset - 1) + 1, offset);
      counted = offset;
      return { line, column, byte: offset };
    },
    fork: () => residentCursor(bytes, core),
  };
}
