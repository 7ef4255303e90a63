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

/** Marks by commit index, used again for each key. */
export interface Marks {
  readonly holds: Uint8Array;
  readonly reached: Uint8Array;
}

export function newMarks({ graph }: History): Marks {
  const count = graph.ids.length;
  return { holds: new Uint8Array(count), reached: new Uint8Array(count) };
}

/** `holders`: the blobs that hold the key, with its matches in each. */
export function placeAtPath(
  holders: ReadonlyMap<string, readonly Match[]>,
  { path, blobs, numberOf, at, holding }: PathVersions,
  history: History,
  { holds, reached }: Marks,
): Placed | undefined {
  const { graph, isReachable, isNote, head } = history;
  /** By version: how many matches it holds. */
  const counts = new Uint32Array(blobs.length);
  for (const [oid, { length }] of holders) counts[numberOf.get(oid) ?? 0] = length;
  // The number of what was not asked for.
  counts[0] = 0;
  holds.fill(0);
  let isAnywhereReachable = false;
  for (const commit of holding) {
    if (!counts[at[commit] as number]) continue;
    holds[commit] = 1;
    if (isReachable[commit]) isAnywhereReachable = true;
  }
  let introduced: number | undefined;
  let last: number | undefined;
  let occurrences = 0;
  for (const commit of holding) {
    if (!holds[commit] || (isAnywhereReachable && !isReachable[commit])) continue;
    const version = at[commit] as number;
    occurrences += counts[version] as number;
    // Each version counts once, however many commits have it.
    counts[version] = 0;
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
    occurrences,
    ...(introduced === undefined ? {} : { introduced: graph.ids[introduced] ?? '' }),
    lastPresent: graph.ids[last] ?? '',
    inHead,
    reachable: isAnywhereReachable,
    refs: isAnywhereReachable ? refsHolding(history, holds, holding[0], reached) : [],
    blob,
  };
}

export function refsHolding(
  { graph, refs }: History,
  holds: Uint8Array,
  from?: number,
  result?: Uint8Array,
): string[] {
  const reached = descendants(graph, holds, from, result);
  return refs.filter(({ index }) => index >= 0 && reached[index]).map(({ name }) => name);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
