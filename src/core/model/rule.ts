/** What one kind of secret looks like. Data without functions: it can be sent, printed, hashed. */

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

/**
 * Which of several rules that match the same text reports it: an issuer's own rule before a
 * rule for a format (JWT, URL with password), a format before a generic assignment.
 */
export const specificities = ['issuer', 'format', 'generic'] as const;
export type Specificity = (typeof specificities)[number];

export interface ConfidenceByContext {
  readonly withContext: Confidence;
  /** `none`: without context it is no finding at all. */
  readonly without: Confidence | 'none';
}

export interface Requirement {
  /** Id of the rule whose match must be near. */
  readonly rule: string;
  readonly withinLines: number;
}

export interface Rule {
  /** For ever; never reused. */
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly severity: Severity;
  /** Regular expression over the text; group 1, if there is one, is the secret. */
  readonly pattern: string;
  /** Words one of which the name that the secret is assigned to contains, in any case. */
  readonly variable: readonly string[];
  /** Least Shannon entropy of the secret, in bits per character. */
  readonly entropy: number;
  /** Words near the match (any case) that raise confidence. */
  readonly context: readonly string[];
  /** How many lines before and after the match are near. */
  readonly contextLines: number;
  readonly confidence: ConfidenceByContext;
  readonly specificity: Specificity;
  /** Name of an offline check in core/detect/checksum.ts; failing it is no finding. */
  readonly checksum?: string;
  /** The issuer that can be asked (src/providers); counts in built-in rules only. */
  readonly verify?: string;
  readonly requires: readonly Requirement[];
  /** Globs: only in these files. Empty means everywhere. */
  readonly paths: readonly string[];
  /** Shared filters (by name) that this rule's secrets are not put through. */
  readonly skipFilters: readonly string[];
  readonly references: readonly string[];
  /** The issuer's page on which a person revokes such a key. */
  readonly revoke?: string;
  /** What to do first, one sentence, when it is more than to revoke. */
  readonly advice?: string;
  readonly examples: { readonly match: readonly string[]; readonly miss: readonly string[] };
}

/** An anchor: a literal that every match of its rule contains one of. Latin-1 text. */
export interface Anchor {
  readonly text: string;
  readonly ignoreCase: boolean;
}

/**
 * What the filter looks for: an anchor as one set of bytes after another, and what every match has
 * around it. A set is written as latin-1 text, first and last byte of each of its ranges: `09af`.
 */
export interface FilterPattern {
  readonly anchor: readonly string[];
  /** What can stand directly before the anchor; the start of the text always can. */
  readonly before?: string;
  /** Behind the anchor: at least `min` bytes of a set, read on up to `max`, then the next. */
  readonly after: readonly (readonly [set: string, min: number, max: number])[];
}

/**
 * What the filter looks for where a rule has no anchor: stretches of bytes of one set. Reported is the
 * start of the stretch, or, where the run may lie anywhere in a longer one, a place every few bytes, so that
 * at least one lies in the run.
 */
export interface FilterRun {
  /** As in a filter pattern; of token characters only. */
  readonly set: string;
  readonly least: number;
  /** Absent when nothing bounds it. */
  readonly most?: number;
  /** A stretch that is longer on this side is none. */
  readonly startsStretch: boolean;
  readonly endsStretch: boolean;
}

/** A rule ready for the engine. */
export interface CompiledRule extends Omit<Rule, 'pattern' | 'variable' | 'examples'> {
  readonly anchors: readonly Anchor[];
  /** The same anchors for a filter that can look around them. */
  readonly patterns: readonly FilterPattern[];
  /** Instead of anchors, one of which every match contains; a hit on one is taken for an anchor of one byte. */
  readonly runs?: readonly FilterRun[];
  /** JavaScript source over latin-1 text, scoped flags expanded. */
  readonly source: string;
  /** Index of the group that is the secret; 0 is the whole match. */
  readonly secretGroup: number;
  /** Farthest distance in characters from where the anchor starts back to where the window must start. */
  readonly before: number;
  /** Farthest distance in characters from where the anchor starts to where the window must end. */
  readonly after: number;
  /** Longest text that the pattern looks at before a match. */
  readonly lookBehind: number;
  /** Distance from the start of the match to its anchor if it is always the same. */
  readonly anchorOffset?: number;
  /**
   * The secret is assigned to a name that the anchor is part of, and at least this many of its
   * characters stand together without a blank.
   */
  readonly leastValue?: number;
  /**
   * A match lies on one line and its pattern looks at no other, but for the line breaks at its ends.
   */
  readonly isLineBound: boolean;
  /**
   * What a match that starts at its anchor has on its own line, where the pattern looks at others. JavaScript
   * source, which looks at no more than `reach` bytes from there on, and `before` bytes back.
   */
  readonly ahead?: { readonly source: string; readonly before: number; readonly reach: number };
  /** Literal beginnings of the secret that are public, longest first. */
  readonly prefixes: readonly string[];
  /** JavaScript source: only in files whose path it matches somewhere. Of another tool's rules. */
  readonly pathPattern?: string;
  /** Only a part that other rules require; by itself it is no finding. Of another tool's rules. */
  readonly isPart?: boolean;
}

export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  /** `sha256:…` over the compiled rules. */
  readonly hash: string;
  /** The filter's tables for exactly these rules, when they were built ahead. */
  readonly tables?: Uint8Array;
}
