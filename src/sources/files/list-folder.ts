/** What stands in one folder, in the order of its names' bytes. */
import { readdirSync, type Dirent } from 'node:fs';

type EntryKind = 'file' | 'folder' | 'link' | 'FIFO' | 'socket' | 'device';

export interface Entry {
  readonly name: string;
  /** The name's bytes, only if they are not UTF-8; `name` is then lossy. */
  readonly raw?: Buffer;
  readonly kind: EntryKind;
}

/** Throws what `readdir` throws. */
export function listFolder(path: string | Buffer): readonly Entry[] {
  const found = readdirSync(path, { withFileTypes: true });
  if (found.some(({ name }) => name.includes(REPLACEMENT))) return listBytes(path);
  const entries = found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  return entries.sort(byName);
}

/** What the decoder puts for bytes that are not UTF-8; it may also stand in a name for itself. */
const REPLACEMENT = '\ufffd';

function listBytes(path: string | Buffer): readonly Entry[] {
  // A path of bytes as well: node joins the two where the file system tells no types.
  const found = readdirSync(Buffer.from(path), { withFileTypes: true, encoding: 'buffer' });
  return found
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map((entry) => {
      const name = entry.name.toString('utf8');
      const isText = Buffer.from(name, 'utf8').equals(entry.name);
      return { name, kind: kindOf(entry), ...(isText ? {} : { raw: entry.name }) };
    });
}

function byName(a: Entry, b: Entry): number {
  if (SURROGATE.test(a.name) || SURROGATE.test(b.name)) {
    return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
  }
  return a.name < b.name ? -1 : 1;
}

/** Only above U+FFFF the order of UTF-16 units is not that of the bytes. */
const SURROGATE = /[\ud800-\udfff]/;

function kindOf(entry: Dirent | Dirent<Buffer>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO()) return 'FIFO';
  return entry.isSocket() ? 'socket' : 'device';
}
