/** Which of what was found stands near each other, and did so in the version before: it is decided once, and not again. */
import type { Found } from '../core/detect/judge.ts';
import type { Match } from '../core/model/match.ts';

/** What was found in some version at an anchor, and how many bytes on it stands now. */
export interface Moved {
  /** Of the anchor, now. */
  readonly start: number;
  readonly found: Found;
  readonly moved: number;
}

/** What a version reported. */
export interface Reported {
  readonly found: readonly Moved[];
  /** Where islands start in `found`, and its length. */
  readonly cuts: readonly number[];
  /** By island. As they stood in the version that told them first. */
  readonly matches: readonly (readonly Match[])[];
  /** By island and match: which one of `found` it is. */
  readonly places: readonly (readonly number[])[];
}

/** Chosen: what decides about a secret, but for those that it needs as parts, is nearer. */
const apart = 4_096;

/**
 * Cuts what was found, in order, into islands so far apart that each is decided by itself. What needs parts
 * has them at any distance.
 */
export function islandsOf(found: readonly Moved[]): number[] {
  if (found.length === 0) return [0];
  const cuts = [0];
  let end = -Infinity;
  let needsParts = false;
  for (const [at, { found: one, moved }] of found.entries()) {
    if (at > 0 && one.matchStart + moved - end >= apart) cuts.push(at);
    end = Math.max(end, one.matchEnd + moved);
    needsParts ||= one.rule.requires.length > 0;
  }
  return needsParts ? [0, found.length] : [...cuts, found.length];
}

/** Tells which island of `before` is the one at [from, to) of `found`, or −1. To be asked in order. */
export function islandFinder(
  before: Reported | undefined,
  found: readonly Moved[],
): (from: number, to: number) => number {
  if (!before) return () => -1;
  const { found: earlier, cuts } = before;
  let next = 0;
  let byFirst: ReadonlyMap<Found, number> | undefined;

  function startingWith(first: Found): number {
    if (earlier[cuts[next] as number]?.found === first) return next;
    // Something was added or taken away, or blocks have changed places.
    byFirst ??= new Map(
      before?.matches.map((_, island) => [
        (earlier[cuts[island] as number] as Moved).found,
        island,
      ]),
    );
    return byFirst.get(first) ?? -1;
  }

  return (from, to) => {
    const first = found[from] as Moved;
    const island = startingWith(first.found);
    if (island < 0) return -1;
    const start = cuts[island] as number;
    if ((cuts[island + 1] as number) - start !== to - from) return -1;
    const by = first.moved - (earlier[start] as Moved).moved;
    for (let at = 1; at < to - from; at += 1) {
      const here = found[from + at] as Moved;
      const there = earlier[start + at] as Moved;
      if (here.found !== there.found || here.moved - there.moved !== by) return -1;
    }
    next = island + 1;
    return island;
  };
}
