/** Whether a key and the operator's credential belong to one account. Reads only. */
import type { Secret } from '../../core/model/secret.ts';
import { secretId } from '../../core/findings/identity.ts';
import type { Probe } from '../../providers/provider.ts';
import type { KeyApi } from '../ports.ts';

export interface Suspect {
  readonly key: Secret;
  readonly before: Probe;
  /** What it seems to be in the operator's listing. */
  readonly keyId: string;
}

/**
 * Why the key cannot be one of the operator's account, or undefined. A beginning of a few characters
 * is shared by keys of strangers, so what can be asked is asked: the account that the issuer names,
 * the listing that the key itself sees, the mailboxes that it opens.
 */
export async function strangerReason(
  { key, before, keyId }: Suspect,
  operator: Secret,
  api: KeyApi,
): Promise<string | undefined> {
  if (isSameSecret(key, operator)) return undefined;
  const { provider, http } = api;
  const who = await provider.probe(operator, http);
  if (before.account !== undefined && who.account !== undefined) {
    return before.account === who.account
      ? undefined
      : `the key belongs to ${before.account}, the credential to ${who.account}`;
  }
  const own = await provider.identify?.(operator, operator, http);
  if (own?.kind === 'found' && own.id === keyId) {
    return 'the only key of the account with this beginning is the credential itself';
  }
  if (before.scope?.kind === 'full') {
    const seen = await provider.list?.(key, http);
    if (!seen?.ok) return 'the key itself could not be asked which account it belongs to';
    return seen.value.some(({ id }) => id === keyId)
      ? undefined
      : 'the key itself sees the keys of another account';
  }
  const [opened, all] = [
    await provider.mailboxes?.(key, http),
    await provider.mailboxes?.(operator, http),
  ];
  if (!all?.ok) return undefined;
  // The credential's account shows its mailboxes; one that does not is another.
  if (!opened?.ok) return 'the key itself could not be asked which account it belongs to';
  const known = new Set(all.value);
  return opened.value.every((id) => known.has(id))
    ? undefined
    : 'the key opens mailboxes that the credential does not see';
}

export function isSameSecret(a: Secret, b: Secret): boolean {
  return secretId(a.reveal()) === secretId(b.reveal());
}
