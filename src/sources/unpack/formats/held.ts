/** Formats that are read at any place: where they lie in a stream, they are held in memory. */
import { ArchiveError } from '../archive-error.ts';
import type { Entry, Job } from '../job.ts';
import { inBlocks, type RandomAccess } from '../random-access.ts';
import { readerOf, type Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';

const blockBytes = 1 << 20;

/** What to do where there is no room: `all` gives it from its first byte. */
type TooLarge = (all: Reader, error: ArchiveError) => Steps<void>;

/** Runs `read` over an entry that can be read at any place. */
export function* held(
  job: Job,
  { access, reader }: Entry,
  read: (access: RandomAccess) => Steps<void>,
  tooLarge?: TooLarge,
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
        try {
          releases.push(job.budget.hold(blockBytes));
        } catch (error) {
          if (!tooLarge || !(error instanceof ArchiveError)) throw error;
          yield* tooLarge(readerOf(oneByOne(blocks, reader)), error);
          return;
        }
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

/** Full blocks, and what comes behind them. */
function oneByOne(blocks: Buffer[], reader: Reader) {
  return {
    *next(): Steps<Buffer | undefined> {
      const block = blocks.shift();
      if (block) return block;
      const some = yield* reader.some();
      // It is taken apart and searched after the reader went on.
      const chunk = Buffer.from(some);
      reader.drop(some.length);
      return chunk.length > 0 ? chunk : undefined;
    },
  };
}
