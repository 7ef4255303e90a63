/** The order of families by the engine: without a warm-up, which takes longer than the work. */
import type { Core } from '../../../engine/core.ts';
import { arenaBlocks } from './family-memory.ts';
import type { Families } from './families.ts';
import type { PackTable } from './pack-table.ts';

export interface OrderRequest {
  readonly table: PackTable;
  /** By type: 1 if its entries are wanted. */
  readonly isWanted: Uint8Array;
  readonly unitWork: number;
  /** Work of a byte that comes out; of one that goes in it is 1. */
  readonly workPerByteOut: number;
}

export type FamilyOrder = Omit<Families, 'odd'>;

const scratchBytes = 25;

/** Undefined where there is no room for so many entries. */
export function orderInCore(
  { table, isWanted, unitWork, workPerByteOut }: OrderRequest,
  core: Core,
): FamilyOrder | undefined {
  const { count } = table;
  const [words, doubles] = [count * 4, count * 8];
  const small = [count * scratchBytes, isWanted.length, count, count];
  const large = [doubles, doubles, doubles, words, words, words + 4];
  const blocks = arenaBlocks(core, large.concat(small));
  if (!blocks) return undefined;
  const [starts = 0, ends = 0, sizes = 0, bases = 0, order = 0, cuts = 0] = blocks;
  const [scratch = 0, wanted = 0, types = 0, isLast = 0] = blocks.slice(large.length);
  const memory = core.bytes();
  const { buffer } = memory;
  new Float64Array(buffer, starts, count).set(table.starts);
  new Float64Array(buffer, ends, count).set(table.ends);
  new Float64Array(buffer, sizes, count).set(table.sizes);
  new Int32Array(buffer, bases, count).set(table.bases);
  memory.set(table.types, types);
  memory.set(isWanted, wanted);
  const ordered = core.run.orderFamilies(
    count,
    types,
    bases,
    starts,
    ends,
    sizes,
    wanted,
    unitWork,
    workPerByteOut,
    scratch,
    order,
    isLast,
    cuts,
  );
  const cutCount = core.run.cutCount();
  const made = {
    order: new Int32Array(new SharedArrayBuffer(ordered * 4)),
    isLast: new Uint8Array(new SharedArrayBuffer(ordered)),
    cuts: new Int32Array(new SharedArrayBuffer((cutCount + 1) * 4)),
  };
  made.order.set(new Int32Array(buffer, order, ordered));
  made.isLast.set(memory.subarray(isLast, isLast + ordered));
  made.cuts.set(new Int32Array(buffer, cuts, cutCount));
  made.cuts[cutCount] = ordered;
  return made;
}
