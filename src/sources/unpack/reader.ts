/**
 * A source with a little of it held back, so that what comes can be looked at before it is taken. Where the
 * source breaks off, what came before is given first; then its error is thrown.
 */
import { damaged } from './archive-error.ts';
import type { Source, Steps } from './steps.ts';

export interface Reader {
  /** Bytes taken so far. */
  readonly position: () => number;
  /** The next bytes, without taking them; fewer only at the end, or where it breaks off. */
  peek(bytes: number): Steps<Buffer>;
  /** All that is at hand, without taking it; empty only at the end. */
  some(): Steps<Buffer>;
  /** Takes bytes that were looked at. */
  drop(bytes: number): void;
  /** Throws when the input ends before. */
  take(bytes: number): Steps<Buffer>;
  /** Throws when the input ends before. */
  skip(bytes: number): Steps<void>;
}

export function readerOf(source: Source): Reader {
  let held: Buffer = Buffer.alloc(0);
  let taken = 0;
  let broken: { readonly error: unknown } | undefined;

  function* fill(bytes: number): Steps<void> {
    if (held.length >= bytes) return;
    const parts = held.length > 0 ? [held] : [];
    let size = held.length;
    while (size < bytes && !broken) {
      const chunk = yield* next();
      if (!chunk) break;
      parts.push(chunk);
      size += chunk.length;
    }
    const [only] = parts;
    held = parts.length === 1 && only ? only : Buffer.concat(parts, size);
  }

  function* next(): Steps<Buffer | undefined> {
    try {
      return yield* source.next();
    } catch (error) {
      broken = { error };
      return undefined;
    }
  }

  /** The input is over: rightly, or because it broke off. */
  function checkWhole(): void {
    if (broken) throw broken.error;
  }

  function drop(bytes: number): void {
    held = held.subarray(bytes);
    taken += bytes;
  }

  return {
    position: () => taken,
    *peek(bytes) {
      yield* fill(bytes);
      if (held.length === 0) checkWhole();
      return held.subarray(0, bytes);
    },
    *some() {
      if (held.length === 0) yield* fill(1);
      if (held.length === 0) checkWhole();
      return held;
    },
    drop,
    *take(bytes) {
      yield* fill(bytes);
      if (held.length < bytes) {
        checkWhole();
        throw damaged('it ends early');
      }
      const found = held.subarray(0, bytes);
      drop(bytes);
      return found;
    },
    *skip(bytes) {
      let left = bytes;
      while (left > 0) {
        if (held.length === 0) yield* fill(1);
        if (held.length === 0) {
          checkWhole();
          throw damaged('it ends early');
        }
        const size = Math.min(left, held.length);
        drop(size);
        left -= size;
      }
    },
  };
}

/** The next `bytes` of a reader as a source of their own. Throws when the reader ends before. */
export function part(reader: Reader, bytes: number): Source & { readonly left: () => number } {
  let left = bytes;
  return {
    left: () => left,
    *next() {
      if (left === 0) return undefined;
      const some = yield* reader.some();
      if (some.length === 0) throw damaged('it ends early');
      const chunk = some.subarray(0, left);
      reader.drop(chunk.length);
      left -= chunk.length;
      return chunk;
    },
  };
}

/** Passes over what is left of a part. */
export function* passOver(reader: Reader, { left }: { readonly left: () => number }): Steps<void> {
  yield* reader.skip(left());
}
