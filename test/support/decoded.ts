/** Runs a decoder over bytes that come in pieces, and keeps what came out. */
import { defaultArchiveLimits } from '../../src/core/model/archive-limits.ts';
import type { Decoder } from '../../src/sources/unpack/codecs/decoder.ts';
import { openBudget, type Budget } from '../../src/sources/unpack/limits.ts';
import { readerOf, type Reader } from '../../src/sources/unpack/reader.ts';
import { pushedSource } from '../../src/sources/unpack/steps.ts';

export interface Decoded {
  readonly bytes: Buffer;
  /** What it threw; undefined when it came to its end. */
  readonly error: unknown;
  /** Packed bytes that were taken. */
  readonly taken: number;
}

export function decoded(
  packed: Buffer,
  open: (reader: Reader, budget: Budget) => Decoder,
  pieceBytes = 1 << 20,
): Decoded {
  const source = pushedSource();
  for (let at = 0; at < packed.length; at += pieceBytes) {
    source.push(packed.subarray(at, at + pieceBytes));
  }
  source.end();
  const reader = readerOf(source);
  const budget = openBudget(defaultArchiveLimits, () => packed.length);
  const chunks: Buffer[] = [];
  const result = (error: unknown): Decoded => ({
    bytes: Buffer.concat(chunks),
    error,
    taken: reader.position(),
  });
  let decoder: Decoder | undefined;
  try {
    decoder = open(reader, budget);
    for (;;) {
      const step = decoder.next().next();
      if (!step.done) throw new Error('all of the input is there');
      if (!step.value) return result(undefined);
      chunks.push(step.value);
    }
  } catch (error) {
    return result(error);
  } finally {
    decoder?.release();
  }
}
