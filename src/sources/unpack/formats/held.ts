/** Formats that are read at any place: where they lie in a stream, they are held in memory. */
import type { Entry, Job } from '../job.ts';
import { inMemory, type RandomAccess } from '../random-access.ts';
import type { Steps } from '../steps.ts';

/** Runs `read` over an entry that can be read at any place. */
export function* held(
  job: Job,
  { access, reader }: Entry,
  read: (access: RandomAccess) => Steps<void>,
): Steps<void> {
  if (access) return yield* read(access);
  const parts: Buffer[] = [];
  const releases: (() => void)[] = [];
  try {
    let size = 0;
    for (let some = yield* reader.some(); some.length > 0; some = yield* reader.some()) {
      releases.push(job.budget.hold(some.length));
      // A chunk may be a small part of what is kept for it.
      parts.push(Buffer.from(some));
      reader.drop(some.length);
      size += some.length;
    }
    const content = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
    parts.length = 0;
    yield* read(inMemory(content));
  } finally {
    for (const release of releases) release();
  }
}
