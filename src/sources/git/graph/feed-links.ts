/**
 * Whether everything that commits, trees and tags name is there. The packs tell, without git; git is
 * asked, which takes several times as long, only where something seems not to be.
 */
import { openCore, type Core } from '../../../engine/core.ts';
import type { Sink } from '../../../core/model/sink.ts';
import type { Problem } from '../../../core/model/problem.ts';
import type { PackedObjects } from '../../../core/model/unit.ts';
import { readObjects } from '../cat-file.ts';
import { listMissing } from '../list-objects.ts';
import { planFamilies } from '../pack/families.ts';
import { objectTypes } from '../pack/object-types.ts';
import { idOf } from '../pack/pack-table.ts';
import { unpackFamilies } from '../pack/unpack-families.ts';
import { linkCheck, takeTurn, type LinkCheck, type LinksUnit } from './link-check.ts';

export async function feedLinks(unit: LinksUnit, sink: Sink): Promise<void> {
  if (!takeTurn(unit.turn)) return;
  const core = openCore();
  if (core && (await areLinked(unit, core))) return;
  for (const problem of await missingObjects(unit)) sink.problem(problem);
}

/** As git says it. */
export function missingObjects({ access, tips }: LinksUnit): Promise<Problem[]> {
  const { gitDir, env } = access;
  return listMissing({ gitDir, place: { gitDir, env } }, tips);
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

function isPackLinked(pack: PackedObjects, core: Core, { isLinked }: LinkCheck): boolean {
  const { order, isLast, odd } = planFamilies(pack, ['tree', 'commit', 'tag'], Infinity, core);
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
