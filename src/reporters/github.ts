/**
 * Workflow commands of GitHub Actions: annotations on the lines of a pull request. Worst first, and no more
 * than a step shows.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (read 2026-11-26)
 */
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { bySeverity } from './by-severity.ts';
import { adviceOf, describer, incompleteText, isFile, titleOf } from './describe.ts';
import type { Reporter } from './reporter.ts';
import { levels } from './sarif-rules.ts';
import { plural } from './words.ts';

/** Annotations of each kind that a step shows; it passes over the rest without a word. */
const mostOfKind = 10;

const kinds = { error: 'error', warning: 'warning', note: 'notice' } as const;
type Kind = (typeof kinds)[keyof typeof kinds];

export const github: Reporter = {
  id: 'github',
  render: (report) => {
    const missed = incompleteText(report);
    const left: Record<Kind, number> = {
      error: mostOfKind,
      warning: mostOfKind - Number(missed !== ''),
      // One is kept for what is left out.
      notice: mostOfKind - 1,
    };
    const describe = describer(report);
    const lines = missed === '' ? [] : [command('warning', { title: 'keywarden' }, missed)];
    let leftOut = 0;
    const live = liveIds(report);
    for (const finding of worstFirst(report, live)) {
      const kind = live.has(finding.secretId) ? 'error' : kinds[levels[finding.severity]];
      if (left[kind] === 0) {
        leftOut += 1;
        continue;
      }
      left[kind] -= 1;
      const message = `${describe(finding)}\n${adviceOf(report, finding.rule)}`;
      lines.push(command(kind, properties(finding, report), message));
    }
    if (leftOut > 0) {
      const text = `${plural(leftOut, 'more finding')} of ${report.summary.findings} without an annotation: a step shows ${mostOfKind} of a kind.`;
      lines.push(command('notice', { title: 'keywarden' }, text));
    }
    const { keys, findings } = report.summary;
    lines.push(`keywarden: ${plural(keys, 'key')} in ${plural(findings, 'place')}`);
    return `${lines.join('\n')}\n`;
  },
};

/** Live keys before all others. */
function worstFirst({ findings }: Report, live: ReadonlySet<string>): readonly Finding[] {
  const sorted = bySeverity(findings);
  return [
    ...sorted.filter(({ secretId }) => live.has(secretId)),
    ...sorted.filter(({ secretId }) => !live.has(secretId)),
  ];
}

function liveIds({ keys }: Report): ReadonlySet<string> {
  return new Set(
    keys.filter(({ liveness }) => liveness.state === 'live').map(({ secretId }) => secretId),
  );
}

function properties(finding: Finding, report: Report): Readonly<Record<string, string | number>> {
  const { path, members, start, end } = finding;
  const title = `${titleOf(report, finding)} (${finding.severity})`;
  if (!isFile(finding)) return { title };
  // Lines of a member are not lines of the archive.
  if (members.length > 0) return { file: path, title };
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
  return { file: path, line: start.line, endLine: end.line, ...columns, title };
}

function command(
  kind: Kind,
  values: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(values).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${kind} ${list.join(',')}::${data(message)}`;
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Line breaks are encoded, so that a path with one still names its file; what steers a terminal is shown. */
function data(text: string): string {
  return text
    .split(/([\r\n])/)
    .map((part) => encoded[part] ?? sanitize(part).replaceAll('%', '%25'))
    .join('');
}

const encoded: Readonly<Record<string, string>> = { '\r': '%0D', '\n': '%0A' };
