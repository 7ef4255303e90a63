/** Which program git is. Never one of the scanned repository. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { UserError } from '../../core/model/user-error.ts';

const known = new Map<string, string>();

/**
 * Absolute path of git. Left to the system, a relative entry of PATH (and on Windows the current
 * folder) would be looked for in the repository, which is where git is started.
 */
export function findGit(path = process.env['PATH'] ?? ''): string {
  const found = known.get(path) ?? search(path);
  known.set(path, found);
  return found;
}

function search(path: string): string {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const candidates = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name));
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new UserError('git was not found on PATH; install git 2.36 or newer');
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
