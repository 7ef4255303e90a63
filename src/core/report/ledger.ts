/** The coverage ledger: counts what was looked at and what was not, and why. */
import type { ArchiveCount, Coverage, Skipped } from '../model/coverage.ts';
import { problemKinds, type Problem } from '../model/problem.ts';

/** What one stretch of work adds. */
export interface Seen {
  readonly documents: number;
  readonly objects: number;
  readonly bytes: number;
  readonly filteredBytes: number;
  readonly problems: readonly Problem[];
  /** How many of each format were unpacked. */
  readonly unpacked?: ReadonlyMap<string, number>;
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
  const unpacked = new Map<string, number>();
  const closed = new Map<string, number>();
  let documents = 0;
  let objects = 0;
  let bytes = 0;
  let filteredBytes = 0;

  function problem(one: Problem): void {
    const list = problems.get(one.kind) ?? [];
    problems.set(one.kind, list);
    addTo(counts, one.kind, 1);
    if (one.format !== undefined) addTo(closed, one.format, 1);
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
      for (const [format, count] of seen.unpacked ?? []) addTo(unpacked, format, count);
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
      const archives = archiveCounts(unpacked, closed);
      const coverage = {
        complete: told.length === 0,
        units: documents,
        objects,
        bytes,
        filteredBytes,
        skipped,
        ...(archives.length > 0 ? { archives } : {}),
      };
      return { coverage, problems: told };
    },
  };
}

function addTo(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function archiveCounts(
  unpacked: ReadonlyMap<string, number>,
  closed: ReadonlyMap<string, number>,
): ArchiveCount[] {
  return [...new Set([...unpacked.keys(), ...closed.keys()])].sort().map((format) => ({
    format,
    opened: unpacked.get(format) ?? 0,
    skipped: closed.get(format) ?? 0,
  }));
}

function byPlace(a: Problem, b: Problem): number {
  return a.where < b.where ? -1 : a.where > b.where ? 1 : a.message < b.message ? -1 : 1;
}
