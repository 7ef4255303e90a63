/**
 * Units → results, in any number of threads. Threads start only once there is enough to do; the
 * results of each unit are the same wherever it runs.
 */
import { Worker } from 'node:worker_threads';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Unit } from '../core/model/unit.ts';
import { processUnit, type Feed, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';
import type { Reply, Task, WorkerSetup } from './worker.ts';

export interface PoolOptions {
  readonly rules: readonly CompiledRule[];
  /** The filter's tables for these rules; in shared memory all threads use the same. */
  readonly tables?: Uint8Array;
  readonly feed: Feed;
  /** The built worker; without one everything runs on this thread. */
  readonly workerFile?: string;
  /** At most this many threads. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
}

/** A thread costs about 28 ms to start: it pays from this many bytes on (measured on source text). */
const threadsFrom = 40 << 20;

/** Problems that planning met pass through among the results. */
export async function* runUnits(
  units: Iterable<Unit | Problem> | AsyncIterable<Unit | Problem>,
  options: PoolOptions,
): AsyncGenerator<UnitResult> {
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
  const usesThreads =
    options.jobs > 1 && options.workerFile !== undefined && queuedBytes >= threadsFrom;
  const rest = chained(queue, source);
  yield* usesThreads
    ? inThreads(rest, options, options.workerFile ?? '')
    : onThisThread(rest, options);
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

async function* inThreads(
  take: () => Promise<Unit | Problem | undefined>,
  { rules, tables, jobs, signal }: PoolOptions,
  workerFile: string,
): AsyncGenerator<UnitResult> {
  const setup: WorkerSetup = { rules, ...(tables ? { tables } : {}) };
  const ready: UnitResult[] = [];
  let wake = (): void => undefined;
  let failure: unknown;
  const workers = Array.from({ length: jobs }, () => new Worker(workerFile, { workerData: setup }));
  const lanes = workers.map(async (worker) => {
    for (let next = await take(); next && !signal?.aborted && !failure; next = await take()) {
      ready.push('where' in next ? problemResult(next) : await ask(worker, next));
      wake();
    }
  });
  let isDone = false;
  const all = Promise.all(lanes)
    .catch((error: unknown) => (failure = error))
    .finally(() => {
      isDone = true;
      wake();
    });
  try {
    while (!isDone || ready.length > 0) {
      const result = ready.shift();
      if (result) yield result;
      else if (!isDone) await new Promise<void>((resolve) => (wake = resolve));
    }
    await all;
    if (failure) throw failure;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** One unit, one answer. A thread that dies takes the scan with it: its input was not looked at. */
function ask(worker: Worker, unit: Unit): Promise<UnitResult> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (reply: Reply): void => {
      finish();
      if (reply.kind === 'result') resolve(reply.result);
      else
        reject(Object.assign(new Error(reply.message), { stack: reply.stack, name: reply.name }));
    };
    const onError = (error: unknown): void => {
      finish();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (code: number): void => {
      finish();
      reject(new Error(`a scanning thread ended early (code ${code})`));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ unit } satisfies Task);
  });
}

function problemResult(problem: Problem): UnitResult {
  return { matches: [], problems: [problem], documents: 0, objects: 0, bytes: 0, filteredBytes: 0 };
}
