/** Whether what commits, trees and tags name is there, and is what it is named as: by a table of all that there is. */
import type { Core } from '../../../engine/core.ts';
import type { LooseObjects, Unit } from '../../../core/model/unit.ts';
import { objectTypes } from '../pack/object-types.ts';
import { segmentsOf, type BaseObject } from '../pack/unpack-families.ts';
import type { IdBytes } from '../pack/sorted-ids.ts';
import { bytesOfIds, idTable, type IdTable } from './id-table.ts';

export type LinksUnit = Extract<Unit, { kind: 'links' }>;

export function openTurn(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** True for the first that asks: links are looked at once, by a unit or on attribution's way. */
export function takeTurn(turn: Int32Array): boolean {
  return Atomics.compareExchange(turn, 0, 0, 1) === 0;
}

/** Ids, one after the other, and what their objects are. */
export interface TypedIds {
  readonly ids: Uint8Array;
  readonly types: Uint8Array;
}

type Base = Pick<BaseObject<unknown>, 'address' | 'length'>;

export interface LinkCheck {
  /** Of those given first, then of all others. */
  readonly ids: IdTable;
  isKnown(oid: string): boolean;
  /** Whether an object, which lies in the engine's memory, names only what is there. No blob. */
  isLinked(type: number, oid: () => string, address: number, length: number, base?: Base): boolean;
}

/** `first`: objects that are to have the first numbers. */
export function linkCheck(
  { packs, loose, ends, idBytes }: LinksUnit,
  core: Core,
  first: readonly TypedIds[] = [],
): LinkCheck {
  const { run } = core;
  const all: TypedIds[] = [...first, ...looseIds(loose, idBytes), ...packs];
  const ids = idTable(
    core,
    idBytes,
    all.map((one) => one.ids),
  );
  let kinds = core.reserve(ids.count);
  run.openLinks(kinds);
  for (const { types } of all) {
    core.bytes().set(types, kinds);
    kinds += types.length;
  }
  const isEnd = new Set(ends);
  const isKnown = (oid: string): boolean => run.kindOf(ids.write(oid)) > 0;
  const segments = segmentsOf(core);
  return {
    ids,
    isKnown,
    isLinked(type, oid, address, length, base) {
      if (type === objectTypes.tree) {
        const copies = base ? run.segmentCount() : 0;
        const { address: from, length: size } = base ?? { address: 0, length: 0 };
        return run.lostInTree(address, length, from, size, segments, copies) === 0;
      }
      if (type === objectTypes.tag) {
        const target = tagTarget(core.bytes().toString('latin1', address, address + length));
        return target !== undefined && isKnown(target);
      }
      const withParents = isEnd.size > 0 && isEnd.has(oid()) ? 0 : 1;
      return run.lostInCommit(address, length, withParents, ids.scratch) === 0;
    },
  };
}

/** As packs have them. */
function looseIds(loose: LooseObjects, idBytes: IdBytes): TypedIds[] {
  const types = Object.keys(objectTypes) as (keyof typeof objectTypes)[];
  return types.map((type) => ({
    ids: bytesOfIds(loose[type], idBytes),
    types: new Uint8Array(loose[type].length).fill(objectTypes[type]),
  }));
}

function tagTarget(tag: string): string | undefined {
  return /^object ([0-9a-f]+)\n/.exec(tag)?.[1];
}
