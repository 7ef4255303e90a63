/**
 * A whole pack in the engine's memory, each of its blocks read when something in it is first asked for. Delta families
 * lie all over a pack: read entry by entry, most reads would be of less than a hundred bytes.
 */
import { availableParallelism } from 'node:os';
import type { Core } from '../../../engine/core.ts';
import { fastPlace, placeBytes, type OpenFile } from './open-file.ts';
import { PackError } from './pack-error.ts';

/** Held by all threads together: each holds what it needs, and there is seldom more than one a processor. */
const mostTogether = 256 << 20;
const mostAtAll = 128 << 20;

/** Larger packs are read in batches: see read-batch.ts, which is a little slower. */
export const mostResidentBytes = Math.floor(
  Math.min(mostAtAll, mostTogether / availableParallelism()),
);

const blockBytes = 1 << 18;
/** An inflater may read this far beyond its input. */
const spare = 64;

interface Resident {
  /** Where the first byte of the pack lies. */
  readonly address: number;
  /** There is room for so many. */
  readonly bytes: number;
  /** What the blocks were read from. */
  file: string;
  readonly isRead: Uint8Array;
}

let known: Resident | undefined;

/** The address of bytes [from, to) of the pack; throws PackError when they cannot be read. */
export function residentPack(file: OpenFile, core: Core): (from: number, to: number) => number {
  if (!known || known.bytes < file.bytes) known = reserve(core, file.bytes, known?.bytes ?? 0);
  if (known.file !== file.identity) {
    known.isRead.fill(0);
    known.file = file.identity;
  }
  const { address, isRead } = known;
  return (from, to) => {
    if (to > file.bytes) throw new PackError(file.path, 'ends early');
    for (let block = Math.floor(from / blockBytes); block * blockBytes < to; block += 1) {
      if (isRead[block] === 1) continue;
      const start = block * blockBytes;
      const length = Math.min(blockBytes, file.bytes - start);
      file.readInto(core.bytes(), address + start, start, length);
      isRead[block] = 1;
    }
    return address + from;
  };
}

/** More memory takes time even where nothing is written to it: a few milliseconds for 128 MB. */
function reserve(core: Core, wanted: number, before: number): Resident {
  // Twice as much each time: what was reserved is not given back.
  const bytes = Math.min(mostResidentBytes, Math.max(wanted, before * 2));
  const reserved = core.reserve(bytes + 2 * placeBytes + spare);
  return {
    address: Math.ceil(reserved / placeBytes) * placeBytes + fastPlace(0),
    bytes,
    file: '',
    isRead: new Uint8Array(Math.ceil(bytes / blockBytes)),
  };
}
