/** Keys that begin alike: if one of them leaks it cannot be told which. */
import type { KeyEntry } from '../../../providers/provider.ts';
import { called, enabled } from '../account.ts';
import type { Check } from '../check.ts';
import { secretCharacters } from '../prefix.ts';

/** With fewer, collisions are the rule and say nothing. */
const leastSecret = 4;

export const prefixCollision: Check = {
  id: 'prefix-collision',
  severity: 'low',
  title: 'Keys begin alike',
  why: 'Which of them a leaked key is cannot be told from the listing, so neither can be revoked without a guess.',
  remedy: 'Rotate one of them now, while none has leaked; or put digests into the inventory.',
  run: ({ keys, issuer }) => {
    const shown = enabled(keys).filter(({ prefix }) => prefix !== null);
    const long = shown.filter(({ prefix }) => secretCharacters(prefix ?? '') >= leastSecret);
    const groups = [...byPrefix(long)].filter(([, group]) => group.length > 1);
    const failed = groups.map(([prefix, group]) => ({
      message: `${group.map(called).join(', ')} begin with ${prefix}`,
    }));
    if (long.length === shown.length) return { failed };
    const why = `${issuer.name} shows fewer than ${leastSecret} secret characters of ${shown.length - long.length} keys, too few to compare`;
    return { failed, skipped: why };
  },
};

function byPrefix(keys: readonly KeyEntry[]): ReadonlyMap<string, readonly KeyEntry[]> {
  const groups = new Map<string, KeyEntry[]>();
  for (const key of keys) {
    const prefix = key.prefix ?? '';
    groups.set(prefix, [...(groups.get(prefix) ?? []), key]);
  }
  return groups;
}
