/** A folder of source files of several languages. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeLines, extensions } from './make-text.mjs';
import { random } from './random.mjs';

/** Writes files of together at least `leastBytes` into `folder` (made new). */
export function makeTree(folder, leastBytes) {
  const next = random(7);
  let bytes = 0;
  for (let index = 0; bytes < leastBytes; index += 1) {
    const extension = extensions[index % extensions.length];
    const part = join(folder, `part-${index % 97}`);
    mkdirSync(part, { recursive: true });
    // Most files are small, and a few are long.
    const lines = codeLines(next, extension, 20 + next(next(30) === 0 ? 3_000 : 300));
    const text = `${lines.join('\n')}\n`;
    writeFileSync(join(part, `file-${index}.${extension}`), text);
    bytes += text.length;
  }
}
