/** History → units: every blob, commit and tag of the object database once. */
import type { Problem } from '../../core/model/problem.ts';
import type { Unit } from '../../core/model/unit.ts';
import { streamGit } from './git.ts';
import { openTurn, takeTurn, type LinksUnit } from './graph/link-check.ts';
import type { KnownObjects } from './history.ts';
import { listMissing, listReachable } from './list-objects.ts';
import { planObjects, unpackedShare, type ObjectPlan } from './plan-objects.ts';
import { shallowProblems } from './shallow.ts';
import { shallowEnds, type Repository } from './repository.ts';
import { packsOf } from './stored-objects.ts';
import { readTips } from './tips.ts';

export interface HistoryOptions {
  /** Also what no ref and no stash entry reaches. */
  readonly unreachable: boolean;
  /** Have git unpack every object, instead of reading packs here. */
  readonly wholeObjects?: boolean;
  /** Also walk from these, which refs named a moment ago. */
  readonly tips?: readonly string[];
  readonly expect?: Expect;
}

/** Told before anything is planned: how many bytes there will be, about, and what can be read until then. */
export type Expect = (bytes: number, ahead?: Unit) => Promise<void>;

export interface HistoryPlan {
  /** What planning learns on the way and attribution needs. */
  readonly known: KnownObjects;
  readonly units: AsyncIterable<Unit | Problem>;
  readonly objects: number;
  /** To be called once something was found: attribution will read commits and trees. */
  readonly noteFound: () => void;
}

export async function planHistory(
  repository: Repository,
  { unreachable, wholeObjects = false, tips = [], expect }: HistoryOptions,
): Promise<HistoryPlan> {
  if (expect) await tellAhead(repository, expect);
  const reachable = new Set<string>();
  const problems: Problem[] = [];
  if (!unreachable)
    problems.push(...(await listReachable(repository, tips, (oid) => reachable.add(oid))));
  const isWanted = unreachable ? undefined : (oid: string): boolean => reachable.has(oid);
  const plan = await planObjects(repository, isWanted, wholeObjects);
  const { links, told } = unreachable ? await planLinks(repository, plan, tips) : {};
  problems.push(...plan.problems, ...shallowProblems(repository));
  let unlinked: LinksUnit | undefined;
  async function* units(): AsyncGenerator<Unit | Problem> {
    const submodules = submoduleProblems(repository);
    // What comes before them may fail, too.
    submodules.catch(() => undefined);
    yield* problems;
    const early = mostOf(plan.units);
    yield* plan.units.slice(0, early);
    if (links) yield links;
    yield* plan.units.slice(early);
    yield* (await told) ?? [];
    yield* await submodules;
  }
  return {
    known: { ...plan, unlinked: () => unlinked },
    objects: plan.objects,
    units: units(),
    // Attribution reads the same commits and trees, and looks on the way.
    noteFound: () => {
      if (links && takeTurn(links.turn)) unlinked = links;
    },
  };
}

function tellAhead(repository: Repository, expect: Expect): Promise<void> {
  const packs = packsOf(repository);
  const all = packs.reduce((sum, { bytes }) => sum + bytes, 0);
  const [largest] = [...packs].sort((a, b) => b.bytes - a.bytes);
  if (!largest) return expect(0);
  const { stem, bytes } = largest;
  return expect(all * unpackedShare, { kind: 'ahead', file: `${stem}.pack`, bytes });
}

/** How many units, from the first on, have most of the bytes: behind them there is still something to do beside others. */
function mostOf(units: readonly Unit[]): number {
  const all = units.reduce((sum, { bytes }) => sum + bytes, 0);
  let left = all * mostShare;
  return units.findIndex(({ bytes }) => (left -= bytes) <= 0) + 1;
}

/** Chosen: what is found at all is mostly found by then. */
const mostShare = 0.4;

/** What the history names and is not there: told by a unit or, beside the scan, by git. */
async function planLinks(
  repository: Repository,
  { links, isGitSafe }: ObjectPlan,
  tips: readonly string[],
): Promise<{ readonly links?: LinksUnit; readonly told?: Promise<Problem[]> }> {
  if (!isGitSafe) return {};
  if (!links) return { told: listMissing(repository, tips) };
  const all = [...(await readTips(repository)), ...tips];
  const ends = shallowEnds(repository);
  return { links: { ...links, kind: 'links', turn: openTurn(), tips: all, ends, bytes: 0 } };
}

/** A submodule's history is in another repository. Git looks for them beside the scan. */
async function submoduleProblems({ head, place }: Repository): Promise<Problem[]> {
  if (head === undefined) return [];
  const listing: Buffer[] = [];
  const args = ['ls-tree', '-r', '-z', '--full-tree', head];
  await streamGit(place, args, '', (chunk) => listing.push(chunk));
  return submodulePaths(Buffer.concat(listing)).map((where) => ({
    kind: 'submodule-history',
    where,
    message: 'a submodule: scan its own repository with --history',
  }));
}

const submoduleMode = '160000 ';

function submodulePaths(listing: Buffer): string[] {
  if (listing.indexOf(submoduleMode) < 0) return [];
  const entries = listing
    .toString()
    .split('\0')
    .filter((entry) => entry.startsWith(submoduleMode));
  return entries.map((entry) => entry.slice(entry.indexOf('\t') + 1));
}
