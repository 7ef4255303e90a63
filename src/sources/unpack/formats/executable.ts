/** Programs and libraries: ELF, PE, Mach-O, WebAssembly. Their strings are searched, not their code. */
import { elfImages } from '../executables/elf.ts';
import type { ProgramImage } from '../executables/image.ts';
import { machOImages } from '../executables/mach-o.ts';
import { peImages } from '../executables/pe.ts';
import { references, type Places } from '../executables/references.ts';
import { runs } from '../executables/runs.ts';
import { wasmImages } from '../executables/wasm.ts';
import type { Entry, Job } from '../job.ts';
import { stretch, type RandomAccess } from '../random-access.ts';
import { readerOf, type Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { createSpans } from '../text/spans.ts';
import { asFile, isDamage } from './compiled.ts';
import { held } from './held.ts';

/** One that comes in a stream and has no room is read as it comes. */
export function* executable(job: Job, entry: Entry): Steps<void> {
  yield* held(
    job,
    entry,
    function* (access) {
      const starts = yield* startsOf(job, access);
      yield* search(job, entry, readerOf(stretch(access, 0, access.bytes)), starts);
    },
    (all) => search(job, entry, all, undefined),
  );
}

function* search(job: Job, entry: Entry, all: Reader, starts: Places | undefined): Steps<void> {
  const out = asFile(job, entry, createSpans(), 'strings').open();
  try {
    yield* runs(all, out, starts);
  } finally {
    out.end();
  }
}

/** What is damaged has strings all the same. */
function* startsOf(job: Job, access: RandomAccess): Steps<Places | undefined> {
  try {
    return yield* references(access, imagesOf(access), function* (bytes) {
      job.budget.work(bytes);
      if (job.budget.isTurnOver()) yield;
    });
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

function imagesOf(access: RandomAccess): ProgramImage[] {
  switch (access.read(0, 1)[0]) {
    case 0x7f:
      return elfImages(access);
    case 0x4d:
      return peImages(access);
    case 0x00:
      return wasmImages(access);
    default:
      return machOImages(access);
  }
}
