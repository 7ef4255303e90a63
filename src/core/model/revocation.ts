/** How the revocation of a key ended. */
export const outcomes = [
  'revoked-proven',
  'already-dead',
  'revoked-unproven',
  'refused',
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface KeyRevocation {
  readonly outcome: Outcome;
  /** Why it is no other; holds no secret. */
  readonly detail?: string;
  /** When the key was seen to fail, ISO 8601. */
  readonly provenAt?: string;
}

const fine: ReadonlySet<Outcome> = new Set(['revoked-proven', 'already-dead']);

/** Nothing is left to do, and a command may end with 0: the key does not work. */
export function isFine(outcome: Outcome): boolean {
  return fine.has(outcome);
}
