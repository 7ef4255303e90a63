/** What is no archive → the output, whole or, when it is large, piece by piece. */
import type { InFile, Output, Place } from './job.ts';
import type { Reader } from './reader.ts';
import type { Steps } from './steps.ts';

/** So much is looked at in one piece, if there is no more. */
export const wholeBytes = 16 << 20;

export function* emit(output: Output, place: Place, reader: Reader, inFile?: InFile): Steps<void> {
  const bytes = yield* reader.peek(wholeBytes);
  if (bytes.length < wholeBytes) {
    reader.drop(bytes.length);
    output.document(place, bytes, inFile);
    // Where it broke off, that is told behind what came.
    yield* reader.some();
    return;
  }
  const stream = output.open(place, inFile);
  try {
    for (let some = yield* reader.some(); some.length > 0; some = yield* reader.some()) {
      stream.push(some);
      reader.drop(some.length);
    }
  } finally {
    stream.end();
  }
}
