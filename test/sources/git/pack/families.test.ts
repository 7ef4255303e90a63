/** The order in which objects are made. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCore } from '../../../../src/engine/core.ts';
import { planFamilies, type Families } from '../../../../src/sources/git/pack/families.ts';
import type { PackTable } from '../../../../src/sources/git/pack/pack-table.ts';

const blob = 3;
const core = openCore();

/** Entries with these bases (−1: none) and types; 100 compressed bytes each, none of unpacked. */
function tableOf(bases: readonly number[], types: readonly number[] = []): PackTable {
  const count = bases.length;
  return {
    file: '/nowhere.pack',
    idBytes: 20,
    count,
    ids: new Uint8Array(count * 20),
    starts: Float64Array.from(bases, (_, entry) => 12 + entry * 100),
    ends: Float64Array.from(bases, (_, entry) => 112 + entry * 100),
    sizes: new Float64Array(count),
    types: Uint8Array.from(bases, (_, entry) => types[entry] ?? blob),
    bases: Int32Array.from(bases),
  };
}

/** By the engine, and as it is done where that has no room. */
function plan(table: PackTable, unitWork = 1e9): Families {
  const families = planFamilies(table, ['commit', 'blob', 'tag'], unitWork, core);
  expect(planFamilies(table, ['commit', 'blob', 'tag'], unitWork, undefined)).toEqual(families);
  return families;
}

/** Walks as a reader does. Returns the most objects that were kept at once. */
function walk({ bases }: PackTable, { order, isLast }: Families): number {
  const kept: number[] = [];
  let most = 0;
  order.forEach((entry, at) => {
    const base = bases[entry] ?? -1;
    while (kept.length > 0 && kept.at(-1) !== base) kept.pop();
    if (base >= 0 && kept.length === 0) throw new Error(`the base of ${entry} is gone`);
    if (isLast[at]) kept.pop();
    kept.push(entry);
    most = Math.max(most, kept.length);
  });
  return most;
}

/** Any forest, its entries in any order; types by root, deltas of unknown type among them. */
const tables = fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.nat()), { maxLength: 200 }).map((rows) => {
  const parents = rows.map(([pick, kind], n) => (n === 0 || kind === 0 ? -1 : pick % n));
  const types: number[] = [];
  rows.forEach(([, kind, pick], n) => {
    const parent = parents[n] ?? -1;
    types.push(parent < 0 ? pick % 5 : kind === 6 && pick % 9 === 0 ? 0 : (types[parent] ?? 0));
  });
  const place = rows.map((_, n) => n).sort((a, b) => (rows[a]?.[2] ?? 0) - (rows[b]?.[2] ?? 0));
  const entryOf = new Map(place.map((n, entry) => [n, entry]));
  return tableOf(
    place.map((n) => (types[n] === 0 ? -1 : (entryOf.get(parents[n] ?? -1) ?? -1))),
    place.map((n) => types[n] ?? 0),
  );
});

function sizesOf({ bases, count }: PackTable): number[] {
  const sizes = Array.from({ length: count }, () => 1);
  bases.forEach((base) => {
    for (let at = base; at >= 0; at = bases[at] ?? -1) sizes[at] = (sizes[at] ?? 0) + 1;
  });
  return sizes;
}

describe('any forest', () => {
  const check = (property: (table: PackTable) => void): void =>
    fc.assert(fc.property(tables, property), { seed: 4_711, numRuns: 300 });

  it('has each wanted entry once, each unknown one apart', () => {
    check((table) => {
      const { order, odd } = plan(table);
      const entries = [...table.types.keys()];
      const wanted = entries.filter((entry) => [1, 3, 4].includes(table.types[entry] ?? 0));
      expect([...order].sort((a, b) => a - b)).toEqual(wanted);
      expect([...odd]).toEqual(entries.filter((entry) => table.types[entry] === 0));
    });
  });

  it('has every base at hand, and few objects besides', () => {
    check((table) => {
      const most = walk(table, plan(table));
      expect(most).toBeLessThanOrEqual(Math.log2(table.count + 1) + 1);
    });
  });

  it('has the largest child last, the others by offset, and says so', () => {
    check((table) => {
      const sizes = sizesOf(table);
      const { order, isLast } = plan(table);
      const children = new Map<number, { entry: number; last: number }[]>();
      order.forEach((entry, at) => {
        const base = table.bases[entry] ?? -1;
        if (base < 0) expect(isLast[at]).toBe(0);
        else children.set(base, [...(children.get(base) ?? []), { entry, last: isLast[at] ?? 0 }]);
      });
      for (const list of children.values()) {
        const last = list.at(-1);
        expect(list.map((child) => child.last)).toEqual(list.map((child) => +(child === last)));
        const others = list.slice(0, -1).map(({ entry }) => entry);
        expect(others).toEqual(others.toSorted((a, b) => a - b));
        expect(Math.max(...list.map(({ entry }) => sizes[entry] ?? 0))).toBe(
          sizes[last?.entry ?? -1],
        );
      }
    });
  });

  it('is cut between families only, into units of at most the work asked for', () => {
    check((table) => {
      const { order, cuts } = plan(table, 1_000);
      expect([cuts[0], cuts.at(-1)]).toEqual([0, order.length]);
      const isRoot = (at: number): boolean => (table.bases[order[at] ?? -1] ?? 0) < 0;
      for (let n = 1; n < cuts.length; n += 1) {
        const from = cuts[n - 1] ?? 0;
        const to = cuts[n] ?? 0;
        expect(to).toBeGreaterThan(from);
        expect(isRoot(from)).toBe(true);
        const roots = [...order.subarray(from, to).keys()].filter((at) => isRoot(from + at));
        expect((to - from) * 100 <= 1_000 || roots.length === 1).toBe(true);
      }
      const roots = [...order].filter((_, at) => isRoot(at));
      expect(roots).toEqual(roots.toSorted((a, b) => a - b));
    });
  });
});

describe('planFamilies', () => {
  it('takes the wanted types only, and never trees', () => {
    const table = tableOf([-1, -1, -1, -1, 1], [1, 2, 3, 4, 2]);
    expect([...planFamilies(table, ['blob'], 1, core).order]).toEqual([2]);
    expect([...planFamilies(table, ['commit', 'tag'], 1, core).order]).toEqual([0, 3]);
  });

  it('counts compressed bytes and a fifth of the unpacked ones', () => {
    const table = tableOf([-1, -1, -1, -1]);
    table.sizes.fill(500);
    expect([...plan(table, 400).cuts]).toEqual([0, 2, 4]);
    expect([...plan(table, 399).cuts]).toEqual([0, 1, 2, 3, 4]);
  });

  it('walks a chain of 5,000 with one object kept', () => {
    const table = tableOf(Array.from({ length: 5_000 }, (_, entry) => entry - 1));
    expect(walk(table, plan(table))).toBe(1);
  });

  it('walks 300,000 entries on one base and a chain as long in no time', () => {
    const wide = tableOf(Array.from({ length: 300_000 }, (_, entry) => (entry === 0 ? -1 : 0)));
    const deep = tableOf(Array.from({ length: 300_000 }, (_, entry) => entry - 1));
    const start = performance.now();
    expect([plan(wide).order.length, plan(deep).order.length]).toEqual([300_000, 300_000]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of an empty pack is empty', () => {
    const { order, cuts, odd } = plan(tableOf([]));
    expect([order.length, [...cuts], odd.length]).toEqual([0, [0], 0]);
  });

  it('is in memory that threads can share', () => {
    for (const array of Object.values(plan(tableOf([-1, 0])))) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });
});
