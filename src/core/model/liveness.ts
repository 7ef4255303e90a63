/** What the issuer said about a key. `dead` needs the issuer's own word. */
export interface Liveness {
  readonly state: 'live' | 'dead' | 'unknown' | 'unchecked';
  /** full, scoped, restricted, suspended, gated; or why nothing could be told. */
  readonly detail?: string;
  /** `low`: the answer speaks for the state but could mean something else. */
  readonly confidence?: 'low';
  /** ISO 8601, UTC. */
  readonly checkedAt?: string;
}
