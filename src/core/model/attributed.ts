/** A match with its place in history. One a rule, secret and path. */
import type { GitFacts, Original } from './finding.ts';
import type { Match } from './match.ts';

export interface Attributed {
  /** The place that is shown: in HEAD, else in the newest version that holds it. */
  readonly match: Match;
  readonly path: string;
  readonly git?: GitFacts;
  /** All places, this one included. */
  readonly occurrences: number;
  readonly original?: Original;
  readonly variable?: string;
}
