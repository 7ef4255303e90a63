/** What is to be revoked, what was found out about it, and what follows from that. Plain data. */
import type { Outcome } from '../../core/model/revocation.ts';
import type { Secret } from '../../core/model/secret.ts';
import type { KeyEntry, KeyScope, Probe } from '../../providers/provider.ts';

export type { Outcome };

export interface RevocationTarget {
  /** The provider's id. */
  readonly issuer: string;
  /** The raw key; or only its id is known. */
  readonly key?: Secret;
  readonly keyId?: string;
  /** Places, as shown to people. */
  readonly foundIn: readonly string[];
  /** Since when others could read it (ISO 8601); absent: not known. */
  readonly exposedSince?: string;
  /** The issuer's name stands near it. Automatic revocation asks for that. */
  readonly hasContext: boolean;
}

export type Decision =
  | { readonly kind: 'revoke' }
  | { readonly kind: 'already-dead'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface RevocationPlan {
  readonly target: RevocationTarget;
  readonly decision: Decision;
  readonly secretId?: string;
  /** What the issuer said of the raw key. */
  readonly before?: Probe;
  readonly keyId?: string;
  /** `prefix`: the only enabled entry with its beginning, which is no certainty. */
  readonly identifiedBy?: 'exact' | 'prefix' | 'given';
  readonly entry?: KeyEntry;
  readonly scope: KeyScope;
  /** Who revokes it. */
  readonly by?: 'operator' | 'itself';
  /** Whether it is the last key that opens everything. */
  readonly isLast?: 'yes' | 'no' | 'unknown';
  /** Keys made since the exposure by whoever could; absent where it cannot make keys, or nothing is known. */
  readonly children?: readonly KeyEntry[];
  readonly childrenSince?: string;
}

/** A plan in the making. */
export interface Draft extends Omit<RevocationPlan, 'decision'> {
  /** The id that the issuer says the raw key has, beside one that a person gave; null: it has none of the listed. */
  readonly named?: string | null;
  /** Which entry the credential itself is could not be told. */
  readonly isOwnUnknown?: boolean;
  readonly use?: 'revoke' | 'rotate';
}

export function refused(why: string): Decision {
  return { kind: 'refused', why };
}

export function failed(why: string): Decision {
  return { kind: 'failed', why };
}

export function decided(draft: Draft, decision: Decision): RevocationPlan {
  const { named: _, isOwnUnknown: __, use: ___, ...known } = draft;
  return { ...known, decision };
}

export interface Revocation {
  readonly plan: RevocationPlan;
  /** Absent: only planned. */
  readonly outcome?: Outcome;
  readonly detail?: string;
  /** When the key was seen to fail, ISO 8601. */
  readonly provenAt?: string;
}
