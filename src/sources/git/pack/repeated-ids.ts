/** Which ids of some lists were in an earlier one: each object is looked at once. */
import { compareIds, viewOf, type SortedIds } from './sorted-ids.ts';

/**
 * By list and position: 1 if an earlier list has the same id, or the same list before. All ids have
 * the same length. Merges the lists, so that no choice of ids makes it slow.
 */
export function repeatedIds(lists: readonly SortedIds[]): Uint8Array[] {
  const all = joined(lists);
  const order = mergeRuns(all);
  const isRepeated = new Uint8Array(order.length);
  for (let at = 1; at < order.length; at += 1) {
    const here = order[at] as number;
    if (compare(all, order[at - 1] as number, here) === 0) isRepeated[here] = 1;
  }
  return lists.map((_, n) => isRepeated.subarray(all.bounds[n], all.bounds[n + 1]));
}

/** All ids of all lists, numbered through. */
interface AllIds {
  readonly lists: readonly SortedIds[];
  /** By list: number of its first id; one more at the end. */
  readonly bounds: readonly number[];
  /** The first four bytes of each id: what nearly every comparison is decided by. */
  readonly prefixes: Uint32Array;
}

function joined(lists: readonly SortedIds[]): AllIds {
  const bounds = [0];
  for (const { count } of lists) bounds.push((bounds.at(-1) ?? 0) + count);
  const prefixes = new Uint32Array(bounds.at(-1) ?? 0);
  let to = 0;
  for (const { ids, count, idBytes } of lists) {
    const view = viewOf(ids);
    for (let at = 0; at < count; at += 1) prefixes[to++] = view.getUint32(at * idBytes);
  }
  return { lists, bounds, prefixes };
}

/** Numbers of ids such that the ids ascend and, of equal ones, the numbers. */
function mergeRuns(all: AllIds): Int32Array {
  const total = all.prefixes.length;
  let from = new Int32Array(total);
  for (let at = 0; at < total; at += 1) from[at] = at;
  let to = new Int32Array(total);
  let ends = all.bounds.slice(1);
  while (ends.length > 1) {
    const merged: number[] = [];
    for (let n = 0, start = 0; n < ends.length; n += 2) {
      const middle = ends[n] ?? total;
      const end = ends[n + 1] ?? middle;
      mergeTwo(all, from, to, start, middle, end);
      merged.push(end);
      start = end;
    }
    [from, to] = [to, from];
    ends = merged;
  }
  return from;
}

function mergeTwo(
  all: AllIds,
  from: Int32Array,
  to: Int32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at += 1) {
    const isLeft =
      left < middle &&
      (right >= end || compare(all, from[left] as number, from[right] as number) <= 0);
    to[at] = from[isLeft ? left++ : right++] as number;
  }
}

function compare(all: AllIds, a: number, b: number): number {
  const difference = (all.prefixes[a] as number) - (all.prefixes[b] as number);
  return difference === 0 ? compareWhole(all, a, b) : difference;
}

function compareWhole({ lists, bounds }: AllIds, a: number, b: number): number {
  const listA = listOf(bounds, a);
  const listB = listOf(bounds, b);
  const one = lists[listA];
  const other = lists[listB];
  if (!one || !other) return 0;
  const { idBytes } = one;
  const atA = (a - (bounds[listA] ?? 0)) * idBytes;
  const atB = (b - (bounds[listB] ?? 0)) * idBytes;
  return compareIds(one.ids, atA, other.ids, atB, idBytes);
}

/** The list whose bounds are around the number. */
function listOf(bounds: readonly number[], number: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) <= number) low = middle;
    else high = middle;
  }
  return low;
}
