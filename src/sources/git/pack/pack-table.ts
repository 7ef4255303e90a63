/** A pack → where each of its objects lies, what it is and which one it is a delta of. Unpacks nothing. */
import type { PackedObjects } from '../../../core/model/unit.ts';
import type { Core } from '../../../engine/core.ts';
import { spreadTypes } from './delta-chains.ts';
import { entryHeader, mostHeaderBytes, parseEntryHeader } from './entry-header.ts';
import { withFile, type OpenFile } from './open-file.ts';
import { packHeaderBytes, type PackIndex } from './pack-index.ts';
import { PackError } from './pack-error.ts';
import { arenaBlocks } from './family-memory.ts';
import { packWindow } from './pack-window.ts';
import { mostResidentBytes, residentPack } from './resident-pack.ts';
import { compareIds, findId, type IdBytes } from './sorted-ids.ts';

export type PackTable = PackedObjects;

/**
 * `path` is absolute. Reads the pack once from front to back. Throws PackError when it cannot be read
 * or is not the pack of this index; a damaged entry only gets type 0.
 */
export function readPackTable(path: string, index: PackIndex, core: Core | undefined): PackTable {
  return withFile(path, (file) => {
    checkPack(file, index);
    const table = emptyTable(path, index);
    table.ends.set(index.offsets.subarray(1));
    if (index.count > 0) table.ends[index.count - 1] = file.bytes - index.idBytes;
    readEntries(file, index, table, core);
    spreadTypes(table);
    return table;
  });
}

/** The entry's object id, in hexadecimal. */
export function idOf({ ids, idBytes }: PackTable, entry: number): string {
  const all = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  return all.toString('hex', entry * idBytes, (entry + 1) * idBytes);
}

/** Header types of deltas: the base named by its distance in the pack, and by its id. */
const offsetDelta = 6;
const refDelta = 7;

function checkPack(file: OpenFile, { count, idBytes, offsets, packChecksum }: PackIndex): void {
  const head = file.read(0, packHeaderBytes);
  const version = head.readUInt32BE(4);
  if (head.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) {
    throw new PackError(file.path, 'is no pack of version 2 or 3');
  }
  const stated = head.readUInt32BE(8);
  // A multi-pack-index leaves out what another pack has too.
  if (packChecksum ? stated !== count : stated < count) {
    throw new PackError(file.path, `states ${stated} objects, its index ${count}`);
  }
  if ((offsets.at(-1) ?? 0) >= file.bytes - idBytes) {
    throw new PackError(file.path, 'ends before its last object');
  }
  const trailer = file.read(file.bytes - idBytes, idBytes);
  if (packChecksum && compareIds(trailer, 0, packChecksum, 0, idBytes) !== 0) {
    throw new PackError(file.path, 'is not the pack that its index was made for');
  }
}

function emptyTable(file: string, { ids, idBytes, count, byOffset }: PackIndex): PackTable {
  const table: PackTable = {
    file,
    idBytes,
    count,
    ids: new Uint8Array(new SharedArrayBuffer(count * idBytes)),
    starts: new Float64Array(new SharedArrayBuffer(count * 8)),
    ends: new Float64Array(new SharedArrayBuffer(count * 8)),
    sizes: new Float64Array(new SharedArrayBuffer(count * 8)),
    types: new Uint8Array(new SharedArrayBuffer(count)),
    bases: new Int32Array(new SharedArrayBuffer(count * 4)).fill(-1),
  };
  gatherIds(ids, byOffset, table.ids, idBytes);
  return table;
}

/** Word by word and without an inner loop: three times as fast as with one. */
function gatherIds(
  source: Uint8Array,
  positions: Int32Array,
  target: Uint8Array,
  idBytes: IdBytes,
): void {
  const from = new Uint32Array(source.buffer, source.byteOffset, source.length / 4);
  const to = new Uint32Array(target.buffer, target.byteOffset, target.length / 4);
  const words = idBytes / 4;
  for (let entry = 0, at = 0; entry < positions.length; entry += 1, at += words) {
    const start = (positions[entry] as number) * words;
    to[at] = from[start] as number;
    to[at + 1] = from[start + 1] as number;
    to[at + 2] = from[start + 2] as number;
    to[at + 3] = from[start + 3] as number;
    to[at + 4] = from[start + 4] as number;
    if (words === 5) continue;
    to[at + 5] = from[start + 5] as number;
    to[at + 6] = from[start + 6] as number;
    to[at + 7] = from[start + 7] as number;
  }
}

