/** What an audit's reporter is: AuditReport → text. No file, no exit code, no filtering. */
import type { AuditReport, CheckFacts } from '../../core/audit/audit-report.ts';
import { severities, type Severity } from '../../core/model/rule.ts';
import type { Style } from '../reporter.ts';

export interface AuditRenderOptions {
  /** What relative ages count from. */
  readonly now: Date;
}

export interface AuditReporter {
  readonly id: string;
  readonly render: (report: AuditReport, style: Style, options: AuditRenderOptions) => string;
}

/** A check as the report describes it. Every result names one that is there. */
export function factsOf({ checks }: AuditReport, id: string): CheckFacts {
  const known = checks.find((check) => check.id === id);
  return known ?? { id, severity: 'info', title: id, why: '', remedy: '' };
}

/** How many results there are of each severity that has any, worst first. */
export function countBySeverity(report: AuditReport): readonly [Severity, number][] {
  const found = report.accounts.flatMap(({ results }) =>
    results.map(({ check }) => factsOf(report, check).severity),
  );
  return severities.flatMap((severity): [Severity, number][] => {
    const count = found.filter((one) => one === severity).length;
    return count === 0 ? [] : [[severity, count]];
  });
}
