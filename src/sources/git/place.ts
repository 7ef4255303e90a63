/** Where one key stands along one path: since when, until when, on which refs. */
import type { CommitFacts } from '../../core/model/finding.ts';
import type { Match } from '../../core/model/match.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { descendants, isParentMarked } from './commit-graph.ts';
import type { History } from './history.ts';
import type { PathVersions } from './path-versions.ts';

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

/** `holders`: the blobs that hold the key, with its matches in each. */
export function placeAtPath(
  holders: ReadonlyMap<string, readonly Match[]>,
  { path, blobs, at }: PathVersions,
  history: History,
): Placed | undefined {
  const { graph, isReachable, isNote, head } = history;
  const isHolder = Uint8Array.from(blobs, (oid) => Number(holders.has(oid)));
  const holds = new Uint8Array(at.length);
  let isAnywhereReachable = false;
  for (let commit = 0; commit < at.length; commit += 1) {
    if (!isHolder[at[commit] as number]) continue;
    holds[commit] = 1;
    if (isReachable[commit]) isAnywhereReachable = true;
  }
  let introduced: number | undefined;
  let last: number | undefined;
  const versions = new Set<number>();
  for (let commit = holds.indexOf(1); commit >= 0 && commit < holds.length; commit += 1) {
    if (!holds[commit] || (isAnywhereReachable && !isReachable[commit])) continue;
    versions.add(at[commit] as number);
    const time = graph.times[commit] as number;
    const isEarlier = introduced === undefined || time < (graph.times[introduced] as number);
    if (isEarlier && !isParentMarked(graph, commit, holds)) introduced = commit;
    if (last === undefined || time >= (graph.times[last] as number)) last = commit;
  }
  if (last === undefined) return undefined;
  const inHead = head !== undefined && holds[head] === 1;
  const blob = blobs[at[inHead && head !== undefined ? head : last] ?? 0] ?? '';
  const [match] = holders.get(blob) ?? [];
  if (!match) return undefined;
  return {
    match,
    path: isNote[last] ? '(note)' : pathText(bytesOf(path)),
    occurrences: sum(
      [...versions].map((version) => holders.get(blobs[version] ?? '')?.length ?? 0),
    ),
    ...(introduced === undefined ? {} : { introduced: graph.ids[introduced] ?? '' }),
    lastPresent: graph.ids[last] ?? '',
    inHead,
    reachable: isAnywhereReachable,
    refs: isAnywhereReachable ? refsHolding(history, holds) : [],
    blob,
  };
}

export function refsHolding({ graph, refs }: History, holds: Uint8Array): string[] {
  const reached = descendants(graph, holds);
  return refs.filter(({ index }) => index >= 0 && reached[index]).map(({ name }) => name);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
