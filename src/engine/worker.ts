/** The thread's side of the pool: units in, and of those that it claims the results out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Unit } from '../core/model/unit.ts';
import { claim, type Claims } from './claims.ts';
import { processUnit, type Feed, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';

export interface WorkerSetup {
  readonly rules: readonly CompiledRule[];
  readonly tables?: Uint8Array;
  readonly archives?: ArchiveLimits;
  readonly claims: Claims;
  /** To be read before the first task. */
  readonly ahead?: Unit;
}

export interface Task {
  readonly number: number;
  readonly unit: Unit;
}

export type Reply =
  | { readonly kind: 'result'; readonly number: number; readonly result: UnitResult }
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
  const { rules, tables, archives, claims, ahead } = workerData as WorkerSetup;
  const feed = feedWith(archives);
  const scanner = createScanner(rules, tables);
  async function look({ number, unit }: Task): Promise<void> {
    if (!claim(claims, number)) return;
    const result = await processUnit(unit, scanner, feed);
    port?.postMessage({ kind: 'result', number, result } satisfies Reply);
  }
  let last = ahead ? processUnit(ahead, scanner, feed).then(() => undefined) : Promise.resolve();
  port.on('message', (task: Task) => {
    last = last.then(() => look(task)).catch((error: unknown) => port.postMessage(asReply(error)));
  });
}

function asReply(error: unknown): Reply {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', name, message, stack: stack ?? '' };
}
