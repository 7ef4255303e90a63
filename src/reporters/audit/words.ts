/** Facts of an audited key as a person reads them. */
import type { AuditedKey } from '../../core/audit/audit-report.ts';
import type { KeyOwner } from '../../core/model/key-owner.ts';

export function scopeText({ scope }: Pick<AuditedKey, 'scope'>): string {
  const { kind, ids, permissions } = scope;
  if (kind === 'unknown') return 'not told';
  const what = kind === 'full' ? 'full access' : [kind, ...(ids ?? [])].join(' ');
  if (permissions === undefined) return what;
  return `${what}: ${permissions.length === 0 ? 'nothing' : permissions.join(', ')}`;
}

export function lastUseOf({ usedAt }: Pick<AuditedKey, 'usedAt'>): string {
  if (usedAt === undefined) return 'not told';
  return usedAt === null ? 'never' : usedAt.slice(0, 10);
}

/** `team-mail, newsletter, production`; empty where nothing is known. */
export function ownerText(owner: KeyOwner | undefined): string {
  return [owner?.owner, owner?.service, owner?.environment]
    .filter((word) => word !== undefined)
    .join(', ');
}
