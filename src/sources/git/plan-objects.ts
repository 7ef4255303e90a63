/** Every object of a repository once, as units: delta families where packs can be read here, the rest through git. */
import { openCore } from '../../engine/core.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { LooseObjects, ObjectAccess, Unit } from '../../core/model/unit.ts';
import type { GraphSource } from './graph/read-graph.ts';
import { listGiven, listObjects, type ListedObject } from './list-objects.ts';
import { circular } from './pack/delta-chains.ts';
import { planFamilies, type Families } from './pack/families.ts';
import { PackError } from './pack/pack-error.ts';
import { readPackStore, type PackStore } from './pack/pack-store.ts';
import { objectTypes } from './pack/object-types.ts';
import { idOf, type PackTable } from './pack/pack-table.ts';
import { accessTo, idBytesOf, type Repository } from './repository.ts';

export interface ObjectPlan {
  /** Blobs, commits and tags that will be looked at. */
  readonly objects: number;
  readonly units: readonly Unit[];
  readonly problems: readonly Problem[];
  /** No object is known that git would never be done with. */
  readonly isGitSafe: boolean;
  /** Ids of all commits among them. */
  readonly commits: () => string[];
  /** Where commits and trees lie; absent where only git can read them. */
  readonly graph?: () => GraphSource;
  /** Absent where only git can tell what is missing. */
  readonly links?: Pick<LinksUnit, 'access' | 'packs' | 'loose' | 'idBytes'>;
}

type LinksUnit = Extract<Unit, { kind: 'links' }>;

/** Ids in hexadecimal. */
export type IsWanted = (oid: string) => boolean;

/**
 * `isWanted` leaves objects out; what they are the base of is looked at nevertheless. `wholeObjects`
 * has git unpack everything: slower, and the yardstick for the other way.
 */
export async function planObjects(
  repository: Repository,
  isWanted: IsWanted | undefined,
  wholeObjects: boolean,
): Promise<ObjectPlan> {
  const store = wholeObjects || !openCore() ? undefined : tryStore(repository);
  return store ? planStore(repository, store, isWanted) : planListed(repository, isWanted);
}

