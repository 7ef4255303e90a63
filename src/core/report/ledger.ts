/** The coverage ledger: counts what was looked at and what was not, and why. */
import type { Coverage, Skipped } from '../model/coverage.ts';
import { problemKinds, type Problem } from '../model/problem.ts';

/** What one stretch of work adds. */
export interface Seen {
  readonly documents: number;
  readonly objects: number;
  readonly bytes: number;
  readonly filteredBytes: number;
  readonly problems: readonly Problem[];
}

export interface Ledger {
  add(seen: Seen): void;
  problem(problem: Problem): void;
  /** Sorted, so that threads finishing in another order change nothing. */
  close(): { readonly coverage: Coverage; readonly problems: readonly Problem[] };
  readonly totals: () => { readonly documents: number; readonly bytes: number };
}

const mostExamples = 5;
/** A partial clone can miss a million objects: all are counted, so many are listed. */
const mostProblems = 1_000;

export function openLedger(): Ledger {
  const problems = new Map<string, Problem[]>();
  const counts = new Map<string, number>();
  let documents = 0;
  let objects = 0;
  let bytes = 0;
  let filteredBytes = 0;

  function problem(one: Problem): void {
    const list = problems.get(one.kind) ?? [];
    problems.set(one.kind, list);
    counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
    list.push(one);
    if (list.length >= mostProblems * 2) list.sort(byPlace).splice(mostProblems);
  }

  return {
    add(seen) {
      documents += seen.documents;
      objects += seen.objects;
      bytes += seen.bytes;
      filteredBytes += seen.filteredBytes;
      for (const one of seen.problems) problem(one);
    },
    problem,
    totals: () => ({ documents, bytes }),
    close() {
      const kinds = [...problems.keys()].sort();
      const skipped = kinds.map((reason): Skipped => {
        const list = (problems.get(reason) ?? []).sort(byPlace);
        const examples = [...new Set(list.map(({ where }) => where))].slice(0, mostExamples);
        return { reason, count: counts.get(reason) ?? 0, examples };
      });
      const listed = kinds.flatMap((kind) => (problems.get(kind) ?? []).slice(0, mostProblems));
      const told = listed.filter(({ kind }) => problemKinds[kind] !== 'expected');
      const coverage = {
        complete: told.length === 0,
        units: documents,
        objects,
        bytes,
        filteredBytes,
        skipped,
      };
      return { coverage, problems: told };
    },
  };
}

function byPlace(a: Problem, b: Problem): number {
  return a.where < b.where ? -1 : a.where > b.where ? 1 : a.message < b.message ? -1 : 1;
}
