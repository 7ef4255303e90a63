/**
 * Reading that can pause. Every reader of a format is a generator: where its input is at hand it runs
 * through; where the input comes in pieces it pauses until the next one is there. So the same reader
 * takes a file, bytes in memory and a stream, and nobody waits for anything.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Bytes from front to back, once. A chunk stays as it is after the next one was asked for. */
export interface Source {
  /** At least one byte; undefined at the end. */
  next(): Steps<Buffer | undefined>;
}

/** Runs what never has to pause. */
export function finish<T>(steps: Steps<T>): T {
  const step = steps.next();
  if (!step.done) throw new Error('this reader has all of its input and must not pause');
  return step.value;
}

/** A source that somebody else fills. */
export interface PushedSource extends Source {
  push(bytes: Buffer): void;
  end(): void;
  /** Bytes that came so far. */
  readonly received: () => number;
}

export function pushedSource(): PushedSource {
  const waiting: Buffer[] = [];
  let isEnded = false;
  let received = 0;
  return {
    push(bytes) {
      received += bytes.length;
      if (bytes.length > 0) waiting.push(bytes);
    },
    end() {
      isEnded = true;
    },
    received: () => received,
    *next() {
      while (waiting.length === 0 && !isEnded) yield;
      return waiting.shift();
    },
  };
}
