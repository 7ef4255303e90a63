/** What a key API can be asked. One file each issuer; an absent method is what the issuer cannot do. */
import type { Liveness } from '../core/model/liveness.ts';
import type { Secret } from '../core/model/secret.ts';
import type { BaseUrls, Http } from './http.ts';

/** What a key opens. `unknown`: the issuer does not say. */
export interface KeyScope {
  readonly kind: 'full' | 'mailboxes' | 'organization' | 'pod' | 'inbox' | 'unknown';
  /** Mailboxes, pod or inbox; never empty where the kind names some. */
  readonly ids?: readonly string[];
  /** Allow-list: only `true` counts. Absent: everything in the scope. */
  readonly permissions?: Readonly<Record<string, boolean>>;
}

/** The issuer's answer about one raw key. */
export interface Probe extends Liveness {
  readonly scope?: KeyScope;
  /** Where the answer itself names the key. */
  readonly keyId?: string;
  /** The account, organization or owner that the answer names. */
  readonly account?: string;
  /** HTTP status of the answer that decided. */
  readonly status?: number;
  /** Which of the issuer's regions gave it. */
  readonly region?: string;
}

/** One entry of an account's listing. */
export interface KeyEntry {
  readonly id: string;
  readonly name: string | null;
  /** The key's first characters, as many as the issuer shows. */
  readonly prefix: string | null;
  readonly isEnabled: boolean;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Absent where the issuer does not tell; null: never used. */
  readonly usedAt?: string | null;
  readonly scope: KeyScope;
}

/** What a successor should be. */
export interface KeyWish {
  readonly name: string;
  readonly scope: KeyScope;
}

/** A key just made. `id` where the issuer says it (or where the listing told). */
export interface CreatedKey {
  readonly key: Secret;
  readonly id?: string;
  readonly prefix: string;
  readonly scope: KeyScope;
}

/** Why a call did not do what was asked. Messages hold no secret. */
export interface Failure {
  readonly kind:
    | 'rejected' // the credential is not accepted
    | 'forbidden' // accepted, but it may not do this
    | 'payment' // the account is behind a payment gate
    | 'suspended'
    | 'not-found'
    | 'last-active-key' // the issuer keeps the account's only key
    | 'invalid' // the issuer refuses what was asked (400, 422)
    | 'rate-limited'
    | 'unreachable' // no answer, a cut one, a time-out: what was asked may have happened
    | 'unexpected'; // an answer that is not of the documented shape
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Which entry of the listing a raw key is. Never a guess. */
export type Identified =
  | {
      readonly kind: 'found';
      readonly id: string;
      /** `exact`: the issuer named it. `prefix`: the only enabled entry with its beginning. */
      readonly by: 'exact' | 'prefix';
      readonly entry?: KeyEntry;
    }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly KeyEntry[] }
  | { readonly kind: 'absent'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Provider {
  readonly id: string;
  /** As people write it. */
  readonly name: string;
  /** Rules whose secrets are keys of this issuer. */
  readonly rules: readonly string[];
  /** Those of them whose form other vendors share: sent only with the issuer's name near, or when asked for. */
  readonly needContext?: readonly string[];
  /** Public beginnings of its keys, longest first. */
  readonly prefixes?: readonly string[];
  /** Holds the operator's credential. */
  readonly credentialVariable: string;
  /** Holds another base URL, version path included. */
  readonly urlVariable: string;
  /** Where its API answers when the operator names no other place. */
  readonly base?: BaseUrls;
  /** What a listing tells; an audit says plainly what it does not. */
  readonly tells: {
    readonly scope: boolean;
    readonly lastUse: boolean;
    readonly permissions: boolean;
  };
  /** Reads only. `dead` needs the issuer's own word. */
  probe(key: Secret, http: Http): Promise<Probe>;
  /** `operator`: a credential of the same account that may list. */
  identify?(key: Secret, operator: Secret, http: Http): Promise<Identified>;
  /** All pages. */
  list?(operator: Secret, http: Http): Promise<Answer<readonly KeyEntry[]>>;
  /** Never tried again: an `unreachable` failure means that the key may be there; list to find it. */
  create?(operator: Secret, wish: KeyWish, http: Http): Promise<Answer<CreatedKey>>;
  /** `scope` of the key where known: some issuers revoke by the scope's own route. */
  revoke?(operator: Secret, keyId: string, http: Http, scope?: KeyScope): Promise<Answer<void>>;
  /** The ids of the mailboxes that a scoped key opens, asked with the key itself. */
  mailboxes?(key: Secret, http: Http): Promise<Answer<readonly string[]>>;
}

/** The part of a provider that tells whether a key is live. Some issuers are known no further. */
export type Verifier = Pick<
  Provider,
  'id' | 'name' | 'rules' | 'needContext' | 'prefixes' | 'urlVariable' | 'base' | 'probe'
>;
