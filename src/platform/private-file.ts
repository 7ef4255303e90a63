/** Files for their owner alone, in a folder of the owner's: what a later run believes. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { UserError } from '../core/model/user-error.ts';

/** Made when it is not there. Throws UserError when it cannot be, or is another user's. */
export function openPrivateFolder(path: string): void {
  let owner: number;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    owner = statSync(path).uid;
  } catch (error) {
    throw new UserError(`${path}: cannot be a folder of states (${codeOf(error)})`, {
      cause: error,
    });
  }
  if (isForeign(owner)) {
    throw new UserError(
      `${path}: belongs to another user, whose word about what was scanned does not count; give another --state-dir`,
    );
  }
}

export type PrivateText = { readonly text: string } | { readonly refused: string };

/** Undefined when there is none. A link is not followed, and another user's file not read. */
export function readPrivate(path: string): PrivateText | undefined {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const fd = openSync(path, flags);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) return { refused: 'is no file' };
      if (isForeign(stats.uid)) return { refused: 'belongs to another user' };
      return { text: readFileSync(fd, 'utf8') };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    return { refused: code === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${code})` };
  }
}

/**
 * Puts the text in the place of whatever is there, a link included. Does not wait for the disk: what
 * a power cut leaves is told by the reader from a whole file, and waiting costs 5 ms and more.
 */
export function writePrivate(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) unlinkSync(temporary);
    throw new UserError(`${path}: cannot be written (${codeOf(error)})`, { cause: error });
  }
}

/** Where the system knows no users (Windows), every file is one's own. */
function isForeign(uid: number): boolean {
  return process.getuid !== undefined && uid !== process.getuid();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
