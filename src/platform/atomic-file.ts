/** Files that are there whole or not at all. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../core/model/user-error.ts';

const usualMode = 0o644;

/**
 * Throws UserError naming the file when it cannot be written. Without `mode` a file that is there
 * keeps its own. Behind a link, the file that it names is written; a device or a pipe is written to.
 */
export function writeAtomic(path: string, text: string, mode?: number): void {
  try {
    const before = statSync(path, { throwIfNoEntry: false });
    // A rename would put a file in the place of /dev/null or of a pipe.
    if (before && !before.isFile()) writeFileSync(path, text);
    else replace(before ? realpathSync(path) : path, text, mode, before && before.mode & 0o7777);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UserError(`${path}: cannot be written${reason}`, { cause: error });
  }
}

function replace(
  path: string,
  text: string,
  mode: number | undefined,
  before: number | undefined,
): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const fd = openSync(temporary, 'wx', mode ?? before ?? usualMode);
  try {
    try {
      // What is asked for, or was there, counts before the umask; a new file's usual mode behind it.
      const exact = mode ?? before;
      if (exact !== undefined) fchmodSync(fd, exact);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
