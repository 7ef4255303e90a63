/** What the page is given to show. Plain data, embedded as JSON; every text in it is safe to print. */

export interface PageData {
  /** When the report was written (ISO 8601). */
  readonly now: string;
  /** History was asked, so that dates, authors and HEAD are known. */
  readonly hasHistory: boolean;
  readonly isComplete: boolean;
  readonly keys: readonly PageKey[];
}

/** Where a key stands now; `unknown` where history was not asked. */
export type Where = 'head' | 'history' | 'unknown';

export interface PageKey {
  readonly id: string;
  /** Name of the rule. */
  readonly name: string;
  readonly rule: string;
  readonly issuer: string;
  readonly severity: string;
  readonly confidence: string;
  readonly redacted: string;
  readonly liveness: {
    readonly state: 'live' | 'dead' | 'unknown' | 'unchecked';
    readonly detail?: string;
    readonly checkedAt?: string;
  };
  /** When it was seen to fail after its revocation (ISO 8601). */
  readonly revokedAt?: string;
  readonly where: Where;
  readonly since?: PageCommit;
  readonly steps: readonly string[];
  /** https only; anything else stands in the steps as text. */
  readonly links: readonly string[];
  readonly places: readonly PagePlace[];
}

export interface PageCommit {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
}

export interface PagePlace {
  readonly fingerprint: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** `base64, gzip`; empty where the key stands in plain text. */
  readonly decoded: string;
  readonly occurrences: number;
  /** Where it was built from, and which variable makes it public; empty where nothing is known. */
  readonly built: string;
  /** The line, redacted. */
  readonly text: string;
  readonly where: Where;
  readonly introduced?: PageCommit;
  /** Newest commit that holds it. */
  readonly lastCommit?: string;
  readonly lastDate?: string;
  readonly isReachable: boolean;
  readonly refs: readonly string[];
  readonly refCount: number;
}
