/** What deltas become is what the whole object at the end of their chain is. */
import type { PackTable } from './pack-table.ts';

/** git makes no longer ones: limit of `pack.depth`. */
const mostDeltas = 4_095;

/** A number of deltas that no chain has: the entry is being looked at. */
const onTheWay = 0xffff;

/**
 * The type of an entry whose bases lead in a circle. git 2.39 follows such a circle for ever, so it must
 * not be asked for the object.
 */
export const circular = 0xff;

/**
 * Takes `types` that are set for whole objects only and sets those of deltas. An entry that leads to
 * no whole object, or by too long a way, has type 0 (or `circular`) and loses its base: whoever follows
 * `bases` ends.
 */
export function spreadTypes({
  count,
  types,
  bases,
}: Pick<PackTable, 'count' | 'types' | 'bases'>): void {
  /** By entry: deltas up to a whole object, where known. */
  const depths = new Uint16Array(count);
  const way = new Int32Array(count);
  for (let entry = 0; entry < count; entry += 1) {
    let steps = 0;
    let at = entry;
    while ((bases[at] as number) >= 0 && depths[at] === 0) {
      depths[at] = onTheWay;
      way[steps++] = at;
      at = bases[at] as number;
    }
    let depth = depths[at] as number;
    let type = depth === onTheWay ? circular : (types[at] as number);
    while (steps > 0) {
      const delta = way[--steps] as number;
      depth = Math.min(depth + 1, mostDeltas + 1);
      if (depth > mostDeltas && type !== circular) type = 0;
      if (type === 0 || type === circular) bases[delta] = -1;
      depths[delta] = depth;
      types[delta] = type;
    }
  }
}
