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
  readonly numberOf: ReadonlyMap<string, number>;
  /** Version number by commit index. */
  readonly at: Int32Array;
  /** Indexes of the commits at which that is no 0, ascending. */
  readonly holding: Int32Array;
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
  { ids, indexOf, firstParents }: CommitGraph,
): PathVersions {
  const blobs = ['', ...new Set(changes.map(({ now }) => now))];
  const numberOf = new Map(blobs.map((oid, number) => [oid, number]));
  const changed = changes
    .map(({ commit, now }) => ({
      index: indexOf.get(commit) ?? -1,
      version: numberOf.get(now) ?? 0,
    }))
    .sort((a, b) => a.index - b.index);
  const at = new Int32Array(ids.length);
  const holding = new Int32Array(ids.length);
  let count = 0;
  let next = changed.findIndex(({ index }) => index >= 0);
  for (let commit = changed[next]?.index ?? at.length; commit < at.length; commit += 1) {
    if (changed[next]?.index === commit) {
      // The last word counts where a commit is told twice.
      while (changed[next + 1]?.index === commit) next += 1;
      at[commit] = changed[next]?.version ?? 0;
      next += 1;
    } else {
      const first = firstParents[commit] as number;
      if (first >= 0) at[commit] = at[first] as number;
    }
    if (at[commit] !== 0) holding[count++] = commit;
  }
  return { path, blobs, numberOf, at, holding: holding.subarray(0, count) };
}
