/**
 * Markdown for a comment, a ticket or a job summary: keys first, what to do, where. All text from outside
 * stands in code, where it makes no link, mention, picture or HTML.
 */
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { severities } from '../core/model/rule.ts';
import { builtText } from './built-words.ts';
import { historyText, incompleteText, livenessText, revocationText } from './describe.ts';
import { codeSpan, escapeMarkdown, isWebPage } from './markdown-text.ts';
import type { Reporter } from './reporter.ts';

import { number, plural } from './words.ts';

/** Chosen: further places of one key say little more. The number of all is told. */
const mostPlaces = 20;

export const markdown: Reporter = {
  id: 'markdown',
  render: (report) => {
    const { keys, findings } = report.summary;
    const blocks = [
      `# keywarden: ${plural(keys, 'key')} in ${plural(findings, 'place')}`,
      ...incomplete(report),
      ...(report.target.empty === undefined
        ? []
        : [`Nothing to look at: ${escapeMarkdown(report.target.empty)}.`]),
      ...counts(report),
      ...report.keys.map((key) => section(key, report)),
      covered(report),
    ];
    return `${blocks.join('\n\n')}\n`;
  },
};

function incomplete(report: Report): readonly string[] {
  const text = incompleteText(report);
  return text === '' ? [] : [`**${escapeMarkdown(text)}**`];
}

function counts({ keys, summary }: Report): readonly string[] {
  if (keys.length === 0) return [];
  const rows = severities
    .map((level) => [level, keys.filter(({ severity }) => severity === level).length] as const)
    .filter(([, count]) => count > 0);
  const { baseline, inline, allowlist } = summary.suppressed;
  const accepted = baseline + inline + allowlist;
  return [
    [
      '| severity | keys |',
      '| --- | ---: |',
      ...rows.map(([level, count]) => `| ${level} | ${number(count)} |`),
    ].join('\n'),
    ...(accepted === 0
      ? []
      : [`${plural(accepted, 'finding')} accepted earlier, not listed here.`]),
  ];
}

function section(key: Exposure, report: Report): string {
  const { advice, revoke, name } = report.rules[key.rule] ?? { name: key.rule };
  const places = key.findings.slice(0, mostPlaces);
  const more = key.findings.length - places.length;
  const where = revoke !== undefined && isWebPage(revoke) ? `: <${revoke}>` : ' with its issuer';
  return [
    `## ${key.severity}: ${escapeMarkdown(name)} ${codeSpan(key.secret.redacted)}`,
    '',
    ...[livenessText(key.liveness), revocationText(key.revocation)]
      .filter(Boolean)
      .map((text) => `${escapeMarkdown(text)}\n`),
    `- **To do**: ${advice === undefined ? '' : `${escapeMarkdown(advice)} `}Revoke it${where}. Removing the line is not enough.`,
    ...places.map((finding) => `- ${place(finding, report)}`),
    ...(more > 0 ? [`- and ${plural(more, 'more place')}`] : []),
  ].join('\n');
}

function place(finding: Finding, { target }: Report): string {
  const { path, members, start, occurrences } = finding;
  const shown = codeSpan(`${[path, ...members].join('!')}:${start.line}:${start.column}`);
  const more = [historyText(finding, target.kind === 'history'), builtText(finding)]
    .filter((text) => text !== '')
    .join(' ');
  const others = occurrences > 1 ? ` (${plural(occurrences, 'occurrence')})` : '';
  return `${shown}${others}${more === '' ? '' : ` ${escapeMarkdown(more)}`}`;
}

function covered({ coverage }: Report): string {
  const seen = `Looked at ${plural(coverage.units, 'document')}`;
  const skipped = coverage.skipped.map(
    ({ reason, count }) => `${number(count)} ${escapeMarkdown(reason)}`,
  );
  return skipped.length === 0 ? `${seen}.` : `${seen}; left out: ${skipped.join(', ')}.`;
}
