/**
 * One row a finding, for spreadsheets. Every cell is quoted, and none is a formula.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11-26)
 */
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { originalPlace } from './built-words.ts';
import type { Reporter } from './reporter.ts';

type Column = (finding: Finding, report: Report) => string | number | boolean | undefined;

/** Column names are part of the format: new ones go to the end. */
const columns: Readonly<Record<string, Column>> = {
  severity: ({ severity }) => severity,
  confidence: ({ confidence }) => confidence,
  rule: ({ rule }) => rule,
  name: ({ rule }, { rules }) => rules[rule]?.name,
  redacted: ({ secret }) => secret.redacted,
  path: ({ path }) => path,
  members: ({ members }) => members.join('!'),
  line: ({ start }) => start.line,
  column: ({ start }) => start.column,
  occurrences: ({ occurrences }) => occurrences,
  in_head: ({ git }) => git?.inHead,
  introduced_commit: ({ git }) => git?.introduced?.commit,
  introduced_date: ({ git }) => git?.introduced?.date,
  introduced_by: ({ git }) => git?.introduced?.author,
  last_present: ({ git }) => git?.lastPresent,
  secret_id: ({ secretId }) => secretId,
  fingerprint: ({ fingerprint }) => fingerprint,
};

export const csv: Reporter = {
  id: 'csv',
  render: (report) => {
    const states = new Map(report.keys.map(({ secretId, liveness }) => [secretId, liveness.state]));
    const rows = report.findings.map((finding) => [
      ...Object.values(columns).map((column) => column(finding, report)),
      states.get(finding.secretId),
      finding.original && originalPlace(finding.original),
      finding.variable,
    ]);
    return [[...Object.keys(columns), 'liveness', 'original', 'variable'], ...rows]
      .map((row) => `${row.map(cell).join(',')}\n`)
      .join('');
  },
};

/** What a spreadsheet takes for a formula, in the wide forms of East Asian keyboards too. */
const formulaStart = /^\s*[=+\-@＝＋－＠]/;

function cell(value: string | number | boolean | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = sanitize(String(value ?? ''));
  const harmless = formulaStart.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
