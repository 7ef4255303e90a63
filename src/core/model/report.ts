/** Everything a run found out. The only collected thing; reporters turn it into text. */
import type { Coverage } from './coverage.ts';
import type { Exposure } from './exposure.ts';
import type { Finding } from './finding.ts';
import type { Problem } from './problem.ts';
import type { Severity } from './rule.ts';

export interface Target {
  readonly kind: 'files' | 'history' | 'staged' | 'range' | 'stdin';
  readonly path: string;
  /** Commit id of HEAD when the target is in a repository that has one. */
  readonly head?: string;
  readonly shallow?: boolean;
  /** Range only, as resolved. */
  readonly range?: string;
  /** History only: looked at was what is new since an earlier run, which ended then (ISO 8601). */
  readonly sinceLast?: { readonly run: string };
  /** Why there was nothing to look at, when that is no fault ("the range has no commits"). */
  readonly empty?: string;
  /** Remote address without credentials, and branch, for reports that state provenance. */
  readonly remote?: string;
  readonly branch?: string;
}

/** What a report says about a rule that found something. */
export interface RuleFacts {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly severity: Severity;
  readonly references: readonly string[];
  readonly revoke?: string;
  readonly advice?: string;
}

export interface Suppressed {
  readonly baseline: number;
  readonly inline: number;
  readonly allowlist: number;
}

/** A finding that somebody accepted: for records, as it counts for nothing else. */
export interface Accepted {
  readonly finding: Finding;
  readonly by: keyof Suppressed;
  /** Why, where they said so. */
  readonly reason: string;
  /** The file of another tool that says so. */
  readonly from?: string;
}

/** A file of another tool that was heeded. */
export interface ForeignFile {
  readonly file: string;
  /** Findings that it accepts. */
  readonly accepted: number;
  /** Rules of it that were run. */
  readonly rules: number;
  /** What of it has no meaning here, each named on standard error. */
  readonly refused: number;
}

/** Baseline entries that no longer serve. Known only after a scan of everything they cover. */
export interface StaleBaseline {
  readonly unused: number;
  readonly expired: number;
}

export interface Report {
  readonly schema: 1;
  readonly tool: { readonly name: 'keywarden'; readonly version: string; readonly rules: string };
  readonly target: Target;
  readonly coverage: Coverage;
  readonly summary: {
    readonly findings: number;
    readonly keys: number;
    readonly live: number;
    readonly suppressed: Suppressed;
    readonly baseline?: StaleBaseline;
    readonly foreign?: readonly ForeignFile[];
  };
  /** Facts of every rule named below, by id. */
  readonly rules: Readonly<Record<string, RuleFacts>>;
  /** Worst first, then by secret id. */
  readonly keys: readonly Exposure[];
  /** Sorted by path, position, rule. */
  readonly findings: readonly Finding[];
  /** Suppressed findings; a saved report has their number only. */
  readonly accepted?: readonly Accepted[];
  readonly problems: readonly Problem[];
}
