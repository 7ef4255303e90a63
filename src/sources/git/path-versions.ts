/** What a path held at every commit, from the changes that commits made to it. */
import type { CommitGraph } from './commit-graph.ts';
import type { History } from './history.ts';
import type { PathChange } from './history-log.ts';

/** Computed once a path, however many keys stand in it. */
export interface PathVersions {
  /** Latin-1 text of the path's bytes. */
  readonly path: string;
  /** Object ids by version number; number 0 stands for nothing that was asked for. */
  readonly blobs: readonly string[];
  /** Version number by commit index. */
  readonly at: Int32Array;
  /**
   * By version number: the stretches of commits that have it, ascending: where one starts and ends, by turns.
   * In a stretch each commit but the first has one parent, the one before it.
   */
  readonly stretches: readonly (readonly number[])[];
}

/** The paths of the history that `isWanted` takes, in their order. */
export function* pathVersions(
  { changes, graph }: History,
  isWanted: (changes: readonly PathChange[]) => boolean,
): Generator<PathVersions> {
  for (const [path, list] of changes) if (isWanted(list)) yield versionsOf(path, list, graph);
}

/** A commit without a change has what its first parent has. */
function versionsOf(
  path: string,
  changes: readonly PathChange[],
  { ids, indexOf, firstParents, runs }: CommitGraph,
): PathVersions {
  const blobs = [...new Set(['', ...changes.map(({ now }) => now)])];
  const numberOf = new Map(blobs.map((oid, number) => [oid, number]));
  const changed = changes
    .map(({ commit, now }) => ({
      index: indexOf.get(commit) ?? -1,
      version: numberOf.get(now) ?? 0,
    }))
    .filter(({ index }) => index >= 0)
    .sort((a, b) => a.index - b.index);
  const at = new Int32Array(ids.length);
  const stretches = blobs.map((): number[] => []);
  const hold = (version: number, from: number, to: number): void => {
    if (version === 0 || from === to) return;
    at.fill(version, from, to);
    stretches[version]?.push(from, to);
  };
  let next = 0;
  for (let run = 0; run + 1 < runs.length; run += 1) {
    const end = runs[run + 1] as number;
    let from = runs[run] as number;
    let version = at[firstParents[from] as number] ?? 0;
    for (let change = changed[next]; change && change.index < end; change = changed[next]) {
      hold(version, from, change.index);
      // The last word counts where a commit is told twice.
      ({ index: from, version } = change);
      next += 1;
    }
    hold(version, from, end);
  }
  return { path, blobs, at, stretches };
}
