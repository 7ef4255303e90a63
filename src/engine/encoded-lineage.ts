/**
 * What is encoded in versions of documents: hints are remembered, and looked into again when a change comes near.
 * The same as lineage.ts does with anchors.
 */
import type { Found } from '../core/detect/judge.ts';
import type { Copied } from '../core/model/sink.ts';
import type { Core } from './core.ts';
import { allowanceFor, type Cluster, type EncodedSearch, type Hint } from './encoded.ts';
import type { GramFilter } from './gram-filter.ts';
import { copyEnd, isInRanges, isWithin, mostRanges, segmentAt, type Segment } from './segments.ts';

/** Hints that were looked into, and what was found. Offsets are those of the version that it was done in. */
export interface Looked {
  readonly cluster: Cluster;
  readonly found: readonly Found[];
  /** Something was left out. */
  readonly isSpent: boolean;
  /** Bytes [from, to) tell all this. */
  readonly from: number;
  readonly to: number;
  /** Bytes that it has moved since. */
  readonly moved: number;
}

/** Hints depend on what stands at most this far behind them, and before them: see encoded-hints.ts. */
const hintAhead = 320;
const hintBehind = 80;

interface Change {
  readonly bytes: Buffer;
  readonly isBinary: boolean;
  /** What was searched: `count` times two numbers of four bytes. */
  readonly ranges: number;
  readonly count: number;
  readonly copied: Copied | undefined;
}

/** Takes what was looked into in the version before, and gives that of this one, in order. */
export type EncodedLineage = (change: Change, before: readonly Looked[]) => readonly Looked[];

export function createEncodedLineage(
  encoded: EncodedSearch,
  filter: GramFilter,
  core: Core,
): EncodedLineage {
  const searched = core.reserve(mostRanges * 8);

  return (change, before) => {
    const { bytes } = change;
    const count = core.run.hintRanges(
      change.ranges,
      change.count,
      bytes.byteOffset,
      bytes.length,
      hintAhead,
      hintBehind,
      searched,
    );
    const fresh = filter.hintsInRanges(bytes, searched, count);
    // Nearly all versions.
    if (before.length === 0 && fresh.length === 0) return before;
    const kept: Looked[] = [];
    const loose: Hint[] = [];
    const { copied } = change;
    if (copied && before.length > 0) {
      const words = core.words();
      for (let n = 0; n < copied.segmentCount; n += 1) {
        const until = firstBehind(before, copyEnd(copied, n, words));
        if (until === 0) continue;
        const segment = segmentAt(copied, n, bytes.length, words);
        for (let i = 0; i < until; i += 1) {
          const one = before[i] as Looked;
          if (one.to + one.moved > segment.from) take(one, segment, copied.length, kept, loose);
        }
      }
    }
    const still = loose.filter(
      ({ place }) => !isInRanges(core.words(), searched >> 2, count, place),
    );
    const hints = without(inOrder([...fresh, ...still]), kept);
    const looked = encoded.clusters(bytes, hints).map((cluster) => look(cluster, change));
    return [...kept, ...looked].sort((a, b) => a.from + a.moved - b.from - b.moved);
  };

  function look(cluster: Cluster, { bytes, isBinary }: Change): Looked {
    const allowance = allowanceFor(bytes);
    const found = encoded.look(bytes, cluster, isBinary, allowance);
    const from = found.reduce((least, { seenFrom }) => Math.min(least, seenFrom), cluster.from);
    const to = found.reduce((most, { seenTo }) => Math.max(most, seenTo), cluster.to);
    return { cluster, found, isSpent: allowance.isSpent, from, to, moved: 0 };
  }
}

/** Index of the first that starts at `place` or behind it. */
function firstBehind(before: readonly Looked[], place: number): number {
  let low = 0;
  let high = before.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = before[middle] as Looked;
    if (one.from + one.moved < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of what the copy holds: all of it stays, or its hints are to be looked into again. */
function take(one: Looked, segment: Segment, length: number, kept: Looked[], loose: Hint[]): void {
  const { from, to, moved, cluster } = one;
  const by = segment.to - segment.from;
  if (isWithin(segment, length, from + moved, to + moved)) {
    kept.push(by === 0 ? one : { ...one, moved: moved + by });
    return;
  }
  for (const { place, kind } of cluster.hints) {
    const old = place + moved;
    if (old < segment.from || old >= segment.from + segment.length) continue;
    loose.push({ place: old + by, kind });
  }
}

/** In order, each once, without those that were looked into. */
function without(hints: readonly Hint[], kept: readonly Looked[]): Hint[] {
  const known = new Set(
    kept.flatMap(({ cluster, moved }) =>
      cluster.hints.map(({ place, kind }) => keyOf(place + moved, kind)),
    ),
  );
  return hints.filter(({ place, kind }) => {
    const key = keyOf(place, kind);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

function keyOf(place: number, kind: number): number {
  return place * 16 + kind;
}

function inOrder(hints: Hint[]): Hint[] {
  return hints.sort((a, b) => a.place - b.place);
}
