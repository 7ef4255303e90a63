/** What a target plans, through the engine: matches, and in the ledger what was looked at and what could not be. */
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.ts';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { UnitMatches } from '../core/model/repeats.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Ledger } from '../core/report/ledger.ts';
import { decodersVariable, isDecoding } from '../engine/decoding.ts';
import { openPool, type Pool } from '../engine/pool.ts';
import type { UnitResult } from '../engine/process-unit.ts';
import { feedWith } from '../sources/feed.ts';
import type { ScanRun } from './run-scan.ts';
import type { PlannedTarget } from './target.ts';

export interface LookedInto {
  readonly planned: PlannedTarget;
  /** By unit, where something was found. */
  readonly found: readonly UnitMatches[];
}

interface Steps {
  /** Is given what it may tell beforehand how much there will be to do. */
  plan(expect: Pool['expect']): Promise<PlannedTarget>;
  /** Called as soon as something was found, and again. */
  noteFound(): void;
}

export async function lookInto(
  { config, signal, progress, stopwatch }: ScanRun,
  { rules, tables }: RuleSet,
  archives: ArchiveLimits,
  ledger: Ledger,
  { plan, noteFound }: Steps,
): Promise<LookedInto> {
  const pool = openPool({
    rules,
    ...(tables ? { tables } : {}),
    feed: feedWith(archives),
    archives,
    workerFile: join(packageRoot(), 'bin', 'worker.js'),
    jobs: config.jobs,
    signal,
  });
  const found: UnitMatches[] = [];
  const keys = new Set<string>();
  try {
    const planned = await plan(pool.expect);
    stopwatch?.lap('plan');
    for await (const result of pool.run(planned.units)) {
      ledger.add(config.archives ? result : withoutArchives(result));
      const { matches, repeats } = result;
      if (matches.length > 0) {
        found.push({ matches, ...(repeats ? { repeats } : {}) });
        for (const { secret } of matches) keys.add(secret);
        planned.noteFound?.();
        noteFound();
      }
      progress?.update({ ...ledger.totals(), keys: keys.size });
      // What was found until then is in the report.
      if (signal.aborted) break;
    }
    progress?.end();
    noteUnseen(ledger, planned.target.path, signal);
    stopwatch?.lap('scan');
    return { planned, found };
  } finally {
    await pool.close();
  }
}

function noteUnseen(ledger: Ledger, where: string, signal: AbortSignal): void {
  if (signal.aborted) {
    ledger.problem({ kind: 'interrupted', where, message: 'the scan was interrupted' });
  }
  // A variable that is set somewhere must not make a scan clean without a word.
  if (!isDecoding() && ledger.totals().documents > 0) {
    ledger.problem({
      kind: 'decoding-limit',
      where,
      message: `${decodersVariable}=off: what is encoded was not looked at`,
    });
  }
}

/** With --no-archives they are left out on purpose. */
function withoutArchives(result: UnitResult): UnitResult {
  const problems = result.problems.map((one) =>
    one.kind === 'archive-not-opened' || one.kind === 'archive-encrypted'
      ? { ...one, kind: 'excluded' as const }
      : one,
  );
  return { ...result, problems };
}
