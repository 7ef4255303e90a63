/**
 * git's index: which version of which path the next commit would hold. Undefined for what is not
 * plain (conflicts, split and sparse indexes, versions not known): git is asked then.
 * @see https://git-scm.com/docs/gitformat-index (as of git 2.39)
 */
export interface IndexFile {
  /** In the index's order, by bytes. Latin-1 text of the paths' bytes. */
  readonly paths: readonly string[];
  readonly modes: Uint32Array;
  /** By entry: where its id lies in `bytes`. */
  readonly idsAt: Uint32Array;
  readonly bytes: Buffer;
  readonly idBytes: number;
  /** Trees that entries are known to make up. */
  readonly cached?: CachedTree;
}

export interface CachedTree {
  /** Entries below it; −1 when it is not known what they make. */
  readonly entryCount: number;
  /** In hexadecimal; empty when it is not known. */
  readonly oid: string;
  readonly children: ReadonlyMap<string, CachedTree>;
}

const headBytes = 12;
/** Times, device, inode, mode, owner, size. */
const statBytes = 40;
const modeAt = 24;
const isExtended = 0x4000;
const stageMask = 0x3000;
const isIntended = 0x2000;

export function parseIndex(bytes: Buffer, idBytes: number): IndexFile | undefined {
  try {
    return parse(bytes, idBytes);
  } catch (error) {
    // It ends too early.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(bytes: Buffer, idBytes: number): IndexFile | undefined {
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - idBytes;
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return undefined;
  // Each entry takes more than its id: a count that lies asks for no memory.
  if (count * (statBytes + idBytes) > bytes.length) return undefined;
  const paths: string[] = [];
  const modes = new Uint32Array(count);
  const idsAt = new Uint32Array(count);
  let at = headBytes;
  let path = '';
  for (let entry = 0; entry < count; entry += 1) {
    const start = at;
    const flagsAt = start + statBytes + idBytes;
    const flags = bytes.readUInt16BE(flagsAt);
    const hasMore = (flags & isExtended) !== 0;
    if ((flags & stageMask) !== 0 || (hasMore && version < 3)) return undefined;
    const more = hasMore ? bytes.readUInt16BE(flagsAt + 2) : 0;
    at = flagsAt + (hasMore ? 4 : 2);
    if (version === 4) {
      const cut = readVariable(bytes, at);
      at = cut.next;
      if (cut.value > path.length) return undefined;
      path = path.slice(0, path.length - cut.value);
    } else {
      path = '';
    }
    const pathEnd = bytes.indexOf(0, at);
    if (pathEnd < 0 || pathEnd >= end) return undefined;
    path += bytes.toString('latin1', at, pathEnd);
    // Padded with one to eight zeros to a multiple of eight.
    at = version === 4 ? pathEnd + 1 : start + ((pathEnd - start + 8) & ~7);
    // `git add --intent-to-add`: the commit would not hold it.
    if (more & isIntended) continue;
    modes[paths.length] = bytes.readUInt32BE(start + modeAt);
    idsAt[paths.length] = start + statBytes;
    paths.push(path);
  }
  return withExtensions({ paths, modes, idsAt, bytes, idBytes }, at, end);
}

/** Offset encoding: seven bits a byte, highest first, each further byte also adding one. */
function readVariable(bytes: Buffer, from: number): { value: number; next: number } {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}

/** Those with small letters change what the entries mean. */
function withExtensions(file: IndexFile, from: number, end: number): IndexFile | undefined {
  const { bytes, idBytes } = file;
  let cached: CachedTree | undefined;
  for (let at = from; at < end;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32BE(at + 4);
    if (!/^[A-Z]/.test(name) || at + 8 + size > end) return undefined;
    if (name === 'TREE') cached = parseCached(bytes.subarray(at + 8, at + 8 + size), idBytes);
    at += 8 + size;
  }
  return cached ? { ...file, cached } : file;
}

const deepest = 256;

/** Undefined when it cannot be read: it only saves work. */
function parseCached(bytes: Buffer, idBytes: number): CachedTree | undefined {
  let at = 0;

  function readOne(depth: number): [name: string, tree: CachedTree] | undefined {
    const nameEnd = bytes.indexOf(0, at);
    const lineEnd = bytes.indexOf(10, nameEnd);
    if (nameEnd < 0 || lineEnd < 0 || depth > deepest) return undefined;
    const name = bytes.toString('latin1', at, nameEnd);
    const counts = /^(-?\d+) (\d+)$/.exec(bytes.toString('latin1', nameEnd + 1, lineEnd));
    if (!counts) return undefined;
    const entryCount = Number(counts[1]);
    at = lineEnd + 1;
    const oid = entryCount < 0 ? '' : bytes.toString('hex', at, at + idBytes);
    if (entryCount >= 0) at += idBytes;
    const children = new Map<string, CachedTree>();
    for (let left = Number(counts[2]); left > 0; left -= 1) {
      const child = readOne(depth + 1);
      if (!child) return undefined;
      children.set(...child);
    }
    return [name, { entryCount, oid, children }];
  }

  return readOne(0)?.[1];
}
