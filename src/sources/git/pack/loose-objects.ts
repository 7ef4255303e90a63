/** Objects that each have a file of their own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../core/model/problem.ts';
import { errorCode } from './open-file.ts';

/** Ids in hexadecimal, ascending, of one object folder. Other files are none of ours. */
export function listLoose(
  folder: string,
  idLength: 40 | 64,
  report: (problem: Problem) => void,
): string[] {
  const isRest = new RegExp(`^[0-9a-f]{${idLength - 2}}$`);
  return namesIn(folder, report)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .sort()
    .flatMap((start) =>
      namesIn(join(folder, start), report)
        .filter((name) => isRest.test(name))
        .sort()
        .map((rest) => start + rest),
    );
}

/** Of a folder's entries; none when it is not there. */
export function namesIn(folder: string, report: (problem: Problem) => void): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      report({ kind: 'unreadable-folder', where: folder, message: `cannot be read (${code})` });
    }
    return [];
  }
}
