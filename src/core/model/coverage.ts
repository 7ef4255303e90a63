/** What was seen, scanned, skipped and why. */
export interface Skipped {
  readonly reason: string;
  readonly count: number;
  /** At most five. */
  readonly examples: readonly string[];
}

/** Archives of one format, those in archives included. */
export interface ArchiveCount {
  /** `zip`, `tar`, `gzip`, … */
  readonly format: string;
  readonly opened: number;
  /** Left closed: not read here, or not asked for. */
  readonly skipped: number;
}

export interface Coverage {
  /** Everything asked for was looked at. */
  readonly complete: boolean;
  /** Documents looked into. */
  readonly units: number;
  /** Git objects looked at: blobs, tags and commits. */
  readonly objects: number;
  /** Unpacked bytes of what was looked into. */
  readonly bytes: number;
  /** Bytes that the filter read. */
  readonly filteredBytes: number;
  readonly skipped: readonly Skipped[];
  /** By format, in the order of its name; absent where none was met. */
  readonly archives?: readonly ArchiveCount[];
}
