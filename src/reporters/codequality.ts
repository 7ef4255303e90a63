/**
 * GitLab Code Quality: shown in merge requests on every tier, which secret detection is not.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format (read 2026-11-26)
 */
import type { Severity } from '../core/model/rule.ts';
import { describer } from './describe.ts';
import { jsonText } from './json-text.ts';
import type { Reporter } from './reporter.ts';

const severityNames = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
} as const satisfies Record<Severity, string>;

export const codequality: Reporter = {
  id: 'codequality',
  render: (report) => {
    const describe = describer(report);
    const issues = report.findings.map((finding) => ({
      description: describe(finding),
      check_name: finding.rule,
      fingerprint: finding.fingerprint,
      severity: severityNames[finding.severity],
      location: {
        path: finding.path.replace(/^(?:\.\/)+/, ''),
        lines: { begin: finding.start.line, end: finding.end.line },
      },
    }));
    return `${jsonText(issues, 2)}\n`;
  },
};
