/** Everything an audit of accounts' keys found out. Reporters turn it into text. */
import type { KeyOwner } from '../model/key-owner.ts';
import type { Severity } from '../model/rule.ts';

export const tiers = ['full admin', 'write', 'read-only', 'unknown'] as const;
/** How much a key may do. `unknown`: the issuer does not say. */
export type Tier = (typeof tiers)[number];

export interface AuditedScope {
  readonly kind: 'full' | 'mailboxes' | 'organization' | 'pod' | 'inbox' | 'unknown';
  readonly ids?: readonly string[];
  /** What an allow-list grants, sorted. Absent: everything in the scope. */
  readonly permissions?: readonly string[];
}

export interface AuditedKey {
  readonly keyId: string;
  /** As the issuer lists it; secrets in it are redacted. */
  readonly name: string | null;
  readonly prefix: string | null;
  readonly isEnabled: boolean;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly ageDays: number;
  /** Absent where the issuer does not tell; null: never used. */
  readonly usedAt?: string | null;
  readonly scope: AuditedScope;
  readonly tier: Tier;
  /** The audit was made with this very key. */
  readonly isOperator: boolean;
  /** From the inventory. */
  readonly owner?: KeyOwner;
}

/** A check as people read it. */
export interface CheckFacts {
  /** For ever; never reused. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong when it fails. */
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
}

export interface CheckResult {
  readonly check: string;
  /** Absent: the account as a whole. */
  readonly keyId?: string;
  readonly message: string;
}

/** A check that could not be made, or only for some of the keys, and why. */
export interface SkippedCheck {
  readonly check: string;
  readonly why: string;
}

export interface AuditedAccount {
  /** The provider's id. */
  readonly issuer: string;
  /** As people write it. */
  readonly issuerName: string;
  /** Why the keys could not be listed; then the lists are empty. */
  readonly failure?: string;
  /** Sorted by name, then id. */
  readonly keys: readonly AuditedKey[];
  /** Worst first. */
  readonly results: readonly CheckResult[];
  readonly skipped: readonly SkippedCheck[];
  /** What the issuer does not tell, each a sentence. */
  readonly untold: readonly string[];
}

export interface AuditReport {
  readonly schema: 1;
  readonly tool: { readonly name: 'keywarden'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly settings: {
    readonly maxAgeDays: number;
    readonly maxIdleDays: number;
    readonly namePattern: string;
  };
  /** Whether a keywarden.keys.yaml was there. */
  readonly hasInventory: boolean;
  /** Of every check there is, in their order. */
  readonly checks: readonly CheckFacts[];
  readonly accounts: readonly AuditedAccount[];
}
