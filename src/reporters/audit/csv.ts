/** One row for each result, and one for each key without any: the whole listing for a spreadsheet. */
import type {
  AuditedAccount,
  AuditedKey,
  AuditReport,
  CheckResult,
} from '../../core/audit/audit-report.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { factsOf, type AuditReporter } from './reporter.ts';

/** Column names are part of the format: new ones go to the end. */
const header = [
  'issuer',
  'severity',
  'check',
  'message',
  'remedy',
  'key_id',
  'name',
  'prefix',
  'enabled',
  'created',
  'last_used',
  'scope',
  'tier',
  'owner',
  'service',
  'environment',
] as const;

export const csv: AuditReporter = {
  id: 'csv',
  render: (report) =>
    [header, ...report.accounts.flatMap((account) => rowsOf(account, report))]
      .map((cells) => `${cells.map(cell).join(',')}\n`)
      .join(''),
};

function rowsOf(account: AuditedAccount, report: AuditReport): readonly (readonly string[])[] {
  const { issuer, failure, keys, results } = account;
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  const named = new Set(results.map(({ keyId }) => keyId));
  return [
    ...(failure === undefined ? [] : [[issuer, '', 'not listed', failure]]),
    ...results.map((result) => [
      issuer,
      ...resultCells(result, report),
      ...keyCells(result.keyId === undefined ? undefined : byId.get(result.keyId)),
    ]),
    ...keys
      .filter(({ keyId }) => !named.has(keyId))
      .map((key) => [issuer, '', '', '', '', ...keyCells(key)]),
  ].map((cells) => [...cells, ...Array.from({ length: header.length - cells.length }, () => '')]);
}

function resultCells({ check, message }: CheckResult, report: AuditReport): readonly string[] {
  const { severity, remedy } = factsOf(report, check);
  return [severity, check, message, remedy];
}

function keyCells(key: AuditedKey | undefined): readonly string[] {
  if (!key) return [];
  const { scope, owner } = key;
  return [
    key.keyId,
    key.name ?? '',
    key.prefix ?? '',
    key.isEnabled ? 'yes' : 'no',
    key.createdAt,
    key.usedAt === undefined ? 'not told' : (key.usedAt ?? 'never'),
    [scope.kind, ...(scope.ids ?? [])].join(' '),
    key.tier,
    owner?.owner ?? '',
    owner?.service ?? '',
    owner?.environment ?? '',
  ];
}

/** What a spreadsheet takes for a formula, in the wide forms of East Asian keyboards too. */
const formulaStart = /^\s*[=+\-@＝＋－＠]/;

/**
 * Quoted, and no formula: names come from outside.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11-26)
 */
function cell(text: string): string {
  const safe = sanitize(text);
  const harmless = formulaStart.test(safe) ? `'${safe}` : safe;
  return `"${harmless.replaceAll('"', '""')}"`;
}
