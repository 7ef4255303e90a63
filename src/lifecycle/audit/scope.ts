/** How much a key may do, as far as the issuer tells. */
import type { Tier } from '../../core/audit/audit-report.ts';
import type { KeyEntry, KeyScope } from '../../providers/provider.ts';
import type { Account } from './account.ts';

/** The names of what an allow-list grants, sorted; undefined where everything in the scope is. */
export function granted({ permissions }: KeyScope): readonly string[] | undefined {
  if (!permissions) return undefined;
  return Object.keys(permissions)
    .filter((name) => permissions[name] === true)
    .sort();
}

/**
 * Whether the key opens the whole account. Undefined: the issuer does not say. Who lists keys at an
 * issuer that does not say has full access, as a scoped key is refused there.
 */
export function isFull(key: KeyEntry, { operatorId }: Pick<Account, 'operatorId'>) {
  const { kind, permissions } = key.scope;
  if (kind === 'unknown') return key.id === operatorId ? true : undefined;
  return kind === 'full' || (kind === 'organization' && !permissions);
}

export function tierOf(key: KeyEntry, account: Pick<Account, 'operatorId'>): Tier {
  const full = isFull(key, account);
  if (full === undefined) return 'unknown';
  if (full) return 'full admin';
  const names = granted(key.scope);
  return names?.every((name) => name.endsWith('_read')) ? 'read-only' : 'write';
}
