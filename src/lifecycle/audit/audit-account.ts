/** One account through all checks. */
import type { AuditedAccount, AuditedKey, CheckFacts } from '../../core/audit/audit-report.ts';
import { ownerOf } from '../../core/inventory/whose.ts';
import { severities } from '../../core/model/rule.ts';
import type { KeyEntry, Provider } from '../../providers/provider.ts';
import { daysBetween, type Account } from './account.ts';
import { checks } from './checks/index.ts';
import { granted, tierOf } from './scope.ts';

/** `clean` takes secrets out of what the issuer, the inventory and reports call things. */
export function auditAccount(account: Account, clean: (text: string) => string): AuditedAccount {
  const outcomes = checks.map((check) => ({ check, ...check.run(account) }));
  const bySeverity = [...outcomes].sort(
    (a, b) => severities.indexOf(a.check.severity) - severities.indexOf(b.check.severity),
  );
  return {
    issuer: account.issuer.id,
    issuerName: account.issuer.name,
    keys: [...account.keys].sort(byName).map((key) => toAudited(key, account, clean)),
    results: bySeverity.flatMap(({ check, failed }) =>
      failed.map((one) => ({ check: check.id, ...one, message: clean(one.message) })),
    ),
    skipped: outcomes.flatMap(({ check, skipped }) =>
      skipped === undefined ? [] : [{ check: check.id, why: skipped }],
    ),
    untold: [
      ...untoldBy(account.issuer),
      ...(account.part === undefined
        ? []
        : [`The credential sees only the keys of ${account.part}; the rest was not looked at.`]),
    ],
  };
}

/** An account whose keys could not be listed. */
export function failedAccount(
  { id, name, tells }: Account['issuer'],
  failure: string,
): AuditedAccount {
  const untold = untoldBy({ id, name, tells });
  return { issuer: id, issuerName: name, failure, keys: [], results: [], skipped: [], untold };
}

export const checkFacts: readonly CheckFacts[] = checks.map(
  ({ id, severity, title, why, remedy }) => ({ id, severity, title, why, remedy }),
);

function untoldBy({ name, tells }: Pick<Provider, 'id' | 'name' | 'tells'>): readonly string[] {
  return [
    ...(tells.scope ? [] : [`${name} does not tell what a key opens (its scope).`]),
    ...(tells.permissions || !tells.scope ? [] : [`${name} does not tell permissions.`]),
    ...(tells.lastUse ? [] : [`${name} does not tell when a key was last used.`]),
  ];
}

function toAudited(key: KeyEntry, account: Account, clean: (text: string) => string): AuditedKey {
  const { id, name, prefix, isEnabled, createdAt, usedAt, scope } = key;
  const entry = account.inventory?.entries.get(id);
  const permissions = granted(scope);
  const ageDays = daysBetween(createdAt, account.now);
  return {
    keyId: id,
    name: name === null ? null : clean(name),
    prefix,
    isEnabled,
    createdAt,
    ageDays: Number.isNaN(ageDays) ? 0 : Math.max(0, ageDays),
    ...(usedAt === undefined ? {} : { usedAt }),
    scope: {
      kind: scope.kind,
      ...(scope.ids ? { ids: scope.ids } : {}),
      ...(permissions ? { permissions } : {}),
    },
    tier: tierOf(key, account),
    isOperator: id === account.operatorId,
    ...(entry ? { owner: ownerOf(entry, clean) } : {}),
  };
}

function byName(a: KeyEntry, b: KeyEntry): number {
  return compare(a.name ?? '', b.name ?? '') || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
