/** A repository's history, read once, as attribution needs it. */
import type { Problem } from '../../core/model/problem.ts';
import { ancestors, buildGraph, type CommitEntry, type CommitGraph } from './commit-graph.ts';
import { gitSync, streamGit } from './git.ts';
import {
  readHistoryLog,
  type HistoryLog,
  type PathChange,
  type WantedChanges,
} from './history-log.ts';
import { gitFailed, lineReader, stashEntries } from './list-objects.ts';
import { listRefs, type Ref } from './refs.ts';
import type { Repository } from './repository.ts';

/** Everything about the repository's history that places are read off. */
export interface History {
  readonly graph: CommitGraph;
  readonly changes: ReadonlyMap<string, readonly PathChange[]>;
  readonly isReachable: Uint8Array;
  /** Commits that belong to refs/notes. */
  readonly isNote: Uint8Array;
  readonly refs: readonly (Ref & { readonly index: number })[];
  readonly head: number | undefined;
  readonly problems: Problem[];
}

const noteRefs = 'refs/notes/';

export async function readHistory(
  repository: Repository,
  wanted: WantedChanges,
  allCommits: readonly string[],
): Promise<History> {
  const { place } = repository;
  const stashes = stashEntries(repository);
  const problems: Problem[] = [];
  const [log, listed] = await Promise.all([
    readHistoryLog(place, ['--all', '--stdin'], lines(stashes), wanted),
    listRefs(repository),
  ]);
  if (log.code !== 0) problems.push(gitFailed(repository, log.stderr));
  // What the walk did not meet is dangling, or lies behind an object that is missing.
  const met = new Set(log.commits.map(({ id }) => id));
  const rest = await readRest(
    repository,
    allCommits.filter((id) => !met.has(id)),
    wanted,
  );
  const changes = [...log.changes, ...rest.changes];
  // Trees are missing: what HEAD holds is told by its own.
  if (log.code !== 0) changes.push(...headVersions(repository, wanted));
  const graph = buildGraph([...log.commits, ...rest.commits]);
  const refs = namedRefs(listed, stashes).map((ref) => ({
    ...ref,
    index: graph.indexOf.get(ref.commit ?? '') ?? -1,
  }));
  const tips = (list: readonly { readonly index: number }[]): number[] =>
    list.map(({ index }) => index).filter((index) => index >= 0);
  const notes = refs.filter(({ name }) => name.startsWith(noteRefs));
  const others = refs.filter(({ name }) => !name.startsWith(noteRefs));
  const fromOthers = ancestors(graph, tips(others));
  const fromNotes = ancestors(graph, tips(notes));
  return {
    graph,
    changes: byPath(changes),
    // What the walk met is reachable also from refs of other worktrees, which are not listed.
    isReachable: fromOthers.map((flag, i) =>
      met.has(graph.ids[i] ?? '') ? 1 : flag | (fromNotes[i] ?? 0),
    ),
    isNote: fromNotes.map((flag, i) => (fromOthers[i] ? 0 : flag)),
    refs,
    head: repository.head === undefined ? undefined : graph.indexOf.get(repository.head),
    problems,
  };
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
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

function headVersions({ place, head }: Repository, { oids, accepts }: WantedChanges): PathChange[] {
  if (head === undefined) return [];
  const listing = gitSync(place, ['ls-tree', '-r', '-z', '--full-tree', head]).stdout;
  return listing
    .toString('latin1')
    .split('\0')
    .flatMap((entry) => {
      const [, , now = ''] = entry.slice(0, entry.indexOf('\t')).split(' ');
      const path = entry.slice(entry.indexOf('\t') + 1);
      return (!oids || oids.has(now)) && accepts(path) ? [{ commit: head, path, now }] : [];
    });
}

/** Some of these commits may have trees that cannot be read: git stops there, we go on behind. */
async function readRest(
  { place }: Repository,
  commits: readonly string[],
  wanted: WantedChanges,
): Promise<HistoryLog> {
  const changes: PathChange[] = [];
  const met = new Map<string, CommitEntry>();
  let left = commits;
  while (left.length > 0) {
    const log = await readHistoryLog(place, ['--no-walk=unsorted', '--stdin'], lines(left), wanted);
    for (const change of log.changes) changes.push(change);
    for (const entry of log.commits) met.set(entry.id, entry);
    if (log.code === 0) break;
    const failed = left.findIndex((id) => !met.has(id));
    left = failed < 0 ? [] : left.slice(failed + 1);
  }
  if (met.size < commits.length) {
    const input = lines(commits.filter((id) => !met.has(id)));
    const read = lineReader((line) => {
      const [time = '', id = '', ...parents] = line.split(' ');
      met.set(id, { id, time: Number(time), parents });
    });
    await streamGit(
      place,
      ['rev-list', '--no-walk=unsorted', '--parents', '--timestamp', '--stdin'],
      input,
      read,
    );
  }
  return { commits: [...met.values()], changes };
}
