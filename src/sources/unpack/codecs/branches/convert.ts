/** What a filter for programs does: places that instructions name, once counted from the start, counted from where they stand again. */

/**
 * Converts in place. `bytes` are those from `position` on, counted in all of the data and from where its first
 * instruction is said to be. Returns how many are settled; the others are given again, with what comes behind.
 */
export type Convert = (bytes: Buffer, position: number) => number;

export interface BranchFilter {
  /** Instructions lie at multiples of so many bytes. */
  readonly alignment: number;
  readonly open: () => Convert;
}

/** Where instructions are words of one size and know nothing of each other. `address` is that of the word. */
export function words(
  bytesPerWord: number,
  convert: (bytes: Buffer, at: number, address: number) => void,
): BranchFilter {
  return {
    alignment: bytesPerWord,
    open: () => (bytes, position) => {
      let at = 0;
      for (; at + bytesPerWord <= bytes.length; at += bytesPerWord) {
        convert(bytes, at, position + at);
      }
      return at;
    },
  };
}
