/**
 * JUnit XML: one failed test a finding, and one test of whether all was looked at, so that a suite is
 * never empty. There is no standard; this is what Jenkins, GitLab, Azure and CircleCI read.
 * @see https://github.com/testmoapp/junitxml (read 2026-11-26)
 */
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { adviceOf, describer, incompleteText } from './describe.ts';
import type { Reporter } from './reporter.ts';

export const junit: Reporter = {
  id: 'junit',
  render: (report) => {
    const { findings } = report;
    const describe = describer(report);
    const missed = incompleteText(report);
    const counts = attributes({
      name: 'keywarden',
      tests: findings.length + 1,
      failures: findings.length,
      errors: missed === '' ? 0 : 1,
      time: 0,
    });
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites${counts}>`,
      `  <testsuite${counts}>`,
      coverageCase(report, missed),
      ...findings.map((finding) => findingCase(finding, describe(finding), report)),
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n');
  },
};

function coverageCase({ coverage }: Report, missed: string): string {
  const open = `    <testcase${attributes({ classname: 'keywarden', name: 'all was looked at', time: 0 })}`;
  if (missed === '') return `${open}/>`;
  const text = coverage.skipped
    .map(({ reason, count, examples }) => `${reason}: ${count} ${examples.join(', ')}`.trim())
    .join('; ');
  return [
    `${open}>`,
    `      <error${attributes({ message: missed, type: 'incomplete' })}>${escape(text)}</error>`,
    '    </testcase>',
  ].join('\n');
}

function findingCase(finding: Finding, message: string, report: Report): string {
  const { path, members, start, rule, severity } = finding;
  const place = `${[path, ...members].join('!')}:${start.line}:${start.column}`;
  const test = attributes({
    classname: rule,
    // Two keys may start at one place: the fingerprint tells them apart.
    name: `${place} ${finding.secret.redacted} ${finding.fingerprint}`,
    file: path,
    line: start.line,
    time: 0,
  });
  return [
    `    <testcase${test}>`,
    `      <failure${attributes({ message, type: severity })}>${escape(`${place}: ${adviceOf(report, rule)}`)}</failure>`,
    '    </testcase>',
  ].join('\n');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no place for control characters and U+FFFE, U+FFFF, not even as entities. */
function escape(text: string): string {
  return sanitize(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
