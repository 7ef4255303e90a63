/** A map beside a file, read only if it lies in one of the folders that are scanned. */
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/**
 * `open`: the file, as it was opened; `relative`: the map, from its folder; `roots`: real paths of what is
 * scanned. Undefined for what is not there, leads out, is no file or is larger than `maxBytes`.
 */
export function readMapOnDisk(
  open: string,
  relative: string,
  roots: readonly string[],
  maxBytes: number,
): Buffer | undefined {
  try {
    // Links are followed first: what they lead to must lie within.
    const path = realpathSync(join(dirname(open), relative));
    if (!roots.some((root) => path.startsWith(root.endsWith(sep) ? root : root + sep))) {
      return undefined;
    }
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(fd);
      return found.isFile() && found.size <= maxBytes ? readFileSync(fd) : undefined;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
