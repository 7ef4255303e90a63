/**
 * Units → results on this thread and others. Loaded only once there is enough to do for them: one
 * thread fewer is started than work, since this one would otherwise wait.
 */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../core/model/problem.ts';
import type { Unit } from '../core/model/unit.ts';
import type { PoolOptions } from './pool.ts';
import { problemResult, processUnit, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';
import type { Reply, Task, WorkerSetup } from './worker.ts';

/** Units that a thread has been given and not answered: while one is worked on, the next is there. */
const unitsAhead = 2;
/** A larger unit is left to the others: this thread also listens to signals. */
const mostHere = 64 << 20;

type Look = (unit: Unit) => Promise<UnitResult>;

export async function* inThreads(
  take: () => Promise<Unit | Problem | undefined>,
  options: PoolOptions,
  workerFile: string,
): AsyncGenerator<UnitResult> {
  const { rules, tables, archives, jobs, signal } = options;
  const setup: WorkerSetup = {
    rules,
    ...(tables ? { tables } : {}),
    ...(archives ? { archives } : {}),
  };
  const others = Array.from({ length: jobs - 1 }, () => startThread(workerFile, setup));
  const ready: UnitResult[] = [];
  let wake = (): void => undefined;
  let failure: unknown;

  async function lane(look: Look): Promise<void> {
    for (let next = await take(); next && !signal?.aborted && !failure; next = await take()) {
      ready.push('where' in next ? problemResult(next) : await look(next));
      wake();
    }
  }

  let isDone = false;
  const lanes = others.flatMap(({ ask }) => Array.from({ length: unitsAhead }, () => lane(ask)));
  lanes.push(lane(lookHere(options, others[0]?.ask)));
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
    await Promise.all(others.map(({ stop }) => stop()));
  }
}

function lookHere({ rules, tables, feed, signal }: PoolOptions, elsewhere?: Look): Look {
  const scanner = createScanner(rules, tables);
  return async (unit) => {
    if (elsewhere && unit.bytes > mostHere) return elsewhere(unit);
    const result = await processUnit(unit, scanner, feed, signal);
    // Answers of the others, signals and the progress line get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    return result;
  };
}

interface Thread {
  readonly ask: Look;
  readonly stop: () => Promise<unknown>;
}

interface Waiting {
  readonly resolve: (result: UnitResult) => void;
  readonly reject: (error: Error) => void;
}

/** Answers come in the order of the questions. A thread that dies takes the scan with it: its input was not looked at. */
function startThread(workerFile: string, setup: WorkerSetup): Thread {
  const worker = new Worker(workerFile, { workerData: setup });
  const waiting: Waiting[] = [];
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (reply: Reply) => {
    const next = waiting.shift();
    if (reply.kind === 'result') next?.resolve(reply.result);
    else next?.reject(asError(reply));
  });
  worker.on('error', (error: unknown) => {
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', (code) => end(new Error(`a scanning thread ended early (code ${code})`)));
  return {
    ask: (unit) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ resolve, reject });
        worker.postMessage({ unit } satisfies Task);
      }),
    stop: () => worker.terminate(),
  };
}

function asError({ name, message, stack }: Extract<Reply, { kind: 'error' }>): Error {
  return Object.assign(new Error(message), { stack, name });
}
