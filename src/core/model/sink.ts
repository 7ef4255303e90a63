/** Where a source puts what it reads, in the worker. */
import type { Match } from './match.ts';
import type { Origin } from './origin.ts';
import type { Problem } from './problem.ts';

export interface DocumentStream {
  push(bytes: Buffer): void;
  /** Must be called, also when the input broke off. */
  end(): void;
}

export interface Sink {
  /** Looks into a whole document and keeps its matches. The bytes may be reused afterwards. */
  document(origin: Origin, bytes: Buffer): void;
  /** As `document`, but gives the matches back; the source passes on to `keep` what counts. */
  look(origin: Origin, bytes: Buffer): Match[];
  keep(matches: readonly Match[]): void;
  /** A document that comes in pieces. */
  open(origin: Origin): DocumentStream;
  problem(problem: Problem): void;
}
