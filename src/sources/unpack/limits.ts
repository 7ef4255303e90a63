/** How much of an archive is read, and the account that is kept while reading. */
import { ArchiveError } from './archive-error.ts';

export interface ArchiveLimits {
  /** Of a format that has to be held in memory, and of a member that is looked into, when it was given. */
  readonly maxFileBytes?: number;
  /** Archives within archives. */
  readonly maxDepth: number;
  /** Members of one archive, those of archives in it included. */
  readonly maxEntries: number;
  /** Unpacked bytes for each packed one; below `freeBytes` it is not asked. */
  readonly maxRatio: number;
  /** Unpacked bytes of one archive, at all depths. */
  readonly maxTotalBytes: number;
  /** Spent on one archive. */
  readonly maxTimeMs: number;
}

/** Chosen: far above what builds make, and far below what hurts. */
export const defaultLimits: ArchiveLimits = {
  maxDepth: 8,
  maxEntries: 1_000_000,
  maxRatio: 1_000,
  maxTotalBytes: 64 * 2 ** 30,
  maxTimeMs: 600_000,
};

/** Of formats that are read from their end, unless they lie in a file. */
export const defaultHeldBytes = 100_000_000;
/** Small archives may unpack to this much whatever their ratio. */
const freeBytes = 64 << 20;
/** What decoders look back at: xz -9 asks for 64 MB, zstd --ultra for 128 MB. */
const maxWindowBytes = 128 << 20;

export interface Budget {
  /** Counts unpacked bytes. */
  spend(bytes: number): void;
  /** Counts a member. */
  enter(): void;
  /** Runs `steps` while so much is held in memory beside what is held already. */
  hold(bytes: number): () => void;
  window(bytes: number): () => void;
}

/** `packed`: bytes of the outermost archive, or those that came so far. Throws ArchiveError at a limit. */
export function openBudget(
  limits: ArchiveLimits,
  packed: () => number,
  now: () => number = () => performance.now(),
): Budget {
  const { maxEntries, maxRatio, maxTotalBytes, maxTimeMs, maxFileBytes } = limits;
  const endsAt = now() + maxTimeMs;
  const maxHeld = maxFileBytes ?? defaultHeldBytes;
  let spent = 0;
  let entries = 0;
  let held = 0;
  let windows = 0;

  function checkTime(): void {
    if (now() > endsAt) throw limit(`it takes longer than ${maxTimeMs / 1000} s`, '--max-time');
  }

  return {
    spend(bytes) {
      spent += bytes;
      if (spent > maxTotalBytes) {
        throw limit(`it unpacks to more than ${maxTotalBytes} bytes`, '--max-total');
      }
      if (spent > freeBytes && spent > packed() * maxRatio) {
        throw limit(`it unpacks to more than ${maxRatio} times its size`, '--max-ratio');
      }
      checkTime();
    },
    enter() {
      entries += 1;
      if (entries > maxEntries) throw limit(`more than ${maxEntries} members`, '--max-entries');
      if (entries % 64 === 0) checkTime();
    },
    hold(bytes) {
      if (held + bytes > maxHeld) {
        const message = `it must be held in memory and there is room for ${maxHeld} bytes (--max-file-size)`;
        throw new ArchiveError('archive-limit', message);
      }
      held += bytes;
      return once(() => (held -= bytes));
    },
    window(bytes) {
      if (windows + bytes > maxWindowBytes) {
        throw new ArchiveError(
          'archive-limit',
          `unpacking it takes more than ${maxWindowBytes} bytes of memory`,
        );
      }
      windows += bytes;
      return once(() => (windows -= bytes));
    },
  };
}

function limit(what: string, flag: string): ArchiveError {
  return new ArchiveError('archive-limit', `${what} (${flag}); the rest was not looked at`, true);
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
