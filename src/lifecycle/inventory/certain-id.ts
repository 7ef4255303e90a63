/** Which listed key a raw key is, where no doubt is left: an inventory that names the wrong owner is worse than none. */
import type { Secret } from '../../core/model/secret.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import type { KeyApi } from '../ports.ts';

export type Placed =
  { readonly id: string; readonly why?: never } | { readonly id?: never; readonly why: string };

/** `keys`: the account's listing. Asks the issuer about the key. */
export async function certainId(
  key: Secret,
  keys: readonly KeyEntry[],
  api: Required<KeyApi>,
): Promise<Placed> {
  const { provider, http, operator } = api;
  if (!provider.identify) return { why: `${provider.name} does not tell which key one is` };
  const found = await provider.identify(key, operator, http);
  switch (found.kind) {
    case 'found':
      if (!keys.some(({ id }) => id === found.id)) return { why: 'it is not in the listing' };
      if (found.by === 'exact') return { id: found.id };
      return (await isOnlyByPrefix(key, keys, api))
        ? { id: found.id }
        : { why: 'its beginning fits a listed key, which is no proof' };
    case 'ambiguous':
      return { why: 'several listed keys begin as it does' };
    case 'absent':
      return { why: found.message };
    case 'failed':
      return { why: found.failure.message };
    default:
      return found satisfies never;
  }
}

/**
 * A live key of this account is one of its enabled keys: where each of those shows its beginning and one
 * alone fits (identify saw to that), it is that one. What is left to show is that the account is the same.
 */
async function isOnlyByPrefix(
  key: Secret,
  keys: readonly KeyEntry[],
  { provider, http, operator }: Required<KeyApi>,
): Promise<boolean> {
  if (keys.some(({ isEnabled, prefix }) => isEnabled && prefix === null)) return false;
  if (key.reveal() === operator.reveal()) return true;
  const own = await provider.list?.(key, http);
  if (own?.ok) {
    const ids = new Set(keys.map(({ id }) => id));
    return own.value.length > 0 && own.value.every(({ id }) => ids.has(id));
  }
  const [opened, all] = [
    await provider.mailboxes?.(key, http),
    await provider.mailboxes?.(operator, http),
  ];
  if (!opened?.ok || !all?.ok) return false;
  const ofAccount = new Set(all.value);
  return opened.value.some((id) => ofAccount.has(id));
}
