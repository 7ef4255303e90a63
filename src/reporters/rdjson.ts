/**
 * reviewdog's JSON: one comment a finding, where reviewdog posts it.
 * @see https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto (read 2026-11-26)
 */
import type { Severity } from '../core/model/rule.ts';
import { describer } from './describe.ts';
import { jsonText } from './json-text.ts';
import { isWebPage } from './markdown-text.ts';
import type { Reporter } from './reporter.ts';

const severityNames = {
  critical: 'ERROR',
  high: 'ERROR',
  medium: 'WARNING',
  low: 'INFO',
  info: 'INFO',
} as const satisfies Record<Severity, string>;

export const rdjson: Reporter = {
  id: 'rdjson',
  render: (report) => {
    const describe = describer(report);
    const diagnostics = report.findings.map((finding) => {
      const page = report.rules[finding.rule]?.references.find(isWebPage);
      return {
        message: describe(finding),
        location: {
          path: finding.path,
          // Lines only: its columns count bytes of the line, ours characters.
          range: { start: { line: finding.start.line }, end: { line: finding.end.line } },
        },
        severity: severityNames[finding.severity],
        code: { value: finding.rule, ...(page !== undefined && { url: page }) },
      };
    });
    return `${jsonText({ source: { name: report.tool.name }, diagnostics }, 2)}\n`;
  },
};
