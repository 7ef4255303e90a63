/** This process as main takes it: streams, signals, a reader that went away. */
import type { Io } from './main.ts';

const exitOf = { SIGINT: 130, SIGTERM: 143 } as const;

export function openProcess(): Io {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second time the person means it.
      if (stop.signal.aborted) process.exit(exitOf[signal]);
      stop.abort(exitOf[signal]);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    signal: stop.signal,
  };
}
