/** Revoked keys that are accepted a little longer, as where a cache has to hear of it. */

export interface RevocationDelay {
  readonly revokedLivesRequests: number;
  readonly revokedLivesMs: number;
}

export function revocations(delay: RevocationDelay, now: () => Date) {
  const since = new Map<string, { readonly at: number; requests: number }>();
  return {
    add: (id: string): void => void since.set(id, { at: now().getTime(), requests: 0 }),
    /** Counts the request that asks. */
    stillLives(id: string): boolean {
      const revoked = since.get(id);
      if (!revoked) return false;
      revoked.requests += 1;
      const isEarly = now().getTime() - revoked.at < delay.revokedLivesMs;
      return isEarly || revoked.requests <= delay.revokedLivesRequests;
    },
  };
}
