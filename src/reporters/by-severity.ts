/** The order of findings where only the first of them may be shown: worst first. */
import type { Finding } from '../core/model/finding.ts';
import { severities } from '../core/model/rule.ts';

/** By severity, then path and position. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compare(a.path, b.path) ||
      a.start.line - b.start.line ||
      a.start.column - b.start.column ||
      compare(a.fingerprint, b.fingerprint),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
