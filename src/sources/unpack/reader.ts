/**
 * A source with a little of it held back, so that what comes can be looked at before it is taken. Where the
 * source breaks off, what came before is given first; then its error is thrown.
 */
import { damaged } from './archive-error.ts';
import type { Source, Steps } from './steps.ts';

export interface Reader {
  /** Bytes taken so far. */
  position(): number;
  /** The next bytes, without taking them; fewer only at the end, or where it breaks off. */
  peek(bytes: number): Steps<Buffer>;
  /** Bytes that are at hand, without taking them; empty only at the end. */
  some(): Steps<Buffer>;
  /** Takes bytes that were looked at. */
  drop(bytes: number): void;
  /** Throws when the input ends before. */
  take(bytes: number): Steps<Buffer>;
  /** Throws when the input ends before. */
  skip(bytes: number): Steps<void>;
}

export function readerOf(source: Source): Reader {
  return new SourceReader(source);
}

const nothing: Buffer = Buffer.alloc(0);

/**
 * A class, since a generator that is a closure costs a microsecond to make: V8 gives each its own prototype
 * and hidden class. An archive has a handful of readers a member.
 */
class SourceReader implements Reader {
  readonly #source: Source;
  #held: Buffer = nothing;
  /** What came and is not in one piece with what is held. */
  readonly #behind: Buffer[] = [];
  #taken = 0;
  #broken: { readonly error: unknown } | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  position(): number {
    return this.#taken;
  }

  *peek(bytes: number): Steps<Buffer> {
    if (this.#held.length < bytes) {
      yield* this.#fill(bytes);
      if (this.#held.length === 0) this.#checkWhole();
    }
    return this.#held.length === bytes ? this.#held : this.#held.subarray(0, bytes);
  }

  *some(): Steps<Buffer> {
    if (this.#held.length === 0) {
      yield* this.#fill(1);
      if (this.#held.length === 0) this.#checkWhole();
    }
    return this.#held;
  }

  drop(bytes: number): void {
    this.#held = bytes === this.#held.length ? nothing : this.#held.subarray(bytes);
    this.#taken += bytes;
  }

  *take(bytes: number): Steps<Buffer> {
    if (this.#held.length < bytes) yield* this.#fill(bytes);
    if (this.#held.length < bytes) this.#endsEarly();
    const found = this.#held.subarray(0, bytes);
    this.drop(bytes);
    return found;
  }

  *skip(bytes: number): Steps<void> {
    for (let left = bytes; left > 0;) {
      if (this.#held.length === 0) yield* this.#fill(1);
      if (this.#held.length === 0) this.#endsEarly();
      const size = Math.min(left, this.#held.length);
      this.drop(size);
      left -= size;
    }
  }

  /** Puts so many bytes into one piece, as far as they come. No more is copied than was asked for. */
  *#fill(bytes: number): Steps<void> {
    const parts = this.#held.length > 0 ? [this.#held] : [];
    let size = this.#held.length;
    while (size < bytes) {
      const chunk = this.#behind.shift() ?? (yield* this.#next());
      if (!chunk) break;
      const wanted = parts.length === 0 ? chunk.length : Math.min(chunk.length, bytes - size);
      parts.push(wanted < chunk.length ? chunk.subarray(0, wanted) : chunk);
      if (wanted < chunk.length) this.#behind.unshift(chunk.subarray(wanted));
      size += wanted;
    }
    const [only = nothing] = parts;
    this.#held = parts.length > 1 ? Buffer.concat(parts, size) : only;
  }

  *#next(): Steps<Buffer | undefined> {
    if (this.#broken) return undefined;
    try {
      return yield* this.#source.next();
    } catch (error) {
      this.#broken = { error };
      return undefined;
    }
  }

  /** The input is over: rightly, or because it broke off. */
  #checkWhole(): void {
    if (this.#broken) throw this.#broken.error;
  }

  #endsEarly(): never {
    this.#checkWhole();
    throw damaged('it ends early');
  }
}

export interface Part extends Source {
  /** Bytes that nobody took yet. */
  left(): number;
}

/** The next `bytes` of a reader as a source of their own. Throws when the reader ends before. */
export function part(reader: Reader, bytes: number): Part {
  return new ReaderPart(reader, bytes);
}

class ReaderPart implements Part {
  readonly #reader: Reader;
  #left: number;

  constructor(reader: Reader, bytes: number) {
    this.#reader = reader;
    this.#left = bytes;
  }

  left(): number {
    return this.#left;
  }

  *next(): Steps<Buffer | undefined> {
    if (this.#left === 0) return undefined;
    const some = yield* this.#reader.some();
    if (some.length === 0) throw damaged('it ends early');
    const chunk = some.subarray(0, this.#left);
    this.#reader.drop(chunk.length);
    this.#left -= chunk.length;
    return chunk;
  }
}

/** Passes over what is left of a part. */
export function* passOver(reader: Reader, rest: Part): Steps<void> {
  if (rest.left() > 0) yield* reader.skip(rest.left());
}
