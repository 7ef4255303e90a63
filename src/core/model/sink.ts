/** Where a source puts what it reads, in the worker. */
import type { Match } from './match.ts';
import type { Origin } from './origin.ts';
import type { Problem } from './problem.ts';

export interface DocumentStream {
  push(bytes: Buffer): void;
  /** Must be called, also when the input broke off. */
  end(): void;
  /** The rest need not be read. */
  readonly isDone?: () => boolean;
}

/**
 * What a sink remembers of a document, so that of one copied from it only the rest is looked into.
 * Belongs to the sink that gave it.
 */
export type Remembered = object;

/** How a document was copied from another. */
export interface Copied {
  readonly from: Remembered;
  /** Length of the other. */
  readonly length: number;
  /** Address and number of the copied segments, as the engine's `applyDelta` records them. */
  readonly segments: number;
  readonly segmentCount: number;
}

/** A document in the engine's memory. */
export interface Version {
  readonly bytes: Buffer;
  /** Asked only when there is something to say of it. */
  readonly origin: () => Origin;
  /** It was told already, or was not asked for: only what is copied from it counts. */
  readonly isSilent: boolean;
  readonly copied: Copied | undefined;
}

export interface Sink {
  /** Looks into a whole document and keeps its matches. The bytes may be reused afterwards. */
  document(origin: Origin, bytes: Buffer): void;
  /** As `document`, but gives the matches back; the source passes on to `keep` what counts. */
  look(origin: Origin, bytes: Buffer): Match[];
  keep(matches: readonly Match[]): void;
  /** A document that comes in pieces. Its matches are kept, or given to `take`. */
  open(origin: Origin, take?: (matches: readonly Match[]) => void): DocumentStream;
  /** Counts an archive; its members come as documents. */
  opened(origin: Origin): void;
  /** Counts what is being unpacked: the archive itself, and each that is in it. */
  unpacking(format: string): void;
  /** Looks into a version of a document and keeps its matches. */
  version(version: Version): Remembered;
  problem(problem: Problem): void;
}
