/** The account that is kept while an archive is read. */
import type { ArchiveLimits } from '../../core/model/archive-limits.ts';
import { ArchiveError } from './archive-error.ts';

/** Small archives may unpack to this much whatever their ratio. */
const freeBytes = 64 << 20;
/** Unpacked between two turns of others: signals and the progress line. */
const turnBytes = 32 << 20;
/** What decoders look back at: xz -9 asks for 64 MB, zstd --ultra for 128 MB. */
const maxWindowBytes = 128 << 20;

export interface Budget {
  /** Counts unpacked bytes. */
  spend(bytes: number): void;
  /** Counts bytes that were read once more: they take time, and are not unpacked. */
  work(bytes: number): void;
  /** Counts a member. */
  enter(): void;
  /** Counts what is held in memory until the result is called. */
  hold(bytes: number): () => void;
  /** The same for what decoders look back at. */
  window(bytes: number): () => void;
  /** So much was done since it last said so that others should have a turn. */
  isTurnOver(): boolean;
}

/** `packed`: bytes of the outermost archive, or those that came so far. Throws ArchiveError at a limit. */
export function openBudget(
  limits: ArchiveLimits,
  packed: () => number,
  now: () => number = () => performance.now(),
): Budget {
  const { maxEntries, maxRatio, maxTotalBytes, maxTimeMs, maxHeldBytes } = limits;
  const endsAt = now() + maxTimeMs;
  let spent = 0;
  let worked = 0;
  let entries = 0;
  let held = 0;
  let windows = 0;
  let turnEnds = turnBytes;

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
    work(bytes) {
      worked += bytes;
      checkTime();
    },
    isTurnOver() {
      if (spent + worked < turnEnds) return false;
      turnEnds = spent + worked + turnBytes;
      return true;
    },
    enter() {
      entries += 1;
      if (entries > maxEntries) throw limit(`more than ${maxEntries} members`, '--max-entries');
      if (entries % 64 === 0) checkTime();
    },
    hold(bytes) {
      if (held + bytes > maxHeldBytes) {
        const message = `it must be held in memory and there is room for ${maxHeldBytes} bytes (--max-file-size)`;
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
