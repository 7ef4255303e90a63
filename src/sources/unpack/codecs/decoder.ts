/** Packed bytes → unpacked ones, as a source. */
import type { Source, Steps } from '../steps.ts';

export interface Decoder extends Source {
  /** Lets go of what it holds; to be called also when it was not read to its end. */
  release(): void;
}

/** A decoder that gave up gives up again, and does not go on with what is left of it. */
export function lasting(decoder: Decoder): Decoder & { readonly hasFailed: () => boolean } {
  const fate: Fate = { failure: undefined };
  return {
    release: decoder.release,
    hasFailed: () => fate.failure !== undefined,
    next: () => nextOf(decoder, fate),
  };
}

interface Fate {
  failure: { readonly error: unknown } | undefined;
}

function* nextOf(decoder: Decoder, fate: Fate): Steps<Buffer | undefined> {
  if (fate.failure) throw fate.failure.error;
  try {
    return yield* decoder.next();
  } catch (error) {
    fate.failure = { error };
    throw error;
  }
}
