/** An archive → its members, those of archives in it included. Nothing is written anywhere. */
import type { ArchiveLimits } from '../../core/model/archive-limits.ts';
import { unseenContent } from '../../core/detect/unseen-content.ts';
import { ArchiveError, damaged } from './archive-error.ts';
import { emit, wholeBytes } from './emit.ts';
import { formats } from './formats/index.ts';
import type { LayerRecord } from './formats/layer.ts';
import { readDirectory } from './formats/zip-directory.ts';
import type { Entry, Job, Output, Place } from './job.ts';
import { openBudget, type Budget } from './limits.ts';
import { readerOf } from './reader.ts';
import {
  headBytes,
  isCompiled,
  isZipName,
  promisesArchive,
  recognise,
  type Format,
} from './recognise.ts';
import { stretch, type RandomAccess } from './random-access.ts';
import { pushedSource, type Steps } from './steps.ts';

const top: Place = { members: [], decoded: [] };

/** Reads an archive that lies somewhere whole; `layer`: it may be one of an image. Pauses now and then, so that others get a turn. */
export function unpack(
  name: string,
  access: RandomAccess,
  limits: ArchiveLimits,
  output: Output,
  layer?: LayerRecord,
): Steps<void> {
  const reader = readerOf(stretch(access, 0, access.bytes));
  const budget = openBudget(limits, () => access.bytes);
  return run(jobOf(limits, budget, output), {
    place: top,
    name,
    reader,
    access,
    depth: 0,
    ...(layer ? { layer } : {}),
  });
}

/** Reads an archive that comes in pieces; what is pushed must stay as it is. */
export function unpackStream(
  name: string,
  limits: ArchiveLimits,
  output: Output,
): { push(bytes: Buffer): void; end(): void } {
  const source = pushedSource();
  const budget = openBudget(limits, source.received);
  const entry = { place: top, name, reader: readerOf(source), depth: 0 };
  const steps = run(jobOf(limits, budget, output), entry);
  let isDone = false;
  const go = (): void => {
    if (!isDone) isDone = steps.next().done === true;
  };
  return {
    push(bytes) {
      if (isDone) return;
      source.push(bytes);
      go();
    },
    end() {
      source.end();
      while (!isDone) go();
    },
  };
}

/** A limit on the whole archive ends here. */
function* run(job: Job, entry: Entry): Steps<void> {
  try {
    yield* job.visit(entry);
  } catch (error) {
    job.report(entry.place, asArchiveError(error));
  }
}

function jobOf(limits: ArchiveLimits, budget: Budget, output: Output): Job {
  const job: Job = { limits, budget, output, visit, report };

  function* visit(entry: Entry): Steps<void> {
    budget.enter();
    if (budget.isTurnOver()) yield;
    try {
      yield* open(job, entry);
    } catch (error) {
      const told = asArchiveError(error);
      if (told.endsAll) throw told;
      report(entry.place, told);
    }
  }

  function report(place: Place, { kind, message }: ArchiveError): void {
    output.problem(kind, place, message);
  }

  return job;
}

function* open(job: Job, entry: Entry): Steps<void> {
  const { place, name, reader, depth } = entry;
  const { limits, output } = job;
  const known = recognise(yield* reader.peek(headBytes), name);
  const format = known && !isCompiled(known) ? known : (byEnd(entry) ?? known);
  const isCode = format !== undefined && isCompiled(format);
  if (isCode && promisesArchive(name)) {
    output.problem('archive-damaged', place, 'it is not what its name says');
  }
  // What is compiled is no archive within an archive.
  if (format && (isCode || (depth < limits.maxDepth && !limits.isCompiledOnly))) {
    if (!isCode) output.unpacking(format);
    yield* formats[format](job, entry);
    return;
  }
  // What is no archive, or is not to be opened, is looked into as it is.
  if (format && limits.isCompiledOnly) {
    output.problem('archive-not-opened', place, `what is inside this ${format} was not looked at`);
  } else if (format) {
    const message = `archives within archives deeper than ${limits.maxDepth} (--max-depth)`;
    output.problem('archive-limit', place, message);
  } else if (promisesArchive(name)) {
    const bytes = yield* reader.peek(wholeBytes);
    // A document with a password is told as such, by whoever looks at it as it is.
    const isClosed = unseenContent(name, bytes)?.kind === 'archive-encrypted';
    if (bytes.length > 0 && !isClosed) {
      output.problem('archive-damaged', place, 'it is not what its name says');
    }
  }
  yield* emit(output, place, reader);
}

/** Some zips begin with a program. */
function byEnd({ access, name }: Entry): Format | undefined {
  if (!access || !isZipName(name)) return undefined;
  try {
    return readDirectory(access) ? 'zip' : undefined;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

/** Reading past the end of a structure is how hostile bytes show; anything else is a fault of ours. */
function asArchiveError(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  if (error instanceof RangeError) return damaged('it names a place outside of itself');
  throw error;
}
