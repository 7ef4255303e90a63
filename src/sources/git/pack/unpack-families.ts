/** Objects of delta families, each unpacked once, right behind its base. Knows nothing of what they are for. */
import type { Core } from '../../../engine/core.ts';
import { streamAbove } from '../cat-file.ts';
import { familyMemory, mostSegments } from './family-memory.ts';
import { withFile, type OpenFile } from './open-file.ts';
import { PackError } from './pack-error.ts';
import type { PackTable } from './pack-table.ts';
import { residentPack, mostResidentBytes } from './resident-pack.ts';
import { batchReader } from './read-batch.ts';

/** Places [from, to) of the order in which objects are made from their bases. */
export interface FamilyOrder {
  readonly pack: PackTable;
  readonly order: Int32Array;
  /** By place: 1 if no further object is made from this one's base. */
  readonly isLast: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** What an object was made from. */
export interface BaseObject<T> {
  /** In the engine's memory, until the next object is made. */
  readonly address: number;
  readonly length: number;
  /** What was said of it when it was visited. */
  readonly kept: T;
}

export interface FamilyVisitor<T> {
  /**
   * The object lies in the engine's memory until the next one is made. What is returned is remembered
   * for those that are made from it.
   */
  visit(entry: number, address: number, length: number, base: BaseObject<T> | undefined): T;
  /** What cannot be unpacked here: damaged, too large, or made from such a one. */
  refuse(entry: number): void;
}

/** Where the segments lie that the object visited has from its base, as `applyDelta` records them. */
export function segmentsOf(core: Core): number {
  return familyMemory(core).segments;
}

export function unpackFamilies<T>(walk: FamilyOrder, core: Core, visitor: FamilyVisitor<T>): void {
  let next = walk.from;
  try {
    withFile(walk.pack.file, (file) => {
      const address = packedBytes(file, walk, core);
      const unpack = unpacker(walk, core, visitor);
      for (let place = walk.from; place < walk.to; place += 1) {
        next = place;
        unpack(place, address(place));
      }
    });
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    for (let place = next; place < walk.to; place += 1) {
      visitor.refuse(walk.order[place] as number);
    }
  }
}

/** Where the packed bytes of the entry at a place of the order lie; 0 if they are too many to be held. */
function packedBytes(file: OpenFile, walk: FamilyOrder, core: Core): (place: number) => number {
  if (file.bytes > mostResidentBytes) return batchReader(file, walk, core).address;
  const { pack, order } = walk;
  const address = residentPack(file, core);
  return (place) => {
    const entry = order[place] as number;
    return address(pack.starts[entry] as number, pack.ends[entry] as number);
  };
}

/** An object whose children are still to be made. */
interface Base<T> {
  readonly entry: number;
  readonly address: number;
  readonly length: number;
  /** Undefined when it could not be made: then its children cannot, either. */
  readonly kept: T | undefined;
}

/** git takes no shorter ones. */
const leastDelta = 4;
/** Bytes that may lie unused before an object: moving it costs as much as a part of making it. */
const slideAbove = 1 << 20;
const alignment = 64;

function unpacker<T>(
  { pack, order, isLast }: FamilyOrder,
  core: Core,
  visitor: FamilyVisitor<T>,
): (place: number, source: number) => void {
  const memory = familyMemory(core);
  const { run } = core;
  const bases: Base<T>[] = [];

  function make(entry: number, source: number, base: Base<T> | undefined): Made | undefined {
    if (base && base.kept === undefined) return undefined;
    const size = pack.sizes[entry] as number;
    const top = freeFrom();
    if (source === 0 || size > streamAbove) return undefined;
    const end = source + (pack.ends[entry] as number) - (pack.starts[entry] as number);
    if (!base) {
      const length = run.inflate(source, end, top, top + size);
      return length === size ? { address: top, length } : undefined;
    }
    const deltaLength = run.inflate(source, end, memory.delta, memory.delta + size);
    const room = Math.min(streamAbove, memory.arenaEnd - top);
    if (deltaLength !== size || size < leastDelta || room <= 0) return undefined;
    const length = run.applyDelta(
      base.address,
      base.length,
      memory.delta,
      deltaLength,
      top,
      room,
      memory.segments,
      mostSegments,
    );
    return length >= 0 ? { address: top, length } : undefined;
  }

  /** Behind the last of what is still needed. */
  function freeFrom(): number {
    const last = bases.at(-1);
    return last ? align(last.address + last.length + alignment) : memory.arena;
  }

  /** Where the object stays: once its base is gone, and with it a good part of what lies before it, further in front. */
  function settle(made: Made, isBaseGone: boolean): Made {
    const free = freeFrom();
    if (!isBaseGone || made.address - free < slideAbove) return made;
    core.bytes().copyWithin(free, made.address, made.address + made.length);
    return { ...made, address: free };
  }

  return (place, source) => {
    const entry = order[place] as number;
    const baseEntry = pack.bases[entry] as number;
    while (bases.length > 0 && bases.at(-1)?.entry !== baseEntry) bases.pop();
    const base = bases.at(-1);
    const made = baseEntry < 0 || base ? make(entry, source, base) : undefined;
    if (!made) {
      visitor.refuse(entry);
      const { address, length } = base ?? { address: memory.arena, length: 0 };
      bases.push({ entry, address, length, kept: undefined });
      return;
    }
    const kept = visitor.visit(entry, made.address, made.length, asBase(base));
    const isBaseGone = base !== undefined && isLast[place] === 1;
    if (isBaseGone) bases.pop();
    const { address, length } = settle(made, isBaseGone);
    bases.push({ entry, address, length, kept });
  };
}

/** One that was made. */
function asBase<T>(base: Base<T> | undefined): BaseObject<T> | undefined {
  // Whatever is made from it was not made when it was not.
  return base as BaseObject<T> | undefined;
}

interface Made {
  readonly address: number;
  readonly length: number;
}

function align(address: number): number {
  return (address + alignment - 1) & -alignment;
}
