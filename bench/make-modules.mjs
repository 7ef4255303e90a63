/** A clean history of long-lived source files of middling size, small edits, and merges of old commits. */
import { editLines } from './edit-lines.mjs';
import { codeLines } from './make-text.mjs';
import { importHistory } from './import-history.mjs';
import { random } from './random.mjs';

const fileCount = 400;
const startLines = 220;
const filesPerCommit = 3;
const fewestLines = 100;

/** Writes a bare repository of so many commits into `folder` (made new). */
export function makeModules(folder, commits) {
  return importHistory(folder, modules(commits));
}

function* modules(commits) {
  const next = random(20_260_101);
  const files = Array.from({ length: fileCount }, (_, index) => ({
    path: `src/module-${index % 40}/file-${index}.ts`,
    lines: codeLines(next, 'ts', startLines),
  }));
  yield { files };
  for (let number = 2; number <= commits; number += 1) {
    const touched = new Set(Array.from({ length: filesPerCommit }, () => files[next(fileCount)]));
    for (const { lines } of touched) editLines(next, lines, 'ts', fewestLines);
    // Every 40th commit merges one from a while ago, as topic branches do.
    const isMerge = number > 100 && number % 40 === 0;
    yield { from: number - 1, ...(isMerge ? { merge: number - 20 } : {}), files: [...touched] };
  }
}
