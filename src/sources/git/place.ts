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
  { path, blobs, numberOf, at, stretches }: PathVersions,
  history: History,
  { holds, reached }: Marks,
): Placed | undefined {
  const { graph, isReachable, isNote, head } = history;
  const { times } = graph;
  /** By version: how many matches it holds. */
  const counts = new Uint32Array(blobs.length);
  for (const [oid, { length }] of holders) counts[numberOf.get(oid) ?? 0] = length;
  // The number of what was not asked for.
  counts[0] = 0;
  holds.fill(0);
  let isAnywhereReachable = false;
  for (let n = 0; n < stretches.length; n += 2) {
    const from = stretches[n] as number;
    if (!counts[at[from] as number]) continue;
    holds.fill(1, from, stretches[n + 1]);
    // Of a stretch what is reachable is its beginning.
    if (isReachable[from]) isAnywhereReachable = true;
  }
  let introduced = none;
  let last = none;
  let occurrences = 0;
  for (let n = 0; n < stretches.length; n += 2) {
    const from = stretches[n] as number;
    if (!holds[from] || (isAnywhereReachable && !isReachable[from])) continue;
    const version = at[from] as number;
    occurrences += counts[version] as number;
    // Each version counts once, however many commits have it.
    counts[version] = 0;
    const isEarlier =
      introduced === none || (times[from] as number) < (times[introduced] as number);
    if (isEarlier && !isParentMarked(graph, from, holds)) introduced = from;
    const end = stretches[n + 1] as number;
    const until = isAnywhereReachable ? reachableUntil(isReachable, from, end) : end;
    last = latest(times, from, until, last);
  }
  if (last === none) return undefined;
  const inHead = head !== undefined && holds[head] === 1;
  const blob = blobs[at[inHead && head !== undefined ? head : last] ?? 0] ?? '';
  const [match] = holders.get(blob) ?? [];
  if (!match) return undefined;
  return {
    match,
    path: isNote[last] ? '(note)' : pathText(bytesOf(path)),
    occurrences,
    ...(introduced === none ? {} : { introduced: graph.ids[introduced] ?? '' }),
    lastPresent: graph.ids[last] ?? '',
    inHead,
    reachable: isAnywhereReachable,
    refs: isAnywhereReachable ? refsHolding(history, holds, reached) : [],
    blob,
  };
}

const none = -1;

function reachableUntil(isReachable: Uint8Array, from: number, end: number): number {
  let commit = from;
  while (commit < end && isReachable[commit]) commit += 1;
  return commit;
}

/** The latest of the commits [from, end) and of `known`; of those at the same time the last. */
function latest(times: Float64Array, from: number, end: number, known: number): number {
  let last = known;
  let time = known === none ? -Infinity : (times[known] as number);
  for (let commit = from; commit < end; commit += 1) {
    const its = times[commit] as number;
    if (its < time) continue;
    last = commit;
    time = its;
  }
  return last;
}

export function refsHolding(
  { graph, refs }: History,
  holds: Uint8Array,
  result?: Uint8Array,
): string[] {
  const reached = descendants(graph, holds, result);
  return refs.filter(({ index }) => index >= 0 && reached[index]).map(({ name }) => name);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
