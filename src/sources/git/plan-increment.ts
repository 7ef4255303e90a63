/**
 * History → units, only of objects that a complete scan has not looked at. Two ways: while all packs
 * of that scan are there, what is new lies in new packs and new loose files, and nothing else is
 * opened; after a repack, what the old tips reach is told from the rest by a walk.
 */
import type { Problem } from '../../core/model/problem.ts';
import type { Unit } from '../../core/model/unit.ts';
import { checkNew, type CompleteHistory, type NewHistory } from './direct/check-new.ts';
import type { KnownObjects } from './history.ts';
import type { SeenObjects } from './history-state.ts';
import { listObjects } from './list-objects.ts';
import { openIndexes } from './pack-lookup.ts';
import { PackError } from './pack/pack-error.ts';
import type { ObjectPlan } from './plan-objects.ts';
import { accessTo, type Repository } from './repository.ts';
import { shallowProblems } from './shallow.ts';
import { idsOfPack, listStored, packKey, type StoredObjects } from './stored-objects.ts';
import { readTips } from './tips.ts';
import { existing, walkAll, walkNew } from './walk-new.ts';

export interface IncrementOptions {
  /** Also what no ref and no stash entry reaches. */
  readonly unreachable: boolean;
  readonly wholeObjects: boolean;
}

export interface IncrementPlan {
  readonly units: AsyncIterable<Unit | Problem>;
  readonly known: KnownObjects;
  /** What has been looked at once the units have, with what was before. To be called behind them. */
  readonly seen: () => SeenObjects;
}

export async function planIncrement(
  repository: Repository,
  before: SeenObjects,
  options: IncrementOptions,
): Promise<IncrementPlan> {
  // Before any look at the objects: all that these tips reach is there from now on.
  const tips = await readTips(repository);
  const known = new Set(before.tips);
  const newTips = tips.filter((id) => !known.has(id));
  const walk = (): ReturnType<typeof walkNew> =>
    newTips.length > 0
      ? walkNew(repository, tips, before.tips, !options.unreachable)
      : Promise.resolve({ oids: [], problems: [], known: before.tips });
  const found = options.unreachable
    ? await findStored(repository, before, options)
    : await findReached(repository, walk, options);
  const checked = checkFiles(repository, { tips: newTips, known, fresh: found.fresh });
  const walked = found.walked ?? (checked ? { problems: [], known: before.tips } : walk());
  const planned = found.units.map((unit) => (checked ? withoutTrees(unit, checked.trees) : unit));
  const problems = [...found.problems, ...shallowProblems(repository)];
  let left = before.tips;
  return {
    units: units(problems, planned, walked, (there) => (left = there)),
    known: { commits: () => allCommits(repository) },
    seen: () => ({ tips: keptTips(tips, left), ...found.seen() }),
  };
}

type Walked = Pick<Awaited<ReturnType<typeof walkNew>>, 'problems' | 'known'>;

/** Mostly nothing is missing of what new tips reach, and then it takes no walk to tell. */
function checkFiles(repository: Repository, history: NewHistory): CompleteHistory | undefined {
  if (history.tips.length === 0) return { trees: new Set() };
  return repository.isShallow ? undefined : checkNew(accessTo(repository), history);
}

/** There is nothing to find in them. */
function withoutTrees(unit: Unit, trees: ReadonlySet<string>): Unit {
  if (unit.kind !== 'objects') return unit;
  return { ...unit, oids: unit.oids.filter((oid) => !trees.has(oid)) };
}

type Found = Pick<ObjectPlan, 'units' | 'problems'> & {
  /** Ids of objects that are new. */
  readonly fresh: ReadonlySet<string>;
  /** Where finding them has walked already. */
  readonly walked?: Walked;
  readonly seen: () => Omit<SeenObjects, 'tips'>;
};

async function* units(
  problems: readonly Problem[],
  planned: readonly Unit[],
  walked: Walked | Promise<Walked>,
  takeKnown: (known: readonly string[]) => void,
): AsyncGenerator<Unit | Problem> {
  yield* problems;
  yield* planned;
  // Walked beside the scan.
  const { problems: missing, known } = await walked;
  takeKnown(known);
  yield* missing;
}

/** Tips of refs that are gone are kept: what they reach need not be looked at when it comes back. */
const mostOldTips = 64;

function keptTips(tips: readonly string[], before: readonly string[]): string[] {
  const now = new Set(tips);
  return [...tips, ...before.filter((id) => !now.has(id)).slice(0, mostOldTips)];
}

/** What refs reach is all that is looked at: where it lies says nothing. */
function withoutStored(): Omit<SeenObjects, 'tips'> {
  return { packs: [], ids: [] };
}

async function findReached(
  repository: Repository,
  walk: () => ReturnType<typeof walkNew>,
  options: IncrementOptions,
): Promise<Found> {
  const walked = await walk();
  const plan = await planFew(repository, walked.oids, options);
  return { ...plan, fresh: new Set(walked.oids), walked, seen: withoutStored };
}

async function findStored(
  repository: Repository,
  before: SeenObjects,
  options: IncrementOptions,
): Promise<Found> {
  const stored = tryStored(repository);
  const fresh = stored && newIds(repository, stored, before);
  if (stored && fresh) {
    const plan = await planFew(repository, fresh, options);
    return {
      ...plan,
      fresh: new Set(fresh),
      problems: [...stored.problems, ...plan.problems],
      seen: () => ({ packs: stored.packs, ids: keptIds(stored.loose, before.ids) }),
    };
  }
  return findByWalk(repository, before, options, stored);
}

