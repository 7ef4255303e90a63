/** Packed bytes → unpacked ones, as a source. */
import type { Source } from '../steps.ts';

export interface Decoder extends Source {
  /** Lets go of what it holds; to be called also when it was not read to its end. */
  release(): void;
}

/** A decoder that gave up gives up again, and does not go on with what is left of it. */
export function lasting(decoder: Decoder): Decoder & { readonly hasFailed: () => boolean } {
  let failure: { readonly error: unknown } | undefined;
  return {
    release: decoder.release,
    hasFailed: () => failure !== undefined,
    *next() {
      if (failure) throw failure.error;
      try {
        return yield* decoder.next();
      } catch (error) {
        failure = { error };
        throw error;
      }
    },
  };
}