function readEntries(
  file: OpenFile,
  index: PackIndex,
  table: PackTable,
  core: Core | undefined,
): void {
  const isDone = core && file.bytes <= mostResidentBytes && readInCore(file, index, table, core);
  if (!isDone) readByWindow(file, index, table);
}

/**
 * Objects of the pack will be unpacked from the engine's memory: it is read once for both. False where there is no
 * room for so many entries.
 */
function readInCore(file: OpenFile, index: PackIndex, table: PackTable, core: Core): boolean {
  const { count, idBytes, offsets } = index;
  const [words, doubles] = [count * 4, count * 8];
  const blocks = arenaBlocks(core, [doubles, doubles, doubles, doubles, words, count]);
  if (!blocks) return false;
  const [offsetsAt = 0, ends = 0, starts = 0, sizes = 0, bases = 0, types = 0] = blocks;
  const pack = residentPack(file, core)(0, file.bytes);
  const memory = core.bytes();
  const { buffer } = memory;
  new Float64Array(buffer, offsetsAt, count).set(offsets);
  new Float64Array(buffer, ends, count).set(table.ends);
  const named = core.run.readEntries(
    pack,
    count,
    offsetsAt,
    ends,
    idBytes,
    mostHeaderBytes,
    starts,
    sizes,
    types,
    bases,
  );
  table.starts.set(new Float64Array(buffer, starts, count));
  table.sizes.set(new Float64Array(buffer, sizes, count));
  table.types.set(memory.subarray(types, types + count));
  table.bases.set(new Int32Array(buffer, bases, count));
  if (named > 0) findNamed(index, table, memory.subarray(pack, pack + file.bytes));
  return true;
}

const isNamed = -2;

/** Bases that are named by their ids, which stand before the zlib data. */
function findNamed(index: PackIndex, { starts, bases }: PackTable, pack: Uint8Array): void {
  const entryOf = inverse(index.byOffset);
  for (let entry = 0; entry < index.count; entry += 1) {
    if (bases[entry] !== isNamed) continue;
    const position = findId(index, index.fanout, pack, (starts[entry] as number) - index.idBytes);
    bases[entry] = position < 0 ? -1 : (entryOf[position] as number);
  }
}

function readByWindow(
  file: OpenFile,
  index: PackIndex,
  { starts, ends, sizes, types, bases }: PackTable,
): void {
  const { offsets, idBytes, byOffset } = index;
  const pack = packWindow(file);
  const header = entryHeader();
  let entryOf: Int32Array | undefined;
  for (let entry = 0; entry < index.count; entry += 1) {
    const offset = offsets[entry] as number;
    const end = ends[entry] as number;
    starts[entry] = end;
    const length = Math.min(mostHeaderBytes, end - offset);
    const at = pack.seek(offset, length);
    if (!parseEntryHeader(pack.bytes, at, at + length, idBytes, header)) continue;
    starts[entry] = offset + header.bytes;
    sizes[entry] = header.size;
    if (header.type === offsetDelta) {
      bases[entry] = findOffset(offsets, entry, offset - header.distance);
    } else if (header.type === refDelta) {
      const position = findId(index, index.fanout, pack.bytes, at + header.bytes - idBytes);
      entryOf ??= inverse(byOffset);
      bases[entry] = position < 0 ? -1 : (entryOf[position] as number);
    } else {
      types[entry] = header.type;
    }
  }
}

/** By position in the index: the entry. */
function inverse(byOffset: Int32Array): Int32Array {
  const entries = new Int32Array(byOffset.length);
  for (let entry = 0; entry < byOffset.length; entry += 1) {
    entries[byOffset[entry] as number] = entry;
  }
  return entries;
}

/** The entry before `end` that starts exactly there, or −1. */
function findOffset(offsets: Float64Array, end: number, offset: number): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low < end && offsets[low] === offset ? low : -1;
}
