/** Object ids side by side in ascending order, and looking one up. */
import { PackError } from './pack-error.ts';

/** Bytes of an object id: SHA-1 or SHA-256. */
export type IdBytes = 20 | 32;

/** In ascending order. The same id may be there twice: git allows that in a pack. */
export interface SortedIds {
  readonly idBytes: IdBytes;
  readonly count: number;
  /** count * idBytes */
  readonly ids: Uint8Array;
}

/** By first byte: how many ids start with that byte or a smaller one. */
export type Fanout = Uint32Array;

/** Throws PackError, naming `path`, when the ids are not in order. */
export function fanoutOf(path: string, { ids, idBytes, count }: SortedIds): Fanout {
  const fanout = new Uint32Array(256);
  const view = viewOf(ids);
  let before = 0;
  for (let at = 0; at < count; at += 1) {
    const start = at * idBytes;
    const prefix = view.getUint32(start);
    const isLower =
      prefix < before ||
      (prefix === before && at > 0 && compareIds(ids, start - idBytes, ids, start, idBytes) > 0);
    if (isLower) throw new PackError(path, 'its ids are not in order');
    before = prefix;
    const byte = prefix >>> 24;
    fanout[byte] = (fanout[byte] as number) + 1;
  }
  for (let byte = 1; byte < 256; byte += 1) {
    fanout[byte] = (fanout[byte] as number) + (fanout[byte - 1] as number);
  }
  return fanout;
}

/** Position of the id that `bytes` has at `at`; −1 if it is not among `ids`. */
export function findId(
  { ids, idBytes }: SortedIds,
  fanout: Fanout,
  bytes: Uint8Array,
  at: number,
): number {
  const byte = bytes[at] as number;
  let low = byte === 0 ? 0 : (fanout[byte - 1] as number);
  let high = fanout[byte] as number;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareIds(ids, middle * idBytes, bytes, at, idBytes);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Below, at or above 0 as the id at `a[atA]` is smaller than, equal to or larger than that at `b[atB]`. */
export function compareIds(
  a: Uint8Array,
  atA: number,
  b: Uint8Array,
  atB: number,
  idBytes: IdBytes,
): number {
  for (let i = 0; i < idBytes; i += 1) {
    const difference = (a[atA + i] as number) - (b[atB + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
