/** One key: all findings of one secret. */
import type { Liveness } from './liveness.ts';
import type { CommitFacts, Finding } from './finding.ts';
import type { KeyOwner } from './key-owner.ts';
import type { KeyRevocation } from './revocation.ts';
import type { Confidence, Severity } from './rule.ts';
import type { Secret } from './secret.ts';

export interface Exposure {
  readonly secretId: string;
  /** The most specific rule that matched it. */
  readonly rule: string;
  readonly issuer: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly secret: Secret;
  /** Any path in HEAD still holds it; absent when history was not asked. */
  readonly inHead?: boolean;
  readonly liveness: Liveness;
  readonly firstSeen?: CommitFacts;
  /** The issuer's own id of the key and its listed beginning, where the issuer told them. */
  readonly keyId?: string;
  readonly prefix?: string;
  /** Absent: nobody asked for it, or there was nothing to revoke. */
  readonly revocation?: KeyRevocation;
  /** In the words of the inventory in the current folder. */
  readonly owner?: KeyOwner;
  readonly findings: readonly Finding[];
}

/** What is known of a key beyond where it was found. */
export type KeyState = Pick<Exposure, 'liveness' | 'keyId' | 'prefix' | 'revocation'>;
