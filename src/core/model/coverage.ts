/** What was seen, scanned, skipped and why. */
export interface Skipped {
  readonly reason: string;
  readonly count: number;
  /** At most five. */
  readonly examples: readonly string[];
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
}
