/** The order in which a pack's objects are made: each delta right after its base, so that few are kept. */
import type { Core } from '../../../engine/core.ts';
import { objectTypes } from './object-types.ts';
import { orderInCore, type FamilyOrder, type OrderRequest } from './order-in-core.ts';
import { type PackTable } from './pack-table.ts';

export interface Families {
  /**
   * Entries. A family is a whole object and all that is based on it, in preorder: of an entry's
   * children the one with the most descendants comes last, the others by offset. So the objects
   * whose children are not all made are never more than log2 of the family. Families by offset.
   */
  readonly order: Int32Array;
  /** By place in `order`: 1 if no further child of this one's base follows, so that the base can go. */
  readonly isLast: Uint8Array;
  /** Places in `order` where units start, and its length at the end. A unit is of whole families. */
  readonly cuts: Int32Array;
  /** Entries of unknown type, in order: what they are is learned by other means. */
  readonly odd: Int32Array;
}

export type WantedType = keyof typeof objectTypes;

/**
 * All entries of the wanted types. A unit has at most `unitWork` of work, in compressed bytes, unless
 * a single family has more. Takes linear time; the arrays are over shared memory.
 */
export function planFamilies(
  table: PackTable,
  wanted: readonly WantedType[],
  unitWork: number,
  core: Core | undefined,
): Families {
  const isWanted = new Uint8Array(256);
  for (const type of wanted) isWanted[objectTypes[type]] = 1;
  const request = { table, isWanted, unitWork, workPerByteOut };
  const order = (core && orderInCore(request, core)) ?? orderHere(request);
  return { ...order, odd: oddEntries(table) };
}

/** For more entries than there is room for, and as the yardstick. */
function orderHere({ table, isWanted, unitWork }: OrderRequest): FamilyOrder {
  const tree = deltaTree(table, isWanted);
  const order = new Int32Array(new SharedArrayBuffer(tree.count * 4));
  const isLast = new Uint8Array(new SharedArrayBuffer(tree.count));
  const cuts = [0];
  const stack = new Int32Array(tree.count);
  const { starts, ends, sizes } = table;
  let at = 0;
  let unit = 0;
  for (let root = 0; root < table.count; root += 1) {
    if (!isWanted[table.types[root] as number] || (table.bases[root] as number) >= 0) continue;
    const start = at;
    let work = 0;
    let depth = 0;
    stack[depth++] = root;
    while (depth > 0) {
      const entry = stack[--depth] as number;
      const packed = (ends[entry] as number) - (starts[entry] as number);
      work += packed + workPerByteOut * (sizes[entry] as number);
      order[at] = entry;
      isLast[at] = tree.isHeaviest[entry] as number;
      at += 1;
      depth = pushChildren(tree, entry, stack, depth);
    }
    if (unit > 0 && unit + work > unitWork) {
      cuts.push(start);
      unit = 0;
    }
    unit += work;
  }
  if (at > 0) cuts.push(at);
  return { order, isLast, cuts: shared(cuts) };
}

interface DeltaTree {
  /** Wanted entries. */
  readonly count: number;
  /** By entry: its child with the highest offset, or −1. */
  readonly firstChild: Int32Array;
  /** By entry: the next child of the same base, with a lower offset, or −1. */
  readonly nextChild: Int32Array;
  /** By entry: 1 if no other child of its base has more descendants. One child of a base has it. */
  readonly isHeaviest: Uint8Array;
}

function deltaTree({ count, types, bases }: PackTable, isWanted: Uint8Array): DeltaTree {
  const firstChild = new Int32Array(count).fill(-1);
  const nextChild = new Int32Array(count).fill(-1);
  const queue = new Int32Array(count);
  let queued = 0;
  for (let entry = 0; entry < count; entry += 1) {
    if (!isWanted[types[entry] as number]) continue;
    const base = bases[entry] as number;
    if (base < 0) {
      queue[queued++] = entry;
    } else {
      nextChild[entry] = firstChild[base] as number;
      firstChild[base] = entry;
    }
  }
  // Level by level: read backwards, every entry comes before its base.
  for (let head = 0; head < queued; head += 1) {
    let child = firstChild[queue[head] as number] as number;
    for (; child >= 0; child = nextChild[child] as number) queue[queued++] = child;
  }
  const isHeaviest = markHeaviest(bases, queue.subarray(0, queued));
  return { count: queued, firstChild, nextChild, isHeaviest };
}

function markHeaviest(bases: Int32Array, queue: Int32Array): Uint8Array {
  const sizes = new Int32Array(bases.length).fill(1);
  const heaviest = new Int32Array(bases.length).fill(-1);
  const isHeaviest = new Uint8Array(bases.length);
  for (let head = queue.length - 1; head >= 0; head -= 1) {
    const entry = queue[head] as number;
    const own = heaviest[entry] as number;
    if (own >= 0) isHeaviest[own] = 1;
    const base = bases[entry] as number;
    if (base < 0) continue;
    const size = sizes[entry] as number;
    sizes[base] = (sizes[base] as number) + size;
    const rival = heaviest[base] as number;
    if (rival < 0 || size >= (sizes[rival] as number)) heaviest[base] = entry;
  }
  return isHeaviest;
}

/** Onto the stack: the heaviest child deepest, above it the others from the highest offset down. */
function pushChildren(
  { firstChild, nextChild, isHeaviest }: DeltaTree,
  entry: number,
  stack: Int32Array,
  depth: number,
): number {
  const bottom = depth;
  let top = depth + 1;
  let child = firstChild[entry] as number;
  if (child < 0) return depth;
  for (; child >= 0; child = nextChild[child] as number) {
    if (isHeaviest[child]) stack[bottom] = child;
    else stack[top++] = child;
  }
  return top;
}

/** Measured: a byte that comes out costs a fifth of one that goes in. */
const workPerByteOut = 0.2;

function oddEntries({ count, types }: PackTable): Int32Array {
  const odd: number[] = [];
  for (let entry = 0; entry < count; entry += 1) if (types[entry] === 0) odd.push(entry);
  return shared(odd);
}

function shared(numbers: readonly number[]): Int32Array {
  const array = new Int32Array(new SharedArrayBuffer(numbers.length * 4));
  array.set(numbers);
  return array;
}
