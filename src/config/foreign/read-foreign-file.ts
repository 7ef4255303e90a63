/** Reads a file that may lie in a hostile repository. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/model/user-error.ts';

/** Chosen: a baseline of 100,000 entries is smaller. */
const mostBytes = 32 << 20;

/** Undefined if it is not there. Throws UserError for what is no ordinary file of bearable size. */
export function readForeignFile(folder: string, name: string): string | undefined {
  // Without O_NONBLOCK a FIFO of that name would hang; a link could lead anywhere.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  let fd: number;
  try {
    fd = openSync(join(folder, name), flags);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw refusal(
      name,
      code === 'ELOOP' ? 'is a link, and is not followed' : `cannot be read (${code})`,
    );
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) return undefined;
    if (!stat.isFile()) throw refusal(name, 'is no regular file');
    if (stat.size > mostBytes) throw refusal(name, `is larger than ${mostBytes} bytes`);
    return readFileSync(fd, 'utf8').replace(/^\uFEFF/, '');
  } finally {
    closeSync(fd);
  }
}

/** Every error about such a file says how to do without it. */
export function refusal(where: string, what: string, cause?: unknown): UserError {
  return new UserError(`${where}: ${what}; mend it, or leave it out with --strict`, { cause });
}
