/**
 * Units → results, in any number of threads. Threads start only once there is enough to do; the
 * results of each unit are the same wherever it runs.
 */
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Unit } from '../core/model/unit.ts';
import { problemResult, processUnit, type Feed, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';
import type { Threads } from './threads.ts';

export interface PoolOptions {
  readonly rules: readonly CompiledRule[];
  /** The filter's tables for these rules; in shared memory all threads use the same. */
  readonly tables?: Uint8Array;
  readonly feed: Feed;
  /** What `feed` was made with: threads make their own. */
  readonly archives?: ArchiveLimits;
  /** The built worker; without one everything runs on this thread. */
  readonly workerFile?: string;
  /** At most this many threads. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
}

/** A thread costs about 28 ms to start: it pays from this many bytes on (measured on source text). */
const threadsFrom = 40 << 20;

export interface Pool {
  /**
   * About so many bytes will come: threads start for them while they are planned, and each that does reads
   * `ahead` until then.
   */
  expect(bytes: number, ahead?: Unit): Promise<void>;
  /** Once. Problems that planning met pass through among the results. */
  run(units: Units): AsyncGenerator<UnitResult>;
  /** Stops what was started, where it was not run to its end. */
  close(): Promise<unknown>;
}

type Units = Iterable<Unit | Problem> | AsyncIterable<Unit | Problem>;

export function openPool(options: PoolOptions): Pool {
  const { workerFile, jobs } = options;
  let threads: Threads | undefined;

  async function expect(bytes: number, ahead?: Unit): Promise<void> {
    if (threads || bytes < threadsFrom || jobs === 1 || workerFile === undefined) return;
    const { startThreads } = await import('./threads.ts');
    threads = startThreads(options, workerFile, ahead);
  }

  async function* run(units: Units): AsyncGenerator<UnitResult> {
    const queue: Unit[] = [];
    const source = iteratorOf(units);
    let queuedBytes = 0;
    let isDone = false;
    while (!isDone && queuedBytes < threadsFrom) {
      const next = await source.next();
      if (next.done) isDone = true;
      else if ('where' in next.value) yield problemResult(next.value);
      else {
        queue.push(next.value);
        queuedBytes += next.value.bytes;
      }
    }
    await expect(queuedBytes);
    if (queuedBytes >= threadsFrom) await tune(queue, threads !== undefined);
    const rest = chained(queue, source);
    yield* threads ? threads.run(rest) : onThisThread(rest, options);
  }

  return { expect, run, close: () => threads?.stop() ?? Promise.resolve() };
}

/** A pool for these units alone. */
export function runUnits(units: Units, options: PoolOptions): AsyncGenerator<UnitResult> {
  return openPool(options).run(units);
}

async function tune(queue: readonly Unit[], isShared: boolean): Promise<void> {
  const { inlineLess, optimiseLater } = await import('./optimiser.ts');
  inlineLess();
  if (isShared && queue.every(({ kind }) => kind === 'files')) optimiseLater();
}

type Source = AsyncIterator<Unit | Problem> | Iterator<Unit | Problem>;

function iteratorOf(units: Iterable<Unit | Problem> | AsyncIterable<Unit | Problem>): Source {
  return Symbol.asyncIterator in units ? units[Symbol.asyncIterator]() : units[Symbol.iterator]();
}

/** What is queued already, then what is still to be planned. */
function chained(queue: Unit[], source: Source): () => Promise<Unit | Problem | undefined> {
  return async () => {
    const queued = queue.shift();
    if (queued) return queued;
    const next = await source.next();
    return next.done ? undefined : next.value;
  };
}

async function* onThisThread(
  take: () => Promise<Unit | Problem | undefined>,
  { rules, tables, feed, signal }: PoolOptions,
): AsyncGenerator<UnitResult> {
  const scanner = createScanner(rules, tables);
  for (let next = await take(); next && !signal?.aborted; next = await take()) {
    if ('where' in next) yield problemResult(next);
    else yield await processUnit(next, scanner, feed, signal);
    // Signals and the progress line get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
