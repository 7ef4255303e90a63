/** Which entry of the account's listing a raw Robotomail key is. */
import type { Secret } from '../../core/model/secret.ts';
import { byPrefix } from '../answers.ts';
import type { Http } from '../http.ts';
import type { Identified, KeyEntry } from '../provider.ts';
import { list, mailboxes, prefixes } from './calls.ts';

/**
 * By the beginning that the listing shows; exact where the account has one enabled key and the raw key opens
 * its listing. A beginning has 20 bits, so a key of another account could hit a namesake: that both are of
 * the same account is asked first.
 */
export async function identify(key: Secret, operator: Secret, http: Http): Promise<Identified> {
  const listed = await list(operator, http);
  if (!listed.ok) return { kind: 'failed', failure: listed.failure };
  const isSame = key.reveal() === operator.reveal();
  const own = isSame ? listed : await list(key, http);
  if (own.ok) {
    const ids = new Set(own.value.map(({ id }) => id));
    if (!listed.value.some(({ id }) => ids.has(id))) return otherAccount;
    const enabled = own.value.filter(({ isEnabled }) => isEnabled);
    const [only] = enabled;
    if (only && enabled.length === 1)
      return { kind: 'found', id: only.id, by: 'exact', entry: only };
    return pick(key, listed.value);
  }
  if (own.failure.kind === 'rejected') {
    return { kind: 'absent', message: 'the key is dead, and a dead key is not looked up' };
  }
  if (own.failure.kind !== 'forbidden') return { kind: 'failed', failure: own.failure };
  const [opened, all] = [await mailboxes(key, http), await mailboxes(operator, http)];
  if (opened.ok && all.ok && opened.value.length > 0) {
    const ofAccount = new Set(all.value);
    if (!opened.value.some((id) => ofAccount.has(id))) return otherAccount;
  }
  return pick(key, listed.value);
}

const otherAccount: Identified = {
  kind: 'absent',
  message: 'the key belongs to another account than the credential',
};

function pick(key: Secret, entries: readonly KeyEntry[]): Identified {
  const candidates = byPrefix(key, entries, prefixes);
  const [only] = candidates;
  if (only && candidates.length === 1) {
    return { kind: 'found', id: only.id, by: 'prefix', entry: only };
  }
  if (candidates.length > 1) return { kind: 'ambiguous', candidates };
  const hidden = entries.filter(({ isEnabled, prefix }) => isEnabled && prefix === null).length;
  const message = 'no enabled key of the account shows the beginning of this one';
  return { kind: 'absent', message: hidden === 0 ? message : `${message}; ${hidden} show none` };
}
