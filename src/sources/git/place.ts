/** Where one key stands along one path: since when, until when, on which refs. */
import type { CommitFacts } from '../../core/model/finding.ts';
import type { Match } from '../../core/model/match.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { descendants, type CommitGraph } from './commit-graph.ts';
import type { History } from './history.ts';
import type { PathChange } from './history-log.ts';

/** A place before the facts of its commits are read. */
export interface Placed {
  readonly match: Match;
  readonly path: string;
  readonly occurrences: number;
  readonly introduced?: string;
  readonly author?: CommitFacts;
  readonly lastPresent?: string;
  readonly inHead: boolean;
  readonly reachable: boolean;
  readonly refs: readonly string[];
  readonly blob?: string;
}

export function placeAtPath(
  blobs: ReadonlyMap<string, readonly Match[]>,
  path: string,
  changes: readonly PathChange[],
  history: History,
): Placed | undefined {
  const { graph, isReachable, isNote, head } = history;
  const contents = contentsAlong(graph, changes);
  const holds = Uint8Array.from(graph.ids, (_, commit) =>
    blobs.has(contents[commit] ?? '') ? 1 : 0,
  );
  const isAnywhereReachable = holds.some((flag, commit) => flag && isReachable[commit]);
  const counts = (commit: number): boolean =>
    holds[commit] === 1 && (!isAnywhereReachable || isReachable[commit] === 1);

  let introduced: number | undefined;
  let last: number | undefined;
  for (const commit of graph.order) {
    if (!counts(commit)) continue;
    const time = graph.times[commit] ?? 0;
    const isAdded = !graph.parents[commit]?.some((parent) => holds[parent]);
    if (isAdded && (introduced === undefined || time < (graph.times[introduced] ?? 0)))
      introduced = commit;
    if (last === undefined || time >= (graph.times[last] ?? 0)) last = commit;
  }
  if (last === undefined) return undefined;
  const inHead = head !== undefined && holds[head] === 1;
  const blob = contents[inHead && head !== undefined ? head : last] ?? '';
  const versions = new Set(
    contents.filter((oid, commit) => oid !== undefined && holds[commit] && counts(commit)),
  );
  const [match] = blobs.get(blob) ?? [];
  if (!match) return undefined;
  return {
    match,
    path: isNote[last] ? '(note)' : pathText(bytesOf(path)),
    occurrences: sum([...versions].map((oid) => blobs.get(oid ?? '')?.length ?? 0)),
    ...(introduced === undefined ? {} : { introduced: graph.ids[introduced] ?? '' }),
    lastPresent: graph.ids[last] ?? '',
    inHead,
    reachable: isAnywhereReachable,
    refs: isAnywhereReachable ? refsHolding(history, holds) : [],
    blob,
  };
}

/** By commit index: the wanted blob that the path holds there, if any. */
function contentsAlong(graph: CommitGraph, changes: readonly PathChange[]): (string | undefined)[] {
  const changed = new Map(changes.map(({ commit, now }) => [graph.indexOf.get(commit), now]));
  const contents: (string | undefined)[] = Array.from({ length: graph.ids.length });
  for (const commit of graph.order) {
    const [first] = graph.parents[commit] ?? [];
    const now = changed.get(commit);
    contents[commit] = now ?? (first === undefined ? undefined : contents[first]);
  }
  return contents;
}

export function refsHolding({ graph, refs }: History, holds: Uint8Array): string[] {
  const reached = descendants(graph, holds);
  return refs.filter(({ index }) => index >= 0 && reached[index]).map(({ name }) => name);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
