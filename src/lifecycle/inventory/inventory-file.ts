/** The inventory on disk: `keywarden.keys.yaml` in the current folder, and nowhere else. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryFile } from '../../core/model/key-owner.ts';
import { UserError } from '../../core/model/user-error.ts';

/** Chosen: over 3,000 keys. */
const maxBytes = 1 << 20;

export function hasInventory(folder: string): boolean {
  return lstatSync(join(folder, inventoryFile), { throwIfNoEntry: false }) !== undefined;
}

/**
 * Undefined when there is none. Throws UserError for a link, a pipe, and more than 1 MiB: the folder
 * may be a stranger's, and what it links to is not the stranger's to show.
 */
export function readInventoryFile(folder: string): string | undefined {
  if (!hasInventory(folder)) return undefined;
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const file = open(join(folder, inventoryFile), flags);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new UserError(`${inventoryFile}: is no file`);
    if (stat.size > maxBytes) {
      throw new UserError(`${inventoryFile}: is larger than ${maxBytes} bytes`);
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reason = code === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${code})`;
    throw new UserError(`${inventoryFile}: ${reason}`, { cause: error });
  }
}