/** Undefined when the packs are not as they should be: then git is asked for everything. */
function tryStore(repository: Repository): PackStore | undefined {
  try {
    return readPackStore(repository);
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

async function planListed(
  repository: Repository,
  isWanted: IsWanted | undefined,
): Promise<ObjectPlan> {
  const listed: ListedObject[] = [];
  const problems = await listObjects(repository, (object) => {
    if (object.type !== 'tree' && (!isWanted || isWanted(object.oid))) listed.push(object);
  });
  return {
    objects: listed.length,
    units: objectUnits({ ...accessTo(repository), byGit: true }, listed),
    problems,
    isGitSafe: true,
    commits: () => listed.filter(({ type }) => type === 'commit').map(({ oid }) => oid),
  };
}

async function planStore(
  repository: Repository,
  store: PackStore,
  isWanted: IsWanted | undefined,
): Promise<ObjectPlan> {
  const access = accessTo(repository);
  const packs = store.packs.map((pack, n) =>
    planPack(pack, store.duplicates[n] ?? new Uint8Array(pack.count), isWanted),
  );
  const odd = packs.flatMap(({ odd: oids }) => oids);
  const others = [...store.loose, ...store.unusual, ...odd];
  const listed: ListedObject[] = [];
  const loose = looseObjects();
  const problems = await listGiven(repository, others, (object) => {
    loose.add(object);
    if (object.type !== 'tree' && (!isWanted || isWanted(object.oid))) listed.push(object);
  });
  const families = packs.flatMap((one) => familyUnits(one, access));
  return {
    objects: packs.reduce((sum, { count }) => sum + count, 0) + listed.length,
    // The largest first, so that the threads finish together.
    units: [...families, ...objectUnits(access, listed)].sort((a, b) => b.bytes - a.bytes),
    problems: [...store.problems, ...problems, ...packs.flatMap(circularProblems)],
    graph: () => ({ access, packs: store.packs, loose: loose.byType }),
    ...(problems.length === 0 && isLinkable(store, others.length)
      ? {
          links: {
            access,
            packs: store.packs,
            loose: loose.byType,
            idBytes: idBytesOf(repository),
          },
        }
      : {}),
    isGitSafe: packs.every(({ pack }) => !pack.types.includes(circular)),
    commits: () => [
      ...packs.flatMap(commitsOf),
      ...listed.filter(({ type }) => type === 'commit').map(({ oid }) => oid),
    ],
  };
}

function looseObjects(): {
  readonly byType: LooseObjects;
  add(object: ListedObject): void;
} {
  const byType = { commit: [], tree: [], blob: [], tag: [] } as Record<
    keyof LooseObjects,
    string[]
  >;
  return {
    byType,
    add({ oid, type }) {
      if (type in byType) byType[type as keyof LooseObjects].push(oid);
    },
  };
}

/** Chosen: their ids take some 30 bytes each in every thread that looks at links. */
const mostLinked = 1 << 20;
/** They are read one by one. */
const mostLoose = 1 << 12;

function isLinkable({ packs }: PackStore, others: number): boolean {
  const count = packs.reduce((sum, pack) => sum + pack.count, 0);
  return others <= mostLoose && count <= mostLinked;
}

/** Nothing is asked of git for these: it would go round for ever. */
function circularProblems({ pack }: PlannedPack): Problem[] {
  if (!pack.types.includes(circular)) return [];
  return Array.from(pack.types.keys())
    .filter((entry) => pack.types[entry] === circular)
    .map((entry) => ({
      kind: 'corrupt-object',
      where: idOf(pack, entry),
      message: 'is stored as a change of itself',
    }));
}

interface PlannedPack {
  readonly pack: PackTable;
  readonly families: Families;
  /** By entry: 1 if it is not looked at itself. */
  readonly skipped: Uint8Array;
  /** Entries that are looked at. */
  readonly count: number;
  /** Ids of those that are to be read through git. */
  readonly odd: readonly string[];
}

/** Measured: large enough that starting a unit costs nothing, small enough that threads share well. */
const unitWork = 4 << 20;

function planPack(
  pack: PackTable,
  duplicates: Uint8Array,
  isWanted: IsWanted | undefined,
): PlannedPack {
  const families = planFamilies(pack, ['blob', 'commit', 'tag'], unitWork, openCore());
  const skipped = new Uint8Array(new SharedArrayBuffer(pack.count));
  skipped.set(duplicates);
  let count = 0;
  for (const entry of families.order) {
    if (isWanted && !skipped[entry] && !isWanted(idOf(pack, entry))) skipped[entry] = 1;
    if (!skipped[entry]) count += 1;
  }
  const odd = Array.from(families.odd).flatMap((entry) =>
    skipped[entry] ? [] : [idOf(pack, entry)],
  );
  return { pack, families, skipped, count, odd };
}

/** A byte of a pack makes about so many bytes of text. */
export const unpackedShare = 4;

function familyUnits(
  { pack, families, skipped }: PlannedPack,
  access: ObjectAccess,
): Extract<Unit, { kind: 'families' }>[] {
  const { order, isLast, cuts } = families;
  return Array.from(cuts.subarray(0, -1), (from, at) => {
    const to = cuts[at + 1] ?? order.length;
    let packed = 0;
    for (let place = from; place < to; place += 1) {
      const entry = order[place] as number;
      packed += (pack.ends[entry] as number) - (pack.starts[entry] as number);
    }
    const bytes = packed * unpackedShare;
    return { kind: 'families', access, pack, order, isLast, skipped, from, to, bytes };
  });
}

function commitsOf({ pack, families, skipped }: PlannedPack): string[] {
  return Array.from(families.order)
    .filter((entry) => !skipped[entry] && pack.types[entry] === objectTypes.commit)
    .map((entry) => idOf(pack, entry));
}

const mostUnitBytes = 512 << 20;
const leastUnitBytes = 16 << 20;
/** Objects that are small cost a little nevertheless. */
const bytesPerObject = 256;

/** In the order given, which is that of the packs. */
function objectUnits(access: ObjectAccess, listed: readonly ListedObject[]): Unit[] {
  const units: Unit[] = [];
  let left = listed.reduce((sum, { bytes }) => sum + bytes + bytesPerObject, 0);
  let from = 0;
  let bytes = 0;
  listed.forEach((object, at) => {
    bytes += object.bytes + bytesPerObject;
    if (bytes < unitSize(left) && at + 1 < listed.length) return;
    const oids = listed.slice(from, at + 1).map(({ oid }) => oid);
    units.push({ kind: 'objects', access, oids, bytes });
    from = at + 1;
    left -= bytes;
    bytes = 0;
  });
  return units;
}

/**
 * Every unit starts a git of its own, which unpacks the start of each delta chain anew: large units
 * first, small ones at the end so that the threads finish together.
 */
function unitSize(left: number): number {
  return Math.min(mostUnitBytes, Math.max(leastUnitBytes, left / 2));
}
