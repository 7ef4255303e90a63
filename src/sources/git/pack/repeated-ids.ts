/** Which ids of some lists were in an earlier one: each object is looked at once. */
import { compareIds, viewOf, type SortedIds } from './sorted-ids.ts';

/**
 * By list and position: 1 if an earlier list has the same id, or the same list before. All ids have
 * the same length. Merges the lists, so that no choice of ids makes it slow.
 */
export function repeatedIds(lists: readonly SortedIds[]): Uint8Array[] {
  // Mostly all is in one pack.
  if (lists.filter(({ count }) => count > 0).length <= 1) return lists.map(repeatedInList);
  const all = joined(lists);
  const order = mergeRuns(all);
  const isRepeated = new Uint8Array(order.length);
  for (let at = 1; at < order.length; at += 1) {
    const here = order[at] as number;
    if (compareOnlyIds(all, order[at - 1] as number, here) === 0) isRepeated[here] = 1;
  }
  return lists.map((_, n) => isRepeated.subarray(all.bounds[n], all.bounds[n + 1]));
}

function repeatedInList({ ids, count, idBytes }: SortedIds): Uint8Array {
  const isRepeated = new Uint8Array(count);
  const view = viewOf(ids);
  let before = -1;
  for (let at = 0; at < count; at += 1) {
    const start = at * idBytes;
    const prefix = view.getUint32(start);
    const mayBeSame = prefix === before;
    if (mayBeSame && compareIds(ids, start - idBytes, ids, start, idBytes) === 0) {
      isRepeated[at] = 1;
    }
    before = prefix;
  }
  return isRepeated;
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

/** Numbers of all ids such that the ids ascend and, of equal ones, the numbers. */
function mergeRuns(all: AllIds): Int32Array {
  const runs = all.lists.map((_, n) => numbersOf(all, n)).sort((a, b) => b.length - a.length);
  // The two shortest, until one is left: a large pack beside many small ones is gone through once.
  for (;;) {
    const shortest = runs.pop();
    const next = runs.pop();
    if (!shortest || !next) return shortest ?? new Int32Array();
    const merged = mergeTwo(all, shortest, next);
    const longer = runs.findLastIndex(({ length }) => length >= merged.length);
    runs.splice(longer + 1, 0, merged);
  }
}

function numbersOf({ bounds }: AllIds, list: number): Int32Array {
  const first = bounds[list] ?? 0;
  const numbers = new Int32Array((bounds[list + 1] ?? first) - first);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = first + at;
  return numbers;
}

function mergeTwo(all: AllIds, left: Int32Array, right: Int32Array): Int32Array {
  const merged = new Int32Array(left.length + right.length);
  let atLeft = 0;
  let atRight = 0;
  for (let at = 0; at < merged.length; at += 1) {
    const isLeft =
      atRight >= right.length ||
      (atLeft < left.length && compare(all, left[atLeft] as number, right[atRight] as number) < 0);
    merged[at] = (isLeft ? left[atLeft++] : right[atRight++]) as number;
  }
  return merged;
}

/** Equal ids by number: that of the earlier list, or the earlier in a list, is lower. */
function compare(all: AllIds, a: number, b: number): number {
  return compareOnlyIds(all, a, b) || a - b;
}

function compareOnlyIds(all: AllIds, a: number, b: number): number {
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
