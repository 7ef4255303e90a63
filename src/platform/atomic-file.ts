/** Files that are there whole or not at all. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../core/model/user-error.ts';

const usualMode = 0o644;

/**
 * Throws UserError naming the file when it cannot be written. Without `mode` a file that is there
 * keeps its own, and a new one gets `newMode`. A file that is there keeps its owner where we may say
 * so. Behind a link, the file that it names is written; a device or a pipe is written to.
 */
export function writeAtomic(
  path: string,
  content: string | Uint8Array,
  mode?: number,
  newMode = usualMode,
): void {
  write(path, content, { mode, newMode, isDurable: true });
}

/** As `writeAtomic`, but does not wait for the disk, which takes milliseconds: for what can be made again. */
export function writeWhole(path: string, content: string | Uint8Array, mode?: number): void {
  write(path, content, { mode, newMode: usualMode, isDurable: false });
}

interface Writing {
  readonly mode: number | undefined;
  readonly newMode: number;
  readonly isDurable: boolean;
}

function write(path: string, content: string | Uint8Array, writing: Writing): void {
  const { mode, newMode, isDurable } = writing;
  try {
    const before = statSync(path, { throwIfNoEntry: false });
    // A rename would put a file in the place of /dev/null or of a pipe.
    if (before && !before.isFile()) writeFileSync(path, content);
    else if (before) {
      const exact = mode ?? before.mode & 0o7777;
      replace(realpathSync(path), content, { mode: exact, isExact: true, before, isDurable });
    } else {
      const isExact = mode !== undefined || newMode !== usualMode;
      replace(path, content, { mode: mode ?? newMode, isExact, isDurable });
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UserError(`${path}: cannot be written${reason}`, { cause: error });
  }
}

/** Beside the file that it becomes. Of a process that was killed it stays behind. */
export function temporaryName(name: string, pid: number): string {
  return `.${name}.${pid}.tmp`;
}

interface Replacement {
  readonly mode: number;
  /** Else the umask counts, too. */
  readonly isExact: boolean;
  /** What is there. */
  readonly before?: Stats;
  readonly isDurable: boolean;
}

function replace(
  path: string,
  content: string | Uint8Array,
  { mode, isExact, before, isDurable }: Replacement,
): void {
  const temporary = join(dirname(path), temporaryName(basename(path), process.pid));
  const fd = openSync(temporary, 'wx', mode);
  try {
    try {
      if (before) keepOwner(fd, before);
      // What is asked for, or was there, counts before the umask; a new file's usual mode behind it.
      if (isExact) fchmodSync(fd, mode);
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      if (isDurable) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Only the superuser may give a file away; anybody else's new file is their own. */
function keepOwner(fd: number, { uid, gid }: Stats): void {
  const now = fstatSync(fd);
  if (now.uid === uid && now.gid === gid) return;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}
