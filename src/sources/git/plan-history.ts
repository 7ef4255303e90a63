/** History → units: every blob, commit and tag of the object database once. */
import type { Problem } from '../../core/model/problem.ts';
import type { ObjectAccess, Unit } from '../../core/model/unit.ts';
import { gitSync } from './git.ts';
import { listMissing, listObjects, listReachable } from './list-objects.ts';
import { shallowEnds, type Repository } from './repository.ts';

export interface HistoryOptions {
  /** Also what no ref and no stash entry reaches. */
  readonly unreachable: boolean;
}

/** What planning learns on the way and attribution needs. */
export interface HistoryPlan {
  /** Ids of all commits of the database. */
  readonly commits: readonly string[];
  readonly units: AsyncIterable<Unit | Problem>;
  readonly objects: number;
}

const mostUnitBytes = 512 << 20;
const leastUnitBytes = 16 << 20;
/** Objects that are small cost a little nevertheless. */
const bytesPerObject = 256;

export async function planHistory(
  repository: Repository,
  options: HistoryOptions,
): Promise<HistoryPlan> {
  const reachable = new Set<string>();
  const problems: Problem[] = [];
  let connectivity: Promise<Problem[]> | undefined;
  if (options.unreachable) connectivity = listMissing(repository);
  else problems.push(...(await listReachable(repository, (oid) => reachable.add(oid))));

  const oids: string[] = [];
  const sizes: number[] = [];
  const commits: string[] = [];
  problems.push(
    ...(await listObjects(repository, ({ oid, type, bytes }) => {
      if (!options.unreachable && !reachable.has(oid)) return;
      oids.push(oid);
      sizes.push(bytes);
      if (type === 'commit') commits.push(oid);
    })),
  );
  problems.push(...shallowProblems(repository), ...submoduleProblems(repository));
  return {
    commits,
    objects: oids.length,
    units: units(repository, oids, sizes, problems, connectivity),
  };
}

async function* units(
  { gitDir, place }: Repository,
  oids: readonly string[],
  sizes: readonly number[],
  problems: readonly Problem[],
  connectivity: Promise<Problem[]> | undefined,
): AsyncGenerator<Unit | Problem> {
  yield* problems;
  const access: ObjectAccess = { gitDir, env: place.env ?? {} };
  let left = sizes.reduce((sum, size) => sum + size + bytesPerObject, 0);
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < oids.length; at += 1) {
    bytes += (sizes[at] ?? 0) + bytesPerObject;
    if (bytes < unitSize(left) && at + 1 < oids.length) continue;
    yield { kind: 'objects', access, oids: oids.slice(from, at + 1), bytes };
    from = at + 1;
    left -= bytes;
    bytes = 0;
  }
  // Checked beside the scan, since it takes as long as listing all trees.
  if (connectivity) yield* await connectivity;
}

/**
 * Every unit starts a git of its own, which unpacks the start of each delta chain anew: large units
 * first, small ones at the end so that the threads finish together.
 */
function unitSize(left: number): number {
  return Math.min(mostUnitBytes, Math.max(leastUnitBytes, left / 2));
}

function shallowProblems(repository: Repository): Problem[] {
  return shallowEnds(repository).map((where) => ({
    kind: 'shallow-boundary',
    where,
    message: 'history before this commit is not here; get it with: git fetch --unshallow',
  }));
}

/** A submodule's history is in another repository. */
function submoduleProblems({ head, place }: Repository): Problem[] {
  if (head === undefined) return [];
  return submodulePaths(gitSync(place, ['ls-tree', '-r', '-z', '--full-tree', head]).stdout).map(
    (where) => ({
      kind: 'submodule-history',
      where,
      message: 'a submodule: scan its own repository with --history',
    }),
  );
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
