/** A repository's history, read once, as attribution needs it. */
import type { Problem } from '../../core/model/problem.ts';
import { ancestors, type CommitGraph } from './commit-graph.ts';
import { historyByGraph } from './graph/history-by-graph.ts';
import { missingObjects } from './graph/feed-links.ts';
import type { LinksUnit } from './graph/link-check.ts';
import type { GraphSource } from './graph/read-graph.ts';
import { historyByLog } from './history-by-log.ts';
import type { PathChange, WantedChanges } from './history-log.ts';
import { stashEntries } from './list-objects.ts';
import { listRefs, type Ref } from './refs.ts';
import type { Repository } from './repository.ts';
import { mayHaveStash, readTips } from './tips.ts';

/** Everything about the repository's history that places are read off. */
export interface History {
  readonly graph: CommitGraph;
  readonly changes: ReadonlyMap<string, readonly PathChange[]>;
  readonly isReachable: Uint8Array;
  /** Commits that belong to refs/notes. */
  readonly isNote: Uint8Array;
  readonly refs: readonly (Ref & { readonly index: number })[];
  readonly head: number | undefined;
  readonly problems: readonly Problem[];
}

/** What planning knows of the object database. */
export interface KnownObjects {
  /** Ids of all commits, also of those that nothing reaches. */
  readonly commits: () => readonly string[] | Promise<readonly string[]>;
  /** Absent where only git can read commits and trees. */
  readonly graph?: () => GraphSource;
  /** What no unit has looked into: whether all is there that the history names. */
  readonly unlinked?: () => LinksUnit | undefined;
}

const noteRefs = 'refs/notes/';

export async function readHistory(
  repository: Repository,
  wanted: WantedChanges,
  { commits, graph: source, unlinked }: KnownObjects,
): Promise<History> {
  const stashes = mayHaveStash(repository) ? stashEntries(repository) : [];
  // git lists them while we read.
  const listing = listRefs(repository);
  const links = unlinked?.();
  const byGraph =
    source &&
    (await historyByGraph(repository, wanted, source(), await readTips(repository), links));
  const told = byGraph ?? (await historyByLog(repository, wanted, stashes, await commits()));
  const missing = links && !byGraph?.isLinked ? await missingObjects(links) : [];
  const listed = await listing;
  const { graph } = told;
  const refs = namedRefs(listed, stashes).map((ref) => ({
    ...ref,
    index: graph.indexOf.get(ref.commit ?? '') ?? -1,
  }));
  const tipsOf = (list: readonly { readonly index: number }[]): number[] =>
    list.map(({ index }) => index).filter((index) => index >= 0);
  const notes = refs.filter(({ name }) => name.startsWith(noteRefs));
  const others = refs.filter(({ name }) => !name.startsWith(noteRefs));
  const fromOthers = ancestors(graph, tipsOf(others));
  const fromNotes = ancestors(graph, tipsOf(notes));
  return {
    graph,
    changes: byPath(told.changes),
    // What was met is reachable also from refs of other worktrees, which are not listed.
    isReachable: fromOthers.map((flag, i) =>
      told.met.has(graph.ids[i] ?? '') ? 1 : flag | (fromNotes[i] ?? 0),
    ),
    isNote: fromNotes.map((flag, i) => (fromOthers[i] ? 0 : flag)),
    refs,
    head: repository.head === undefined ? undefined : graph.indexOf.get(repository.head),
    problems: [...told.problems, ...missing],
  };
}

/** All refs and, since only the newest of them is a ref, the other stash entries. */
function namedRefs(listed: readonly Ref[], stashes: readonly string[]): Ref[] {
  const entries = stashes.map((id, n) => ({ name: stashName(n), object: id, commit: id }));
  const byName = new Map([...entries, ...listed].map((ref) => [ref.name, ref]));
  return [...byName.values()];
}

function stashName(entry: number): string {
  return entry === 0 ? 'refs/stash' : `stash@{${entry}}`;
}

function byPath(changes: readonly PathChange[]): Map<string, PathChange[]> {
  const paths = new Map<string, PathChange[]>();
  for (const change of changes) {
    const list = paths.get(change.path);
    if (list) list.push(change);
    else paths.set(change.path, [change]);
  }
  return paths;
}
