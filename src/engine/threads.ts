/** Units → results on worker threads. Loaded only once there is enough to do for them. */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../core/model/problem.ts';
import type { Unit } from '../core/model/unit.ts';
import type { PoolOptions } from './pool.ts';
import { problemResult, type UnitResult } from './process-unit.ts';
import type { Reply, Task, WorkerSetup } from './worker.ts';

export async function* inThreads(
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
