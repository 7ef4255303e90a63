/** Audit → exit code. Independent of format and output. */
import { severities, type Severity } from '../model/rule.ts';
import type { AuditReport } from './audit-report.ts';

export const auditFailLevels = [...severities, 'never'] as const;
export type AuditFailLevel = (typeof auditFailLevels)[number];

/** 1 a check at or above the level failed, 2 an account could not be listed, 0 neither. */
export function auditExitCode(report: AuditReport, failOn: AuditFailLevel): 0 | 1 | 2 {
  const severityOf = new Map(report.checks.map(({ id, severity }) => [id, severity]));
  const failed = report.accounts.flatMap(({ results }) => results);
  if (failed.some(({ check }) => fails(severityOf.get(check), failOn))) return 1;
  return report.accounts.some(({ failure }) => failure !== undefined) ? 2 : 0;
}

function fails(severity: Severity | undefined, failOn: AuditFailLevel): boolean {
  if (failOn === 'never' || severity === undefined) return false;
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}
