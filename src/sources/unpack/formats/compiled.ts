/**
 * What compiled formats have in common. Their text is taken out and searched with the file's bytes in mind;
 * then the file is searched as it is, so that nothing is lost that a reader did not know.
 */
import { ArchiveError } from '../archive-error.ts';
import { emit } from '../emit.ts';
import type { Entry, InFile, Job, Place } from '../job.ts';
import { stretch, type RandomAccess } from '../random-access.ts';
import { readerOf } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { createSpans, type Spans } from '../text/spans.ts';
import { textOut, type TextOut } from '../text/text-out.ts';
import { held } from './held.ts';

export interface FileOut {
  readonly job: Job;
  readonly entry: Entry;
  readonly spans: Spans;
  /** A text of its own: of the whole file, or of the part that `member` names. */
  open(member?: string, wide?: 'utf-16le' | 'utf-16be'): TextOut;
}

export interface CompiledFile extends FileOut {
  readonly access: RandomAccess;
}

interface Told {
  /** Where its bytes as they are show all that a reader would, a damaged one is no problem. */
  readonly isPlain: boolean;
}

/** `step`: how findings name what took the text out. */
export function compiled(
  step: string,
  { isPlain }: Told,
  read: (file: CompiledFile) => Steps<void>,
) {
  return function* (job: Job, entry: Entry): Steps<void> {
    const spans = createSpans();
    yield* held(
      job,
      entry,
      function* (access) {
        try {
          yield* read({ ...asFile(job, entry, spans, step), access });
        } catch (error) {
          if (!isDamage(error)) throw error;
          if (!isPlain) tell(job, entry.place, error);
        }
        const all = readerOf(stretch(access, 0, access.bytes));
        yield* emit(job.output, entry.place, all, asKnown(spans));
      },
      function* (all, error) {
        job.report(entry.place, error);
        yield* emit(job.output, entry.place, all);
      },
    );
  };
}

export function asFile(job: Job, entry: Entry, spans: Spans, step: string): FileOut {
  const { members, decoded } = entry.place;
  return {
    job,
    entry,
    spans,
    open(member, wide) {
      const place =
        member === undefined
          ? { members, decoded: [...decoded, step] }
          : { members: [...members, member], decoded: [step] };
      return textOut(job, place, spans, wide);
    },
  };
}

function asKnown(spans: Spans): InFile {
  return (match) => {
    const span = { start: match.start.byte, end: match.end.byte };
    return spans.add(span, match.secret, false) ? match : undefined;
  };
}

/** Reading past the end of a structure is how hostile bytes show. */
export function isDamage(error: unknown): error is ArchiveError | RangeError {
  return error instanceof RangeError || (error instanceof ArchiveError && !error.endsAll);
}

function tell(job: Job, place: Place, error: ArchiveError | RangeError): void {
  if (error instanceof ArchiveError) job.report(place, error);
  else job.output.problem('archive-damaged', place, 'it names a place outside of itself');
}
