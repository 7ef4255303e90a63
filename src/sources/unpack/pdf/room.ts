/** How much memory the values of a PDF may take: a small file can be made of nothing but tiny values. */
import { ArchiveError } from '../archive-error.ts';

export interface Room {
  /** Counts about so many bytes. Throws ArchiveError where there is no room for them. */
  take(bytes: number): void;
  /** What was counted is no longer held. */
  clear(): void;
}

/** Chosen: a hundred thousand objects of ordinary size, and with the file itself still within bounds. */
const mostBytes = 64 << 20;

export function createRoom(most = mostBytes): Room {
  let taken = 0;
  return {
    take(bytes) {
      taken += bytes;
      if (taken > most) {
        throw new ArchiveError(
          'archive-limit',
          `the values in it take more than ${most} bytes of memory`,
        );
      }
    },
    clear() {
      taken = 0;
    },
  };
}

/** For operators and tables, of whose operands nothing is kept. */
export function createSmallRoom(): Room {
  return createRoom(32 << 20);
}

/** What V8 takes for each, measured and rounded up. */
export const sizes = {
  item: 16,
  /** A name is made once. */
  name: 96,
  word: 96,
  reference: 56,
  string: 224,
  array: 80,
  dictionary: 96,
  entry: 64,
  object: 240,
} as const;
