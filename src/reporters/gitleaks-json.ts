/**
 * The JSON that gitleaks writes, so that what imports its reports takes ours. Secrets are redacted, as by
 * its --redact.
 * @see https://github.com/gitleaks/gitleaks#reporting (fields, read 2026-11-26)
 */
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { commitOf } from './describe.ts';
import { jsonText } from './json-text.ts';
import type { Reporter } from './reporter.ts';

export const gitleaksJson: Reporter = {
  id: 'gitleaks-json',
  render: (report) =>
    `${jsonText(
      report.findings.map((finding) => leak(finding, report)),
      1,
    )}\n`,
};

function leak(finding: Finding, { rules }: Report) {
  const { rule, start, end, git } = finding;
  const commit = commitOf(finding) ?? '';
  const file = [finding.path, ...finding.members].join('!');
  const [, author = '', email = ''] =
    /^(.*?)(?: <([^<>]*)>)?$/s.exec(git?.introduced?.author ?? '') ?? [];
  const place = [...(commit === '' ? [] : [commit]), file, rule, start.line];
  return {
    RuleID: rule,
    Description: rules[rule]?.name ?? rule,
    StartLine: start.line,
    EndLine: end.line,
    StartColumn: start.column,
    // Theirs is the last character, ours the first behind it.
    EndColumn: Math.max(1, end.column - 1),
    Match: finding.secret.redacted,
    Secret: finding.secret.redacted,
    File: file,
    SymlinkFile: '',
    Commit: commit,
    Entropy: finding.entropy,
    Author: author,
    Email: email,
    Date: git?.introduced?.date ?? '',
    Message: git?.introduced?.subject ?? '',
    Tags: [],
    Fingerprint: place.join(':'),
  };
}
