/**
 * Whether everything that commits, trees and tags name is there. The packs tell, without git; git is
 * asked, which takes several times as long, only where something seems not to be.
 */
import { openCore, type Core } from '../../../engine/core.ts';
import type { Sink } from '../../../core/model/sink.ts';
import type { PackedObjects, Unit } from '../../../core/model/unit.ts';
import { readObjects } from '../cat-file.ts';
import { listMissing } from '../list-objects.ts';
import { planFamilies } from '../pack/families.ts';
import { objectTypes } from '../pack/object-types.ts';
import { idOf } from '../pack/pack-table.ts';
import { segmentsOf, unpackFamilies, type BaseObject } from '../pack/unpack-families.ts';
import { bytesOfIds, idTable } from './id-table.ts';

export type LinksUnit = Extract<Unit, { kind: 'links' }>;

export async function feedLinks(unit: LinksUnit, sink: Sink): Promise<void> {
  const core = openCore();
  if (core && (await areLinked(unit, core))) return;
  const { gitDir, env } = unit.access;
  for (const problem of await listMissing({ gitDir, place: { gitDir, env } }, unit.tips)) {
    sink.problem(problem);
  }
}

/** False as soon as something is missing, damaged, or not what it is named as. */
export async function areLinked(unit: LinksUnit, core: Core): Promise<boolean> {
  const check = linkCheck(unit, core);
  if (!unit.tips.every(check.isKnown)) return false;
  return (
    unit.packs.every((pack) => isPackLinked(pack, core, check)) &&
    (await areLooseLinked(unit, core, check))
  );
}

type Base = Pick<BaseObject<unknown>, 'address' | 'length'>;

interface LinkCheck {
  isKnown(oid: string): boolean;
  /** Whether an object, which lies in the engine's memory, names only what is there. No blob. */
  isLinked(type: number, oid: () => string, address: number, length: number, base?: Base): boolean;
}

function linkCheck({ packs, loose, ends, idBytes }: LinksUnit, core: Core): LinkCheck {
  const { run } = core;
  const all = [...looseKinds(loose, idBytes), ...packs];
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
function looseKinds(loose: LinksUnit['loose'], idBytes: LinksUnit['idBytes']) {
  const types = Object.keys(objectTypes) as (keyof typeof objectTypes)[];
  return types.map((type) => ({
    ids: bytesOfIds(loose[type], idBytes),
    types: new Uint8Array(loose[type].length).fill(objectTypes[type]),
  }));
}

function tagTarget(tag: string): string | undefined {
  return /^object ([0-9a-f]+)\n/.exec(tag)?.[1];
}

function isPackLinked(pack: PackedObjects, core: Core, { isLinked }: LinkCheck): boolean {
  const { order, isLast, odd } = planFamilies(pack, ['tree', 'commit', 'tag'], Infinity);
  let isWhole = odd.length === 0;
  if (!isWhole) return false;
  unpackFamilies<true>({ pack, order, isLast, from: 0, to: order.length }, core, {
    visit(entry, address, length, base) {
      const type = pack.types[entry] as number;
      isWhole &&= isLinked(type, () => idOf(pack, entry), address, length, base);
      return true;
    },
    refuse() {
      isWhole = false;
    },
  });
  return isWhole;
}

async function areLooseLinked(
  { access, loose }: LinksUnit,
  core: Core,
  { isLinked }: LinkCheck,
): Promise<boolean> {
  let isWhole = true;
  const odd = (): void => void (isWhole = false);
  await readObjects(access, [...loose.tree, ...loose.commit, ...loose.tag], {
    object(oid, type, bytes) {
      const address = core.reserve(bytes.length);
      core.bytes().set(bytes, address);
      const number = objectTypes[type as keyof typeof objectTypes];
      isWhole &&= isLinked(number, () => oid, address, bytes.length);
    },
    begin: () => ({ push: odd, end: odd }),
    missing: odd,
    corrupt: odd,
  });
  return isWhole;
}
