/** What stands near each other is decided together; what did so before, not again. */
import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/core/detect/judge.ts';
import type { CompiledRule } from '../../src/core/model/rule.ts';
import { islandFinder, islandsOf, type Moved, type Reported } from '../../src/engine/islands.ts';

const plain = { id: 'plain', requires: [] } as Partial<CompiledRule> as CompiledRule;
const pair = { ...plain, id: 'pair', requires: [{ rule: 'plain', withinLines: 5 }] };

function foundAt(matchStart: number, rule = plain): Found {
  return { rule, matchStart, matchEnd: matchStart + 40 } as Partial<Found> as Found;
}

function standing(found: Found, moved = 0): Moved {
  return { start: found.matchStart + moved, found, moved };
}

function reported(found: readonly Moved[]): Reported {
  const cuts = islandsOf(found);
  const islands = cuts.slice(0, -1);
  return { found, cuts, matches: islands.map(() => []), places: islands.map(() => []) };
}

describe('islands', () => {
  it('are cut where 4,096 bytes lie between', () => {
    const [a, b, c] = [foundAt(0), foundAt(4_135), foundAt(8_271)] as const;
    expect(islandsOf([a, b, c].map((one) => standing(one)))).toEqual([0, 2, 3]);
    expect(islandsOf([standing(a), standing(b, 1)])).toEqual([0, 1, 2]);
    expect(islandsOf([])).toEqual([0]);
  });

  it('reach as far as what is in them', () => {
    const long = { ...foundAt(0), matchEnd: 9_000 };
    const all = [long, foundAt(100), foundAt(9_500)].map((one) => standing(one));
    expect(islandsOf(all)).toEqual([0, 3]);
  });

  it('are one where a secret needs another', () => {
    const all = [foundAt(0), foundAt(20_000, pair)].map((one) => standing(one));
    expect(islandsOf(all)).toEqual([0, 2]);
  });
});

describe('an island of the version before', () => {
  const [a, b, c] = [foundAt(0), foundAt(100), foundAt(9_000)] as const;
  const before = reported([a, b, c].map((one) => standing(one)));

  it('is found when all of it has moved together', () => {
    const find = islandFinder(before, [standing(a, 5), standing(b, 5), standing(c, 70)]);
    expect([find(0, 2), find(2, 3)]).toEqual([0, 1]);
  });

  it('is found behind a new one, and in another order', () => {
    const fresh = foundAt(0);
    const find = islandFinder(before, [
      standing(c, -9_000),
      standing(fresh),
      standing(a),
      standing(b),
    ]);
    expect([find(0, 1), find(1, 2), find(2, 4)]).toEqual([1, -1, 0]);
  });

  it('is another when a part of it is gone, new, or has moved by itself', () => {
    expect(islandFinder(before, [standing(a)])(0, 1)).toBe(-1);
    expect(islandFinder(before, [standing(b)])(0, 1)).toBe(-1);
    const again = { ...b };
    expect(islandFinder(before, [standing(a), standing(again)])(0, 2)).toBe(-1);
    expect(islandFinder(before, [standing(a), standing(b, 1)])(0, 2)).toBe(-1);
    expect(islandFinder(before, [standing(a), standing(b), standing(c)])(0, 3)).toBe(-1);
    expect(islandFinder(undefined, [standing(a)])(0, 1)).toBe(-1);
  });
});
