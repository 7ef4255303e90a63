/**
 * Units → results on this thread and others. Loaded only once there is enough to do for them: one
 * thread fewer is started than work, since this one would otherwise wait.
 *
 * All threads are told of the next units and take from them what no other has taken: so nobody waits while
 * this one, which plans, is busy with a long unit.
 */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../core/model/problem.ts';
import type { Unit } from '../core/model/unit.ts';
import { claim, openClaims, type Claims } from './claims.ts';
import type { PoolOptions } from './pool.ts';
import { problemResult, processUnit, type UnitResult } from './process-unit.ts';
import { createScanner } from './scanner.ts';
import type { Reply, Task, WorkerSetup } from './worker.ts';

/** Units that are told of and not done, a thread. Measured: one can take as long as a dozen others. */
const unitsAhead = 16;
/** How far one that takes long may be left behind by the others. */
const mostNumbers = 1 << 14;
/** A larger unit is left to the others: this thread also listens to signals. */
const mostHere = 64 << 20;

export interface Threads {
  /** Once. */
  run(take: () => Promise<Unit | Problem | undefined>): AsyncGenerator<UnitResult>;
  stop(): Promise<unknown>;
}

/** Started at once; each reads `ahead` until the first units come. */
export function startThreads(options: PoolOptions, workerFile: string, ahead?: Unit): Threads {
  const { rules, tables, archives, jobs } = options;
  const claims = openClaims(mostNumbers);
  const setup: WorkerSetup = {
    rules,
    claims,
    ...(tables ? { tables } : {}),
    ...(archives ? { archives } : {}),
    ...(ahead ? { ahead } : {}),
  };
  const crew: Crew = {
    // Compiled code is kept by what the command is asked to do.
    workers: Array.from(
      { length: jobs - 1 },
      () => new Worker(workerFile, { argv: process.argv.slice(2), workerData: setup }),
    ),
    claims,
    failure: undefined,
    wake: () => undefined,
  };
  watch(crew);
  const stop = (): Promise<unknown> =>
    Promise.all(crew.workers.map((worker) => worker.terminate()));
  return {
    stop,
    async *run(take) {
      try {
        yield* shared(take, options, crew);
      } finally {
        await stop();
      }
    },
  };
}

interface Crew {
  readonly workers: readonly Worker[];
  readonly claims: Claims;
  /** A thread that dies takes the scan with it: its input was not looked at. */
  failure: Error | undefined;
  /** Called when there is something new. */
  wake: () => void;
}

/** From the start on: a thread may die before it is told of anything. */
function watch(crew: Crew): void {
  const fail = (error: unknown): void => {
    crew.failure ??= error instanceof Error ? error : new Error(String(error));
    crew.wake();
  };
  for (const worker of crew.workers) {
    worker.on('error', fail);
    worker.on('exit', (code) =>
      fail(new Error(`a scanning thread ended early (code ${String(code)})`)),
    );
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'error') fail(asError(reply));
    });
  }
}

async function* shared(
  take: () => Promise<Unit | Problem | undefined>,
  { rules, tables, feed, jobs, signal }: PoolOptions,
  crew: Crew,
): AsyncGenerator<UnitResult> {
  const { workers, claims } = crew;
  /** Told of and not answered, by number. */
  const open = new Map<number, Unit>();
  const ready: UnitResult[] = [];
  let told = 0;
  let isPlanned = false;

  function answer(number: number, result: UnitResult): void {
    open.delete(number);
    ready.push(result);
    crew.wake();
  }

  for (const worker of workers) {
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'result') answer(reply.number, reply.result);
    });
  }

  function hasRoom(): boolean {
    const [oldest = told] = open.keys();
    return open.size < unitsAhead * jobs && told - oldest < claims.length;
  }

  async function tell(): Promise<void> {
    while (!isPlanned && hasRoom()) {
      const next = await take();
      if (!next) isPlanned = true;
      else if ('where' in next) ready.push(problemResult(next));
      else {
        const number = told;
        told += 1;
        open.set(number, next);
        for (const worker of workers) worker.postMessage({ number, unit: next } satisfies Task);
      }
    }
  }

  function claimed(): { readonly number: number; readonly unit: Unit } | undefined {
    for (const [number, unit] of open) {
      if (unit.bytes <= mostHere && claim(claims, number)) return { number, unit };
    }
    return undefined;
  }

  signal?.addEventListener('abort', () => crew.wake(), { once: true });
  const scanner = createScanner(rules, tables);
  const isEnded = (): boolean => isPlanned && open.size === 0;
  while (!crew.failure && !signal?.aborted && !isEnded()) {
    await tell();
    const own = claimed();
    if (own) answer(own.number, await processUnit(own.unit, scanner, feed, signal));
    else if (ready.length === 0 && open.size > 0) {
      await new Promise<void>((resolve) => (crew.wake = resolve));
    }
    // Answers of the others, signals and the progress line get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    yield* ready.splice(0);
  }
  if (crew.failure) throw crew.failure;
  yield* ready;
}

function asError({ name, message, stack }: Extract<Reply, { kind: 'error' }>): Error {
  return Object.assign(new Error(message), { stack, name });
}
