/** Formats that are read at any place: where they lie in a stream, they are held in memory. */
import type { Entry, Job } from '../job.ts';
import { inBlocks, type RandomAccess } from '../random-access.ts';
import type { Steps } from '../steps.ts';

const blockBytes = 1 << 20;

/** Runs `read` over an entry that can be read at any place. */
export function* held(
  job: Job,
  { access, reader }: Entry,
  read: (access: RandomAccess) => Steps<void>,
): Steps<void> {
  if (access) {
    yield* read(access);
    return;
  }
  const blocks: Buffer[] = [];
  const releases: (() => void)[] = [];
  let size = 0;
  try {
    for (let some = yield* reader.some(); some.length > 0; some = yield* reader.some()) {
      const filled = size % blockBytes;
      if (filled === 0) {
        releases.push(job.budget.hold(blockBytes));
        blocks.push(Buffer.allocUnsafeSlow(blockBytes));
      }
      const copied = some.copy(blocks.at(-1) ?? some, filled);
      reader.drop(copied);
      size += copied;
    }
    yield* read(inBlocks(blocks, blockBytes, size));
  } finally {
    for (const release of releases) release();
  }
}
