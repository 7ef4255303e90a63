/** What a filter sees of a possible finding. */
import type { Specificity } from '../../model/rule.ts';

export interface Candidate {
  readonly rule: string;
  readonly specificity: Specificity;
  /** Literal beginnings of the secret that only this issuer uses; empty if it has no such mark. */
  readonly prefixes: readonly string[];
  /** The credential alone, decoded text. */
  readonly secret: string;
  /** The text before the secret on its first line, clipped to the last 200 characters. */
  readonly before: string;
  /** The text after the secret on its last line, clipped to the first 200 characters. */
  readonly after: string;
  /** The document holds NUL bytes. */
  readonly isBinary: boolean;
}

export interface CandidateFilter {
  /** Used in rules' `skip-filters` and in tests. */
  readonly name: string;
  /** Which rules' candidates it looks at: all, or only the less specific ones. */
  readonly appliesTo: readonly Specificity[];
  /** True when the candidate is no credential. Linear in the lengths of its texts. */
  rejects(candidate: Candidate): boolean;
}
