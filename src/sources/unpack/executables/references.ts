/**
 * Where strings begin. Go and Rust put them one behind the other without anything between; what tells them
 * apart are the code and the data that point at them.
 */
import type { RandomAccess } from '../random-access.ts';
import type { ProgramImage } from './image.ts';
import { eachTarget } from './targets.ts';

/** Places of a file, one bit each. */
export interface Places {
  add(at: number): void;
  has(at: number): boolean;
  /** The first from `at` on and before `end`; `end` if there is none. */
  next(at: number, end: number): number;
}

/** Programs beyond this are searched without. */
const mostBytes = 512 << 20;
const pieceBytes = 1 << 20;
/** An instruction may lie across two pieces. */
const overlapBytes = 16;

export function* references(
  access: RandomAccess,
  images: readonly ProgramImage[],
  rest: (bytes: number) => Generator<undefined, void, undefined>,
): Generator<undefined, Places, undefined> {
  const places = createPlaces(access.bytes <= mostBytes ? access.bytes : 0);
  if (access.bytes > mostBytes) return places;
  for (const image of images) {
    const note = noteIn(image, places);
    for (const range of image.ranges) {
      for (let at = 0; at < range.bytes; at += pieceBytes) {
        const size = Math.min(pieceBytes + overlapBytes, range.bytes - at);
        eachTarget(access.read(range.at + at, size), range.address + at, range, image, note);
        yield* rest(size);
      }
    }
  }
  return places;
}

/** Addresses → places in the file. */
function noteIn({ ranges, machine }: ProgramImage, places: Places): (address: number) => void {
  const targets = ranges
    .filter(({ isCode }) => machine !== 'wasm' || !isCode)
    .sort((a, b) => a.address - b.address);
  const starts = Float64Array.from(targets, ({ address }) => address);
  const ends = Float64Array.from(targets, ({ address, bytes }) => address + bytes);
  const least = starts[0] ?? 0;
  const most = ends.reduce((a, b) => Math.max(a, b), 0);
  let last = 0;
  return (address) => {
    if (address < least || address >= most) return;
    if (!(address >= (starts[last] ?? 0) && address < (ends[last] ?? 0))) {
      last = lastAtOrBefore(starts, address);
      if (address >= (ends[last] ?? 0)) return;
    }
    places.add((targets[last]?.at ?? 0) + address - (starts[last] ?? 0));
  };
}

function lastAtOrBefore(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function createPlaces(bytes: number): Places {
  const bits = new Uint8Array((bytes + 7) >>> 3);
  const has = (at: number): boolean => (((bits[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1;
  return {
    has,
    add(at) {
      const cell = at >>> 3;
      if (cell < bits.length) bits[cell] = (bits[cell] ?? 0) | (1 << (at & 7));
    },
    next(from, end) {
      let at = from;
      while (at < end) {
        if ((at & 7) === 0 && (bits[at >>> 3] ?? 0) === 0) at += 8;
        else if (has(at)) return at;
        else at += 1;
      }
      return end;
    },
  };
}
