/** Lines and columns in a document that lies in the engine's memory: breaks are counted there. */
import { columnAt, type Cursor } from '../core/detect/text.ts';
import type { Core } from './core.ts';

const lineBreak = 10;

export function residentCursor(bytes: Buffer, core: Core): Cursor {
  let line = 1;
  let counted = 0;
  return {
    positionAt(offset) {
      line += core.run.countLineBreaks(bytes.byteOffset + counted, bytes.byteOffset + offset);
      counted = offset;
      const lineStart = offset === 0 ? 0 : bytes.lastIndexOf(lineBreak, offset - 1) + 1;
      return { line, column: columnAt(bytes, lineStart, offset), byte: offset };
    },
    fork: () => residentCursor(bytes, core),
  };
}
