/**
 * All trees of a repository with what leads to some wanted blobs: folders in folders, and those blobs.
 * Each tree is taken in once, in any order; nothing else of it is kept.
 */
import type { Core } from '../../../engine/core.ts';
import { powerAbove, type IdTable } from './id-table.ts';

export interface TreeTable {
  readonly treeCount: number;
  /** By number of a tree: where its entries start in `entries`, and how many they are; −1 if it was not taken in. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /**
   * Two numbers an entry: of the object (from `treeCount` on it is a wanted blob; `unknownTree` is a
   * tree that is not in the table), and of its name.
   */
  entries(): Uint32Array;
  /** Latin-1 text of the name's bytes. */
  nameOf(name: number): string;
  /** The number of a known object, or `unknownTree`. Bytes of its id, in hexadecimal. */
  numberOf(oid: string): number;
  /** False when it is no tree or there is no room. The tree lies in the engine's memory. */
  take(number: number, address: number, length: number): boolean;
}

export const unknownTree = 0xffffffff;

const bitBytes = 8_192;
/** Chosen: an average name of a folder, with its length. */
const nameBytes = 32;
const leastNames = 1 << 12;
/** So many wait in the engine's memory to be taken out together; one tree has no more. */
const mostEntries = 1 << 18;
const entryBytes = 8;
/** Room for entries: two numbers each, some twenty entries a tree; it grows when there are more. */
const usualNumbers = 40;
const mostAtFirst = 8 << 20;
/** As the engine says it. */
const noRoom = -2;

/** Of the ids the first are those of all trees, then come the wanted blobs. */
export function treeTable(
  core: Core,
  { write }: IdTable,
  treeCount: number,
  blobCount: number,
): TreeTable {
  const { run } = core;
  const nameSlots = powerAbove(Math.max(leastNames, treeCount + blobCount));
  const bitsAt = core.reserve(bitBytes);
  const nameSlotsAt = core.reserve(nameSlots * 4);
  const names = core.reserve(nameSlots * nameBytes);
  const found = core.reserve(mostEntries * entryBytes);
  const namesEnd = names + nameSlots * nameBytes;
  run.openTrees(treeCount, blobCount, bitsAt, nameSlotsAt, nameSlots - 1, names, namesEnd);
  const starts = new Int32Array(treeCount);
  const counts = new Int32Array(treeCount).fill(-1);
  let entries = new Uint32Array(Math.min(mostAtFirst, (treeCount + 1) * usualNumbers));
  let used = 0;
  let waiting = 0;

  function takeOut(): void {
    const size = waiting * 2;
    if (used + size > entries.length) {
      const larger = new Uint32Array(Math.max(entries.length * 2, used + size));
      larger.set(entries.subarray(0, used));
      entries = larger;
    }
    entries.set(core.words().subarray(found >> 2, (found >> 2) + size), used);
    used += size;
    waiting = 0;
  }

  function read(address: number, length: number): number {
    const target = found + waiting * entryBytes;
    const taken = run.readTree(address, length, target, mostEntries - waiting);
    if (taken !== noRoom || waiting === 0) return taken;
    takeOut();
    return run.readTree(address, length, found, mostEntries);
  }

  return {
    treeCount,
    starts,
    counts,
    entries() {
      takeOut();
      return entries;
    },
    nameOf(name) {
      const at = names + name * 4;
      const length = core.words()[at >> 2] as number;
      return core.bytes().toString('latin1', at + 4, at + 4 + length);
    },
    numberOf(oid) {
      const number = run.numberOfId(write(oid)) >>> 0;
      return number < treeCount + blobCount ? number : unknownTree;
    },
    take(number, address, length) {
      if ((counts[number] as number) >= 0) return true;
      const taken = read(address, length);
      if (taken < 0) return false;
      starts[number] = used + waiting * 2;
      counts[number] = taken;
      waiting += taken;
      return true;
    },
  };
}
