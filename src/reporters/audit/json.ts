/** The whole audit as one JSON document; the shape is `schema/audit.schema.json`. */
import type {
  AuditedAccount,
  AuditedKey,
  AuditReport,
  CheckResult,
} from '../../core/audit/audit-report.ts';
import { severities } from '../../core/model/rule.ts';
import { jsonText } from '../json-text.ts';
import { countBySeverity, factsOf, type AuditReporter } from './reporter.ts';

export const json: AuditReporter = {
  id: 'json',
  render: (report) => `${jsonText(documentOf(report), 2)}\n`,
};

function documentOf(report: AuditReport) {
  const { schema, tool, checkedAt, settings, hasInventory, checks, accounts } = report;
  const counts = new Map(countBySeverity(report));
  return {
    schema,
    tool: { name: tool.name, version: tool.version },
    checkedAt,
    settings: {
      maxAgeDays: settings.maxAgeDays,
      maxIdleDays: settings.maxIdleDays,
      namePattern: settings.namePattern,
    },
    hasInventory,
    summary: {
      keys: accounts.reduce((sum, { keys }) => sum + keys.length, 0),
      failed: Object.fromEntries(severities.map((one) => [one, counts.get(one) ?? 0])),
      unlisted: accounts.filter(({ failure }) => failure !== undefined).length,
    },
    checks: checks.map(({ id, severity, title, why, remedy }) => ({
      id,
      severity,
      title,
      why,
      remedy,
    })),
    accounts: accounts.map((account) => accountOf(account, report)),
  };
}

function accountOf(account: AuditedAccount, report: AuditReport) {
  const { issuer, issuerName, failure, keys, results, skipped, untold } = account;
  return {
    issuer,
    issuerName,
    ...(failure !== undefined && { failure }),
    keys: keys.map(keyOf),
    results: results.map((result) => resultOf(result, report)),
    skipped: skipped.map(({ check, why }) => ({ check, why })),
    untold,
  };
}

function keyOf(key: AuditedKey) {
  const { scope, owner } = key;
  return {
    keyId: key.keyId,
    name: key.name,
    prefix: key.prefix,
    enabled: key.isEnabled,
    createdAt: key.createdAt,
    ageDays: key.ageDays,
    ...(key.usedAt !== undefined && { usedAt: key.usedAt }),
    scope: {
      kind: scope.kind,
      ...(scope.ids && { ids: scope.ids }),
      ...(scope.permissions && { permissions: scope.permissions }),
    },
    tier: key.tier,
    operator: key.isOperator,
    ...(owner && { owner: { ...owner } }),
  };
}

function resultOf({ check, keyId, message }: CheckResult, report: AuditReport) {
  return {
    check,
    severity: factsOf(report, check).severity,
    ...(keyId !== undefined && { keyId }),
    message,
  };
}
