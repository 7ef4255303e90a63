/** Packed bytes of the next entries in walking order, read in few and large pieces into the engine's memory. */
import type { Core } from '../../../engine/core.ts';
import type { OpenFile } from './open-file.ts';
import { PackError } from './pack-error.ts';
import type { PackTable } from './pack-table.ts';

export interface BatchReader {
  /**
   * Where the zlib data of the entry at this place of the order lie; places are asked in order. 0 if
   * they are too many to be held.
   */
  address(place: number): number;
}

interface Walk {
  readonly pack: PackTable;
  readonly order: Int32Array;
  /** End of the places that will be asked for. */
  readonly to: number;
}

const batchBytes = 8 << 20;
const mostEntries = 1 << 14;
/** Between two entries at most so many bytes are read along rather than starting another read: 2 to this. */
const largestGap = 15;
/** An inflater may read this far beyond its input. */
const spare = 64;

/** Throws PackError for a pack whose offsets leave no room for the number of an entry beside them. */
export function batchReader(file: OpenFile, walk: Walk, core: Core): BatchReader {
  if (file.bytes > Number.MAX_SAFE_INTEGER / mostEntries) {
    throw new PackError(file.path, 'is too large to be read here');
  }
  const { pack, order, to } = walk;
  const buffer = bufferOf(core);
  const addresses = new Float64Array(mostEntries);
  let first = 0;
  let end = 0;

  function fill(place: number): void {
    first = place;
    end = place;
    let bytes = 0;
    for (; end < to && end - first < mostEntries; end += 1) {
      const size = sizeOf(pack, order[end] as number);
      if (bytes + size + spare > batchBytes) break;
      bytes += size + spare;
    }
    // What does not fit alone is not read.
    if (end === place) {
      addresses[0] = 0;
      end = place + 1;
      return;
    }
    readRuns(placesByStart());
  }

  /** Places from the first on, in the order in which their entries lie in the pack. */
  function placesByStart(): Uint32Array {
    // As numbers that say both: comparing by a function takes several times as long.
    const keys = new Float64Array(end - first);
    for (let at = 0; at < keys.length; at += 1) keys[at] = startAt(first + at) * mostEntries + at;
    return Uint32Array.from(keys.sort(), (key) => key % mostEntries);
  }

  const startAt = (place: number): number => pack.starts[order[place] as number] as number;
  const endAt = (place: number): number => pack.ends[order[place] as number] as number;

  /** Entries that lie close together in one read, as long as the buffer has room for the gaps. */
  function readRuns(places: Uint32Array): void {
    const smallGap = affordableGap(places);
    let target = buffer;
    for (let at = 0; at < places.length;) {
      const from = startAt(first + (places[at] as number));
      let until = endAt(first + (places[at] as number));
      let next = at + 1;
      for (; next < places.length; next += 1) {
        const start = startAt(first + (places[next] as number));
        const gap = start - until;
        if (gap > smallGap) break;
        until = Math.max(until, endAt(first + (places[next] as number)));
      }
      for (let one = at; one < next; one += 1) {
        const place = places[one] as number;
        addresses[place] = target + startAt(first + place) - from;
      }
      file.readInto(core.bytes(), target, from, until - from);
      target += until - from;
      at = next;
    }
  }

  /** Gaps of this size and all smaller ones have room beside what is wanted. */
  function affordableGap(places: Uint32Array): number {
    const bySize = new Float64Array(largestGap + 1);
    let slack = batchBytes;
    let until = 0;
    for (const [at, place] of places.entries()) {
      slack -= sizeOf(pack, order[first + place] as number);
      const gap = at === 0 ? 0 : startAt(first + place) - until;
      until = Math.max(until, endAt(first + place));
      if (gap <= 0) continue;
      const size = Math.ceil(Math.log2(gap));
      if (size <= largestGap) bySize[size] = (bySize[size] as number) + gap;
    }
    for (const [size, bytes] of bySize.entries()) {
      slack -= bytes;
      if (slack < 0) return 2 ** (size - 1);
    }
    return 2 ** largestGap;
  }

  return {
    address(place) {
      if (place < first || place >= end) fill(place);
      return addresses[place - first] as number;
    },
  };
}

function sizeOf({ starts, ends }: PackTable, entry: number): number {
  return (ends[entry] as number) - (starts[entry] as number);
}

let known: number | undefined;

function bufferOf(core: Core): number {
  return (known ??= core.reserve(batchBytes + spare));
}