/** Undefined when only git can tell where the objects are. */
function tryStored(repository: Repository): StoredObjects | undefined {
  return orUndefined(() => listStored(repository));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

/** Ids of objects that lie where none was. Undefined when packs are gone or a new one is odd. */
function newIds(
  repository: Repository,
  { packs, loose }: StoredObjects,
  before: SeenObjects,
): string[] | undefined {
  const here = new Set(packs.map(packKey));
  if (!before.packs.every((pack) => here.has(packKey(pack)))) return undefined;
  const known = new Set(before.packs.map(packKey));
  const seen = new Set(before.ids);
  const added = packs.filter((pack) => !known.has(packKey(pack)));
  const packed = orUndefined(() => added.flatMap((pack) => idsOfPack(pack, repository)));
  if (!packed) return undefined;
  const candidates = [...new Set([...loose, ...packed])].filter((id) => !seen.has(id));
  // A fetched pack brings bases that are here already along.
  const indexes = openIndexes(before.packs.map(({ stem }) => stem));
  try {
    return candidates.filter((id) => !indexes.find(id));
  } finally {
    indexes.close();
  }
}

/**
 * Up to so many objects git unpacks them: reading the tables of all packs takes longer. Chosen; a
 * repository of 20,000 commits has 160,000.
 */
const few = 4_096;
/** Trees are few bytes, files more. */
const usualBytes = 4_096;

/** Trees among the ids are passed over. */
async function planFew(
  repository: Repository,
  oids: readonly string[],
  { wholeObjects }: IncrementOptions,
): Promise<Pick<ObjectPlan, 'units' | 'problems'>> {
  if (oids.length === 0) return { units: [], problems: [] };
  if (oids.length > few) {
    const wanted = new Set(oids);
    const { planObjects } = await import('./plan-objects.ts');
    return planObjects(repository, (id) => wanted.has(id), wholeObjects);
  }
  const access = { ...accessTo(repository), ...(wholeObjects ? { byGit: true } : {}) };
  const bytes = oids.length * usualBytes;
  return { units: [{ kind: 'objects', access, oids, bytes }], problems: [] };
}

/** Packs were replaced, and their names say nothing any more. */
async function findByWalk(
  repository: Repository,
  before: SeenObjects,
  { wholeObjects }: IncrementOptions,
  stored: StoredObjects | undefined,
): Promise<Found> {
  const seen = new Set(before.ids);
  const there = existing(repository, before.tips);
  const take = (id: string): void => void seen.add(id);
  await walkAll(
    repository,
    before.tips.filter((id) => there.has(id)),
    take,
  );
  const known = new Set(before.packs.map(packKey));
  for (const pack of stored?.packs ?? []) {
    if (known.has(packKey(pack))) orUndefined(() => idsOfPack(pack, repository))?.forEach(take);
  }
  const looked: string[] = [];
  const isWanted = (id: string): boolean => {
    if (seen.has(id)) return false;
    looked.push(id);
    return true;
  };
  const { planObjects } = await import('./plan-objects.ts');
  const { units: planned, problems } = await planObjects(repository, isWanted, wholeObjects);
  return {
    units: planned,
    problems,
    fresh: new Set(looked),
    seen: () => {
      const { packs, ids } = storedSince(repository, stored);
      return { packs, ids: keptIds(ids, [...looked, ...before.ids]) };
    },
  };
}

/** Before a scan of everything: what it will have looked at. `seen` is to be asked behind it. */
export async function watchWhole(
  repository: Repository,
  { unreachable }: Pick<IncrementOptions, 'unreachable'>,
): Promise<{ readonly tips: readonly string[]; readonly seen: () => SeenObjects }> {
  const tips = await readTips(repository);
  const stored = unreachable ? tryStored(repository) : undefined;
  return { tips, seen: () => ({ tips, ...storedSince(repository, stored) }) };
}

/** What lay there before and after a scan was looked at by it: packs come and go meanwhile. */
function storedSince(
  repository: Repository,
  before: StoredObjects | undefined,
): Omit<SeenObjects, 'tips'> {
  const after = before && tryStored(repository);
  if (!after) return withoutStored();
  const packs = new Set(before.packs.map(packKey));
  const loose = new Set(before.loose);
  return {
    packs: after.packs.filter((pack) => packs.has(packKey(pack))),
    ids: after.loose.filter((id) => loose.has(id)),
  };
}

/** So many ids of objects that have no file of their own: those that nothing reaches, mostly. */
const mostIds = 10_000;

function keptIds(loose: readonly string[], others: readonly string[]): string[] {
  const room = Math.max(0, mostIds - loose.length);
  const isLoose = new Set(loose);
  const rest = [...new Set(others)].filter((id) => !isLoose.has(id));
  return [...loose, ...rest.slice(0, room)];
}

async function allCommits(repository: Repository): Promise<readonly string[]> {
  const commits: string[] = [];
  await listObjects(repository, ({ oid, type }) => {
    if (type === 'commit') commits.push(oid);
  });
  return commits;
}
