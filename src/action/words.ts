/** The report as the runner takes it: annotations, worst first and within its limits, and a summary. Values in, values out. */
import { problemWeight } from '../reporters/problem-weight.ts';
import { stepsOf } from '../reporters/pretty-next.ts';
import { number, plural, shortCommit } from '../reporters/words.ts';
import { sanitize } from '../core/report/sanitize.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { severities, type Severity } from '../core/model/rule.ts';

const levelOf = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
} as const satisfies Record<Severity, string>;

/** A step shows so many of each level. */
const mostOfALevel = 10;
/** @see https://docs.github.com/en/actions/reference/limits (read 2026-11-26); a summary above it is dropped whole. */
const mostSummaryBytes = 1_000_000;

/** `folder`: of the repository in the workspace; empty when it is the workspace. */
export function annotations({ findings, rules }: Report, folder = ''): readonly string[] {
  const worstFirst = [...findings].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  const counts = { error: 0, warning: 0, notice: 0 };
  return worstFirst.flatMap((finding) => {
    const level = levelOf[finding.severity];
    counts[level] += 1;
    if (counts[level] > mostOfALevel) return [];
    const { path, start, end, secret, rule, git } = finding;
    const name = rules[rule]?.name ?? rule;
    const commit = git?.introduced ? ` (commit ${shortCommit(git.introduced.commit)})` : '';
    const place = path.startsWith('(')
      ? []
      : [
          `file=${property(folder === '' ? path : `${folder}/${path}`)}`,
          `line=${start.line}`,
          `col=${start.column}`,
          ...(end.line === start.line ? [`endColumn=${end.column}`] : [`endLine=${end.line}`]),
        ];
    const properties = [...place, `title=${property(`Leaked key: ${name}`)}`].join(',');
    return [
      `::${level} ${properties}::${data(`${name} ${secret.redacted}${commit}: take it out of service`)}`,
    ];
  });
}

export function summary(report: Report): string {
  const head = [
    `## ${report.keys.length === 0 ? 'No leaked keys found' : plural(report.keys.length, 'leaked key')}`,
    '',
    ...coverageLines(report),
    ...(report.keys.length === 0
      ? []
      : ['| severity | key | where | since | state |', '| --- | --- | --- | --- | --- |']),
  ];
  const rows = report.keys.map((key) => {
    const first = key.findings[0];
    const more = key.findings.length - 1;
    const since = key.firstSeen
      ? `${key.firstSeen.date.slice(0, 10)} ${shortCommit(key.firstSeen.commit)}`
      : '';
    const where = first ? `${placeOf(first)}${more > 0 ? ` and ${number(more)} more` : ''}` : '';
    return `| ${[key.severity, `${report.rules[key.rule]?.name ?? key.rule} ${key.secret.redacted}`, where, since, key.liveness.state].map(cell).join(' | ')} |`;
  });
  const [worst] = report.keys;
  const next = worst
    ? [
        '',
        '### What to do first',
        '',
        ...stepsOf(worst, report).map((step, at) => `${at + 1}. ${cell(step)}`),
      ]
    : [];
  return fit(head, rows, next);
}

function coverageLines({ coverage }: Report): readonly string[] {
  if (coverage.complete)
    return [`Everything asked for was looked at (${plural(coverage.units, 'document')}).`, ''];
  const missed = coverage.skipped.filter(({ reason }) => problemWeight(reason) !== 'expected');
  const why = missed.map(({ reason, count }) => `${reason}: ${number(count)}`).join(', ');
  return [`**INCOMPLETE**: not everything was looked at (${cell(why)}).`, ''];
}

/** As many rows as the runner takes; how many were left out is said. */
function fit(head: readonly string[], rows: readonly string[], next: readonly string[]): string {
  const size = (lines: readonly string[]): number =>
    lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  let room = mostSummaryBytes - size(head) - size(next) - 200;
  const shown: string[] = [];
  for (const row of rows) {
    room -= Buffer.byteLength(row) + 1;
    if (room < 0) break;
    shown.push(row);
  }
  const left = rows.length - shown.length;
  const more = left > 0 ? ['', `and ${plural(left, 'more key')}: the report has them.`] : [];
  return `${[...head, ...shown, ...more, ...next].join('\n')}\n`;
}

function placeOf({ path, start }: Finding): string {
  return `${path}:${start.line}`;
}

/** Nothing in it is Markdown or HTML. */
function cell(text: string): string {
  return sanitize(text)
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*_{}[\]()#!|~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (read 2026-11-26) */
function data(text: string): string {
  return sanitize(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
