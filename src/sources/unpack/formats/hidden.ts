/** Bytes that no reader of the format would show: looked at as they are, and told. */
import { damaged } from '../archive-error.ts';
import { emit } from '../emit.ts';
import { within, type Job, type Place } from '../job.ts';
import { stretch, type RandomAccess } from '../random-access.ts';
import { readerOf, type Reader } from '../reader.ts';
import { finish, type Steps } from '../steps.ts';

const hiddenName = '(hidden bytes)';

/** Takes the rest of a reader. Zeros are padding; `where` ends the sentence that tells of anything else. */
export function* hiddenRest(job: Job, place: Place, reader: Reader, where: string): Steps<void> {
  for (let some = yield* reader.some(); some.length > 0; some = yield* reader.some()) {
    if (!isZero(some)) break;
    reader.drop(some.length);
  }
  if ((yield* reader.some()).length === 0) return;
  const from = reader.position();
  yield* emit(job.output, within(place, hiddenName), reader);
  job.report(place, damaged(`${reader.position() - from} bytes are hidden ${where}`));
}

/** The same for a stretch between members. */
export function hiddenBetween(
  job: Job,
  place: Place,
  access: RandomAccess,
  from: number,
  to: number,
): void {
  if (to <= from) return;
  const reader = readerOf(stretch(access, from, to - from));
  finish(hiddenRest(job, place, reader, 'between its members'));
}

/** Looks at a stretch as it is, and has nothing to tell. */
export function lookAt(
  { output }: Job,
  place: Place,
  access: RandomAccess,
  from: number,
  to: number,
): void {
  if (to > from) finish(emit(output, place, readerOf(stretch(access, from, to - from))));
}

const zeros = Buffer.alloc(64 << 10);

export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const some = bytes.subarray(at, at + zeros.length);
    if (!some.equals(zeros.subarray(0, some.length))) return false;
  }
  return true;
}
