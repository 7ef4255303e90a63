/** How much of an archive is read. A limit that is met ends in the ledger. */
export interface ArchiveLimits {
  /** Of what must be held in memory, because its format is read from the end. */
  readonly maxHeldBytes: number;
  /** Archives within archives. */
  readonly maxDepth: number;
  /** Members of one archive, those of archives in it included. */
  readonly maxEntries: number;
  /** Unpacked bytes for each byte of the outermost archive; small ones may unpack to 64 MB whatever their size. */
  readonly maxRatio: number;
  /** Unpacked bytes of one archive, at all depths. */
  readonly maxTotalBytes: number;
  /** Spent on one archive. */
  readonly maxTimeMs: number;
  /** Archives are not opened; what is compiled is read all the same. */
  readonly isCompiledOnly?: boolean;
}

/** Chosen: above what builds make, and below what hurts. */
export const defaultArchiveLimits: ArchiveLimits = {
  maxHeldBytes: 100_000_000,
  maxDepth: 8,
  maxEntries: 1_000_000,
  maxRatio: 1_000,
  maxTotalBytes: 64 * 2 ** 30,
  maxTimeMs: 600_000,
};
