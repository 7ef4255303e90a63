/** Reads git's own small files (ignore files, pointers) out of folders that may be hostile. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Chosen: far above any real one, and little enough that parsing it takes no time. */
const MAX_BYTES = 1 << 20;

/**
 * The bytes as latin-1; undefined if it is no regular file of at most 1 MiB that can be read.
 * `follow: false` refuses a symbolic link, as git does for a .gitignore in the work tree.
 */
export function readSmall(
  path: string | Buffer,
  { follow }: { readonly follow: boolean },
): string | undefined {
  // Without O_NONBLOCK a FIFO of that name would hang the walk.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW);
  try {
    const file = openSync(path, flags);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.size > MAX_BYTES) return undefined;
      return readFileSync(file, 'latin1');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
