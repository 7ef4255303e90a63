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

/** A key in one object. */
export interface Held {
  /** How often. */
  count: number;
  /** The first of its matches there. */
  readonly first: () => Match;
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

/** `holders`: the blobs that hold the key. */
export function placeAtPath(
  holders: ReadonlyMap<string, Held>,
  { path, blobs, at, stretches }: PathVersions,
  history: History,
  { holds, reached }: Marks,
): Placed | undefined {
  const { graph, isReachable, isNote, head } = history;
  const { times } = graph;
  // A path has few versions; a key may be in many blobs elsewhere.
  const held = blobs.flatMap((oid, version) => {
    const count = version === 0 ? 0 : (holders.get(oid)?.count ?? 0);
    return count === 0 ? [] : [{ count, stretches: stretches[version] ?? [] }];
  });
  holds.fill(0);
  let isAnywhereReachable = false;
  for (const one of held) {
    for (let n = 0; n < one.stretches.length; n += 2) {
      const from = one.stretches[n] as number;
      holds.fill(1, from, one.stretches[n + 1]);
      // Of a stretch what is reachable is its beginning.
      if (isReachable[from]) isAnywhereReachable = true;
    }
  }
  let introduced = none;
  let last = none;
  let occurrences = 0;
  for (const one of held) {
    let isSeen = false;
    for (let n = 0; n < one.stretches.length; n += 2) {
      const from = one.stretches[n] as number;
      if (isAnywhereReachable && !isReachable[from]) continue;
      isSeen = true;
      const isEarlier = introduced === none || isBefore(times, from, introduced);
      if (isEarlier && !isParentMarked(graph, from, holds)) introduced = from;
      const end = one.stretches[n + 1] as number;
      const until = isAnywhereReachable ? reachableUntil(isReachable, from, end) : end;
      last = latest(times, from, until, last);
    }
    // Each version counts once, however many commits have it.
    if (isSeen) occurrences += one.count;
  }
  if (last === none) return undefined;
  const inHead = head !== undefined && holds[head] === 1;
  const blob = blobs[at[inHead && head !== undefined ? head : last] ?? 0] ?? '';
  const match = holders.get(blob)?.first();
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

/** The latest of the commits [from, end) and of `known`. */
function latest(times: Float64Array, from: number, end: number, known: number): number {
  let last = known;
  for (let commit = from; commit < end; commit += 1) {
    if (last === none || isBefore(times, last, commit)) last = commit;
  }
  return last;
}

/** By their times; of those at the same time by their order. */
function isBefore(times: Float64Array, commit: number, other: number): boolean {
  const its = times[commit] as number;
  const others = times[other] as number;
  return its < others || (its === others && commit < other);
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
