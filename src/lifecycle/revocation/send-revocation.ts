/** The one request that takes a key out of service, and what its answer means. */
import type { KeyScope } from '../../providers/provider.ts';
import type { Clock } from '../ports.ts';
import type { Armed } from './plan-entry.ts';

export type Sent =
  /** The issuer said yes. */
  | { readonly kind: 'done' }
  /** It said that there is no such key, now or for this credential. */
  | { readonly kind: 'gone'; readonly message: string }
  /** It may have happened. */
  | { readonly kind: 'unclear'; readonly message: string }
  | { readonly kind: 'last-active-key' }
  /** It did not happen. */
  | { readonly kind: 'not-done'; readonly message: string };

/** The same request for the same id does no more than the first, so it may be sent again. */
const mostAttempts = 3;
const pauseMs = 1_000;

export async function sendRevocation(
  keyId: string,
  scope: KeyScope | undefined,
  { provider, http, operator }: Armed,
  clock: Clock,
): Promise<Sent> {
  let wasUnclear = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await provider.revoke?.(operator, keyId, http, scope);
    if (!answer) return { kind: 'not-done', message: `${provider.name} cannot revoke` };
    if (answer.ok) return { kind: 'done' };
    const { kind, message } = answer.failure;
    const isUnclear = kind === 'unreachable' || kind === 'unexpected';
    // The answer to an earlier request was lost; now the key is gone.
    if (kind === 'not-found') return wasUnclear ? { kind: 'done' } : { kind: 'gone', message };
    if (kind === 'last-active-key') return { kind };
    if (!isUnclear && kind !== 'rate-limited') {
      // A key that revoked itself is rejected from then on.
      return wasUnclear ? { kind: 'unclear', message } : { kind: 'not-done', message };
    }
    wasUnclear ||= isUnclear;
    if (attempt === mostAttempts) {
      return { kind: wasUnclear ? 'unclear' : 'not-done', message };
    }
    await clock.sleep(pauseMs);
  }
}
