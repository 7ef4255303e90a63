/** A secret at a place, with an identity that says "same finding as yesterday". */
import type { Position } from './match.ts';
import type { ImageFacts } from './origin.ts';
import type { Confidence, Severity } from './rule.ts';
import type { Secret } from './secret.ts';

export interface CommitFacts {
  readonly commit: string;
  readonly author: string;
  /** Committer date, ISO 8601 UTC. */
  readonly date: string;
  readonly subject: string;
  /** Place in topological order, parents first; for commits of one second. */
  readonly rank?: number;
}

/** Where a finding stands in history. */
export interface GitFacts {
  readonly introduced?: CommitFacts;
  /** The newest commit that still holds it. */
  readonly lastPresent?: string;
  /** Its committer date, ISO 8601 UTC; where HEAD no longer holds it. */
  readonly lastPresentDate?: string;
  /** This path in HEAD still holds the key. */
  readonly inHead: boolean;
  /** From a ref or any stash entry. */
  readonly reachable: boolean;
  /** Full names, at most 20. */
  readonly refs: readonly string[];
  /** How many refs there are in all. */
  readonly refCount: number;
  readonly blob?: string;
}

/** Where what stands in a built file comes from, as its source map tells. */
export interface Original {
  /** A text for people: relative to where `Finding.path` counts, or in an archive to its top. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, UTF-16 code units. */
  readonly column: number;
}

export interface Finding {
  /** `kf1_…` */
  readonly fingerprint: string;
  /** `ks1_…` */
  readonly secretId: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** A context word of its rule stands near one of its places; absent in a saved report. */
  readonly hasContext?: boolean;
  readonly path: string;
  readonly members: readonly string[];
  readonly decoded: readonly string[];
  readonly start: Position;
  readonly end: Position;
  readonly entropy: number;
  /** All places of this fingerprint, this one included. */
  readonly occurrences: number;
  /** At most 200 characters around the secret, redacted. */
  readonly line: string;
  readonly git?: GitFacts;
  /** GitHub's hash of the line that it starts on (core/report/line-hash.ts); only where a report asks for it. */
  readonly lineHash?: string;
  readonly image?: ImageFacts;
  readonly original?: Original;
  /** The variable of the environment whose value bundlers put into what browsers load. */
  readonly variable?: string;
  readonly secret: Secret;
}
