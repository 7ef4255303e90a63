/** A pack's `.idx` → which objects the pack holds and where. Versions 1 and 2. */
import { withFile, type OpenFile } from './open-file.ts';
import { orderByOffset } from './order-by-offset.ts';
import { PackError } from './pack-error.ts';
import { fanoutOf, viewOf, type Fanout, type IdBytes, type SortedIds } from './sorted-ids.ts';

export interface PackIndex extends SortedIds {
  readonly fanout: Fanout;
  /** Where the objects' entries start in the pack: ascending, no two the same. */
  readonly offsets: Float64Array;
  /** By place in `offsets`: position of the object in `ids`. */
  readonly byOffset: Int32Array;
  /** What the pack ends with. A multi-pack-index does not say, nor whether it names all objects. */
  readonly packChecksum?: Uint8Array;
}

/** Bytes of a pack before its first entry. */
export const packHeaderBytes = 12;

/**
 * Throws PackError when the file cannot be read or contradicts itself. Whether the pack is as long as
 * its offsets need is not known here.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */
export function readPackIndex(path: string, idBytes: IdBytes): PackIndex {
  return withFile(path, (file) => {
    const head = file.read(0, 8);
    const isVersion1 = head.readUInt32BE(0) !== laterMagic;
    const version = isVersion1 ? 1 : head.readUInt32BE(4);
    if (version > 2) throw new PackError(path, `index version ${version} is not known`);
    const fanout = file.read(isVersion1 ? 0 : head.length, fanoutBytes);
    const count = fanout.readUInt32BE(fanoutBytes - 4);
    if (count > mostObjects) throw new PackError(path, `${count} objects are too many`);
    const read = isVersion1 ? readVersion1 : readVersion2;
    const { ids, offsets } = read(file, idBytes, count);
    const index = packIndex(path, { idBytes, count, ids }, offsets);
    if (index.fanout.some((total, byte) => total !== fanout.readUInt32BE(byte * 4))) {
      throw new PackError(path, 'its fan-out does not fit its ids');
    }
    return { ...index, packChecksum: file.read(file.bytes - 2 * idBytes, idBytes) };
  });
}

/**
 * Checks what was read and puts the offsets, which come by position in `ids`, in order. Throws
 * PackError, naming `path`.
 */
export function packIndex(path: string, sorted: SortedIds, unordered: Float64Array): PackIndex {
  const fanout = fanoutOf(path, sorted);
  const { offsets, positions: byOffset } = orderByOffset(unordered);
  let before = packHeaderBytes - 1;
  for (let at = 0; at < sorted.count; at += 1) {
    const offset = offsets[at] as number;
    if (offset <= before) throw new PackError(path, 'two objects at one offset, or one too low');
    before = offset;
  }
  return { ...sorted, fanout, offsets, byOffset };
}

/** Chosen: several times the largest repositories known; more would not fit into the tables. */
export const mostObjects = 1 << 26;

/** What version 1 cannot start with. */
const laterMagic = 0xff744f63;
const fanoutBytes = 1024;

interface IdsAndOffsets {
  readonly ids: Uint8Array;
  readonly offsets: Float64Array;
}

/** Fan-out; offset and id, object by object; checksums of the pack and of the index. */
function readVersion1(file: OpenFile, idBytes: IdBytes, count: number): IdsAndOffsets {
  const entryBytes = 4 + idBytes;
  if (file.bytes !== fanoutBytes + count * entryBytes + 2 * idBytes) throw wrongSize(file);
  const entries = file.read(fanoutBytes, count * entryBytes);
  const ids = new Uint8Array(count * idBytes);
  const offsets = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const start = at * entryBytes;
    offsets[at] = entries.readUInt32BE(start);
    entries.copy(ids, at * idBytes, start + 4, start + entryBytes);
  }
  return { ids, offsets };
}

/** Magic, version, fan-out; all ids, all CRCs, all offsets, the large offsets; both checksums. */
function readVersion2(file: OpenFile, idBytes: IdBytes, count: number): IdsAndOffsets {
  const idsAt = 8 + fanoutBytes;
  const offsetsAt = idsAt + count * (idBytes + 4);
  const largeAt = offsetsAt + count * 4;
  const largeBytes = file.bytes - 2 * idBytes - largeAt;
  if (largeBytes < 0 || largeBytes % 8 !== 0 || largeBytes > count * 8) throw wrongSize(file);
  const ids = file.read(idsAt, count * idBytes);
  const small = viewOf(file.read(offsetsAt, count * 4));
  const large = viewOf(file.read(largeAt, largeBytes));
  const offsets = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const offset = small.getUint32(at * 4);
    offsets[at] = offset < isLarge ? offset : largeOffset(file.path, large, offset - isLarge);
  }
  return { ids, offsets };
}

function wrongSize({ path }: OpenFile): PackError {
  return new PackError(path, 'its size does not fit its number of objects');
}

/** The bit that makes an offset a place in the table of 64-bit offsets. */
export const isLarge = 0x80000000;

/** Throws PackError for a place outside the table and for offsets from 2^53 on. */
export function largeOffset(path: string, table: DataView, place: number): number {
  if (place * 8 + 8 > table.byteLength) throw new PackError(path, 'lacks a large offset');
  const high = table.getUint32(place * 8);
  if (high >= 1 << 21) throw new PackError(path, 'has an offset beyond 2^53');
  return high * 0x100000000 + table.getUint32(place * 8 + 4);
}
