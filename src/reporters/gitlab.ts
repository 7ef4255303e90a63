/**
 * GitLab's secret detection report, schema 15.2.
 * @see https://docs.gitlab.com/development/integrations/secure/ (read 2026-11-26)
 * @see https://gitlab.com/gitlab-org/security-products/security-report-schemas (read 2026-11-26)
 */
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import type { Severity } from '../core/model/rule.ts';
import { adviceOf, commitOf, describer, incompleteText, titleOf } from './describe.ts';
import { jsonText } from './json-text.ts';
import { codeSpan, escapeMarkdown, isWebPage, linkOrText } from './markdown-text.ts';
import type { Reporter } from './reporter.ts';
import { clip } from './sarif-text.ts';

const schemaVersion = '15.2.1';
const mostName = 255;
const mostSolution = 7000;

const severityNames = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
} as const satisfies Record<Severity, string>;

/** Descriptions and solutions are shown as Markdown. */
const voice = { text: escapeMarkdown, key: codeSpan, address: linkOrText };

export const gitlab: Reporter = {
  id: 'gitlab',
  render: (report, _style, { now }) => {
    const describe = describer(report, voice);
    const document = {
      version: schemaVersion,
      scan: scanOf(report, now),
      vulnerabilities: report.findings.map((finding) =>
        vulnerability(finding, describe(finding), report),
      ),
    };
    return `${jsonText(document, 2)}\n`;
  },
};

function scanOf(report: Report, now: Date) {
  const { name, version } = report.tool;
  const tool = { id: name, name, version, vendor: { name } };
  // To the second, without a zone, in UTC. When the scan began is not in a report.
  const time = now.toISOString().slice(0, 19);
  const missed = incompleteText(report);
  return {
    analyzer: tool,
    scanner: tool,
    type: 'secret_detection',
    start_time: time,
    end_time: time,
    // What was found counts in any case; GitLab shows the messages beside it.
    status: 'success',
    ...(missed !== '' && { messages: [{ level: 'warn', value: missed }] }),
  };
}

function vulnerability(finding: Finding, description: string, report: Report) {
  const { rule, fingerprint, path, start, end } = finding;
  const page = report.rules[rule]?.references.find(isWebPage);
  const lines = { start_line: start.line, end_line: end.line };
  return {
    id: uuid(fingerprint),
    name: clip(titleOf(report, finding), mostName),
    description,
    severity: severityNames[finding.severity],
    solution: clip(adviceOf(report, rule, voice), mostSolution),
    identifiers: [
      {
        type: 'keywarden_rule_id',
        name: `keywarden rule ${rule}`,
        value: rule,
        ...(page !== undefined && { url: page }),
      },
      {
        type: 'cwe',
        name: 'CWE-798',
        value: '798',
        url: 'https://cwe.mitre.org/data/definitions/798.html',
      },
    ],
    location: { file: path, ...lines, commit: commit(finding, report) },
    // Which key in which file: it stays the same vulnerability when lines move.
    tracking: {
      type: 'source',
      items: [
        { file: path, ...lines, signatures: [{ algorithm: 'rule_value', value: fingerprint }] },
      ],
    },
  };
}

const noCommit = '0'.repeat(40);

/** No author and no message: the finding's commit says where to look. */
function commit(finding: Finding, { target }: Report) {
  const { introduced } = finding.git ?? {};
  return {
    sha: commitOf(finding) ?? target.head ?? noCommit,
    ...(introduced && { date: introduced.date }),
  };
}

/** The fingerprint's own digits in the form of a UUID of version 8, whose meaning is its maker's. */
function uuid(fingerprint: string): string {
  const hex = fingerprint
    .replace(/[^0-9a-f]/g, '')
    .slice(-32)
    .padStart(32, '0');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
