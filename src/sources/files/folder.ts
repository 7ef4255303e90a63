/** A folder of a walk and what stands in it by name: what to open, what to show. Asks no file system. */
import type { Entry } from './list-folder.ts';
import { byteText, bytesOf, pathText } from './path-text.ts';

/** Paths of folders end with a slash or are empty. */
export interface Folder {
  /** Bytes from the first name on that is not UTF-8. */
  readonly open: string | Buffer;
  /** What every path shown starts with. */
  readonly prefix: string;
  /** As shown, while all names are UTF-8; below that each path must be escaped as a whole. */
  readonly shown: string | undefined;
  /** Byte string from the root of the walk. */
  readonly path: string;
}

export function rootFolder(root: string, prefix: string): Folder {
  const open = root.endsWith('/') ? root : `${root}/`;
  return { open, prefix, shown: prefix, path: '' };
}

export function folderIn(parent: Folder, entry: Entry): Folder {
  const open = openPath(parent, entry);
  const isText = typeof open === 'string';
  return {
    open: isText ? `${open}/` : Buffer.concat([open, Buffer.from('/')]),
    prefix: parent.prefix,
    shown: isText ? `${shownPath(parent, entry)}/` : undefined,
    path: `${parent.path}${bytesOfName(entry)}/`,
  };
}

export function openPath({ open }: Folder, { name, raw }: Pick<Entry, 'name' | 'raw'>) {
  if (typeof open === 'string' && raw === undefined) return open + name;
  return Buffer.concat([Buffer.from(open), raw ?? Buffer.from(name)]);
}

/** Small buffers share one of 8 kB, and all of that would be sent to a worker with each of them. */
export function compact(open: string | Buffer): string | Uint8Array {
  return typeof open === 'string' ? open : new Uint8Array(open);
}

export function bytesOfName({ name, raw }: Entry): string {
  return raw === undefined ? byteText(name) : raw.toString('latin1');
}

export function shownPath({ shown, prefix, path }: Folder, entry: Entry): string {
  if (shown !== undefined && entry.raw === undefined) return shown + entry.name;
  return prefix + pathText(bytesOf(path + bytesOfName(entry)));
}

/** Without the slash at the end; `.` for a root without a name. */
export function shownFolder({ prefix, path }: Folder): string {
  const shown = prefix + pathText(bytesOf(path));
  return shown === '' ? '.' : shown.replace(/\/$/, '');
}
