/** The thread's side of the pool: one unit in, one result out, in this order. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Unit } from '../core/model/unit.ts';
import { processUnit, type Feed, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';

export interface WorkerSetup {
  readonly rules: readonly CompiledRule[];
  readonly tables?: Uint8Array;
  readonly archives?: ArchiveLimits;
}

export interface Task {
  readonly unit: Unit;
}

export type Reply =
  | { readonly kind: 'result'; readonly result: UnitResult }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string;
    };

/** Serves the pool that started this thread. */
export function serve(feedWith: (archives: ArchiveLimits | undefined) => Feed): void {
  const port = parentPort;
  if (!port) throw new Error('this file is started as a worker thread only');
  const { rules, tables, archives } = workerData as WorkerSetup;
  const feed = feedWith(archives);
  const scanner = createScanner(rules, tables);
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ unit }: Task) => {
    last = last
      .then(() => processUnit(unit, scanner, feed))
      .then(
        (result) => port.postMessage({ kind: 'result', result } satisfies Reply),
        (error: unknown) => port.postMessage(asReply(error)),
      );
  });
}

function asReply(error: unknown): Reply {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', name, message, stack: stack ?? '' };
}
