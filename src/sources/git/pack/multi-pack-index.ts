/** A `multi-pack-index` → the objects of each pack that it names. Of an object in several packs it names one. */
import { withFile, type OpenFile } from './open-file.ts';
import { isLarge, largeOffset, mostObjects, packIndex, type PackIndex } from './pack-index.ts';
import { PackError } from './pack-error.ts';
import { viewOf, type IdBytes } from './sorted-ids.ts';

/** `pack`: name without ending. Undefined when the multi-pack-index does not name it. */
export type FindPack = (pack: string) => PackIndex | undefined;

/**
 * git 2.39 looks at it first, but opens no pack that has no index of its own.
 * Throws PackError, and so does what it returns, when the file cannot be read or contradicts itself.
 * @see https://git-scm.com/docs/gitformat-pack#_multi_pack_index_midx_files_have_the_following_format (as of git 2.39)
 */
export function readMultiPackIndex(path: string, idBytes: IdBytes): FindPack {
  return withFile(path, (file) => {
    const chunks = readChunks(file, idBytes);
    const names = packNames(file, chunks);
    const count = chunkOf(file, chunks, 'OIDF', 1024).readUInt32BE(1020);
    if (count > mostObjects) throw new PackError(path, `${count} objects are too many`);
    const ids = chunkOf(file, chunks, 'OIDL', count * idBytes);
    const places = viewOf(chunkOf(file, chunks, 'OOFF', count * 8));
    const large = chunks.get('LOFF');
    const wide = large && viewOf(file.read(large.at, large.bytes));
    const { positions, starts } = groupByPack(path, places, names.length);
    const numbers = new Map(names.map((name, number) => [name, number]));
    return (pack) => {
      const number = numbers.get(pack);
      if (number === undefined) return undefined;
      const own = positions.subarray(starts[number], starts[number + 1]);
      const ownIds = new Uint8Array(own.length * idBytes);
      const offsets = new Float64Array(own.length);
      own.forEach((position, at) => {
        ids.copy(ownIds, at * idBytes, position * idBytes, (position + 1) * idBytes);
        const offset = places.getUint32(position * 8 + 4);
        // Without a table of large offsets all 32 bits count.
        offsets[at] =
          wide && offset >= isLarge ? largeOffset(path, wide, offset - isLarge) : offset;
      });
      return packIndex(path, { idBytes, count: own.length, ids: ownIds }, offsets);
    };
  });
}

interface Chunk {
  readonly at: number;
  readonly bytes: number;
}

const headerBytes = 12;
const chunkEntryBytes = 12;

/** `MIDX`, version, kind of ids, number of chunks, of base files, of packs; then the chunks' places. */
function readChunks(file: OpenFile, idBytes: IdBytes): Map<string, Chunk> {
  const head = file.read(0, headerBytes);
  const isKnown =
    head.toString('latin1', 0, 4) === 'MIDX' &&
    head[4] === 1 &&
    head[5] === (idBytes === 20 ? 1 : 2) &&
    head[7] === 0;
  if (!isKnown) throw new PackError(file.path, 'is of no known version or for other ids');
  const count = head.readUInt8(6);
  const table = file.read(headerBytes, (count + 1) * chunkEntryBytes);
  const end = file.bytes - idBytes;
  const chunks = new Map<string, Chunk>();
  let at = chunkOffset(table, 0);
  for (let n = 0; n < count; n += 1) {
    const next = chunkOffset(table, n + 1);
    if (at < headerBytes + table.length || next < at || next > end) {
      throw new PackError(file.path, 'its chunks are not in order');
    }
    const name = table.toString('latin1', n * chunkEntryBytes, n * chunkEntryBytes + 4);
    chunks.set(name, { at, bytes: next - at });
    at = next;
  }
  return chunks;
}

/** Too large to be exact is too large for the file as well. */
function chunkOffset(table: Buffer, n: number): number {
  const at = n * chunkEntryBytes + 4;
  return table.readUInt32BE(at) * 0x100000000 + table.readUInt32BE(at + 4);
}

function chunkOf(
  file: OpenFile,
  chunks: ReadonlyMap<string, Chunk>,
  name: string,
  bytes?: number,
): Buffer {
  const chunk = chunks.get(name);
  if (!chunk) throw new PackError(file.path, `has no chunk ${name}`);
  if (bytes !== undefined && chunk.bytes !== bytes) {
    throw new PackError(file.path, `its chunk ${name} has the wrong size`);
  }
  return file.read(chunk.at, chunk.bytes);
}

/** Names of index files, each ended by NUL. */
function packNames(file: OpenFile, chunks: ReadonlyMap<string, Chunk>): string[] {
  const names = chunkOf(file, chunks, 'PNAM').toString().split('\0');
  const count = file.read(8, 4).readUInt32BE(0);
  if (names.length <= count) throw new PackError(file.path, 'names too few packs');
  return names.slice(0, count).map((name) => name.replace(/\.(idx|pack)$/, ''));
}

interface Groups {
  /** Pack by pack, ascending within each. */
  readonly positions: Int32Array;
  /** By pack number: where its positions start; one more at the end. */
  readonly starts: Int32Array;
}

function groupByPack(path: string, places: DataView, packs: number): Groups {
  const count = places.byteLength / 8;
  const starts = new Int32Array(packs + 2);
  for (let at = 0; at < count; at += 1) {
    const pack = places.getUint32(at * 8);
    if (pack >= packs) throw new PackError(path, 'an object in a pack that it does not name');
    starts[pack + 2] = (starts[pack + 2] as number) + 1;
  }
  for (let pack = 2; pack < packs + 2; pack += 1) {
    starts[pack] = (starts[pack] as number) + (starts[pack - 1] as number);
  }
  // Filling moves each start on to the next one's place.
  const positions = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    const slot = places.getUint32(at * 8) + 1;
    const place = starts[slot] as number;
    positions[place] = at;
    starts[slot] = place + 1;
  }
  return { positions, starts };
}
