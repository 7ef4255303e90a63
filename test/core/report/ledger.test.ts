/** Everything that was not looked at is counted, told, and told the same whatever the order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemKinds, type Problem, type ProblemKind } from '../../../src/core/model/problem.ts';
import { openLedger } from '../../../src/core/report/ledger.ts';

const kinds = Object.keys(problemKinds) as ProblemKind[];
const nothing = { documents: 0, objects: 0, bytes: 0, filteredBytes: 0, problems: [] };
const problem = (kind: ProblemKind, where: string): Problem => ({ kind, where, message: 'why' });

describe('the ledger', () => {
  it('adds up what was seen', () => {
    const ledger = openLedger();
    ledger.add({ documents: 2, objects: 1, bytes: 30, filteredBytes: 20, problems: [] });
    ledger.add({ documents: 3, objects: 0, bytes: 5, filteredBytes: 5, problems: [] });
    expect(ledger.totals()).toEqual({ documents: 5, bytes: 35 });
    expect(ledger.close()).toEqual({
      coverage: { complete: true, units: 5, objects: 1, bytes: 35, filteredBytes: 25, skipped: [] },
      problems: [],
    });
  });

  it.each(kinds)('%s makes coverage incomplete unless it is expected', (kind) => {
    const ledger = openLedger();
    ledger.problem(problem(kind, 'x'));
    const isExpected = problemKinds[kind] === 'expected';
    const { coverage, problems } = ledger.close();
    expect(coverage.complete).toBe(isExpected);
    expect(coverage.skipped).toEqual([{ reason: kind, count: 1, examples: ['x'] }]);
    expect(problems).toHaveLength(isExpected ? 0 : 1);
  });

  it('counts all and lists five different examples', () => {
    const ledger = openLedger();
    for (let i = 0; i < 30; i += 1) ledger.problem(problem('ignored', `x${i % 7}`));
    expect(ledger.close().coverage.skipped).toEqual([
      { reason: 'ignored', count: 30, examples: ['x0', 'x1', 'x2', 'x3', 'x4'] },
    ]);
  });

  it('counts a million without keeping them', () => {
    const ledger = openLedger();
    const total = 100_000;
    for (let i = 0; i < total; i += 1) {
      ledger.problem(problem('missing-object', String((i * 7919) % total).padStart(6, '0')));
    }
    const { coverage, problems } = ledger.close();
    expect(coverage.skipped[0]?.count).toBe(total);
    expect(problems).toHaveLength(1_000);
    // Of all of them the first by name, not the first that came.
    expect(problems.at(-1)?.where).toBe('000999');
  });

  it('does not depend on the order in which threads finish', () => {
    const made = fc.tuple(
      fc.constantFrom(...kinds),
      fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    );
    const withShuffled = fc
      .array(made, { maxLength: 30 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    fc.assert(
      fc.property(withShuffled, ([all, shuffled]) => {
        const close = (order: typeof all) => {
          const ledger = openLedger();
          for (const [kind, where] of order) {
            ledger.add({ ...nothing, documents: 1, problems: [problem(kind, where)] });
          }
          return ledger.close();
        };
        expect(close(shuffled)).toEqual(close(all));
      }),
      { numRuns: 100 },
    );
  });
});
