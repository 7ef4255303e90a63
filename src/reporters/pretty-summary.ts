/** The end of the pretty report: how much was found, and, as plainly, how much was looked at. */
import type { Skipped } from '../core/model/coverage.ts';
import type { Report } from '../core/model/report.ts';
import { severities } from '../core/model/rule.ts';
import { elideEnd, elideMiddle, wrap } from './pretty-layout.ts';
import type { Page } from './pretty-page.ts';
import { problemWeight } from './problem-weight.ts';
import { number, plural, since, size } from './words.ts';

const mostExamples = 5;

export function summaryLines(page: Page, report: Report): readonly string[] {
  const { style } = page;
  const paint = report.coverage.complete ? style.green : style.yellow;
  const head =
    report.keys.length === 0
      ? wrap(page.show(nothingFound(report)), page.width).map(paint)
      : [
          ...wrap(found(report), page.width).map(style.bold),
          ...wrap(`Looked into ${seen(report)}.`, page.width),
        ];
  return [
    ...head,
    ...wrapAll(page, [
      ...asked(report),
      ...suppressed(report),
      ...staleBaseline(report),
      ...foreign(report),
    ]),
    ...incomplete(page, report),
    ...wrapAll(page, archives(report)).map(style.dim),
    ...leftOut(page, report),
  ];
}

export function nothingFound({ target, coverage, ...report }: Report): string {
  if (target.empty !== undefined) return `Nothing to look at: ${target.empty}.`;
  if (coverage.units === 0 && coverage.objects === 0) return 'Nothing was looked at.';
  const what = coverage.complete ? '' : 'what could be looked at: ';
  return `No leaked keys found in ${what}${seen({ target, coverage, ...report })}.`;
}

function found({ summary, keys }: Report): string {
  const counts = severities
    .map((severity) => ({
      severity,
      count: keys.filter((key) => key.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${number(count)} ${severity}`);
  const live = summary.live > 0 ? ` ${number(summary.live)} live.` : '';
  return `${plural(summary.keys, 'key')}, ${plural(summary.findings, 'finding')}: ${counts.join(', ')}.${live}`;
}

const states = [
  ['live', 'live'],
  ['dead', 'dead'],
  ['unknown', 'could not be told'],
  ['unchecked', 'not asked about'],
] as const;

/** Only where somebody wanted to know. */
function asked({ keys }: Report): readonly string[] {
  const isAsked = keys.some(({ liveness: { state, detail } }) => state !== 'unchecked' || detail);
  if (!isAsked) return [];
  const parts = states.flatMap(([state, words]) => {
    const count = keys.filter(({ liveness }) => liveness.state === state).length;
    return count === 0 ? [] : [`${number(count)} ${words}`];
  });
  const revoked = keys.filter(({ revocation }) => revocation?.outcome === 'revoked-proven').length;
  const proven = revoked === 0 ? '' : ` Revoked and seen to fail: ${number(revoked)}.`;
  return [`Issuers: ${parts.join(', ')}.${proven}`];
}

export function seen({ target, coverage }: Report): string {
  const bytes = size(coverage.bytes);
  switch (target.kind) {
    case 'history':
      return `${plural(coverage.objects, 'git object')} (${bytes})${target.sinceLast ? `, new ${since(target.sinceLast)}` : ''}`;
    case 'range':
      return `${plural(coverage.units, 'changed file')} (${bytes})`;
    case 'staged':
      return `${plural(coverage.units, 'staged file')} (${bytes})`;
    case 'stdin':
      return `the stream (${bytes})`;
    case 'files':
      return `${plural(coverage.units, 'file')} (${bytes})`;
    default:
      return target.kind satisfies never;
  }
}

export function suppressed({ summary }: Report): readonly string[] {
  const { baseline, inline, allowlist } = summary.suppressed;
  const parts = [
    ...(baseline > 0 ? [`${number(baseline)} by the baseline`] : []),
    ...(inline > 0 ? [`${number(inline)} inline`] : []),
    ...(allowlist > 0 ? [`${number(allowlist)} by allowlists`] : []),
  ];
  return parts.length === 0 ? [] : [`Suppressed: ${parts.join(', ')}.`];
}

export function staleBaseline({ summary }: Report): readonly string[] {
  const { unused, expired } = summary.baseline ?? { unused: 0, expired: 0 };
  const parts = [
    ...(unused > 0 ? [`${plural(unused, 'entry', 'entries')} no longer found`] : []),
    ...(expired > 0 ? [`${plural(expired, 'entry', 'entries')} expired`] : []),
  ];
  return parts.length === 0
    ? []
    : [`Baseline: ${parts.join(', ')}; "keywarden baseline prune" removes them.`];
}

/** Another tool's file in the repository decides what is told: that must not go unsaid. */
function foreign({ summary }: Report): readonly string[] {
  const files = (summary.foreign ?? []).map(({ file, accepted, rules, refused }) => {
    const parts = [
      ...(rules > 0 ? [`${plural(rules, 'rule')} run`] : []),
      `${plural(accepted, 'finding')} accepted`,
      ...(refused > 0 ? [`${number(refused)} not understood`] : []),
    ];
    return `${file} (${parts.join(', ')})`;
  });
  return files.length === 0 ? [] : [`Also heeded: ${files.join('; ')}. --strict leaves them out.`];
}

function incomplete(page: Page, report: Report): readonly string[] {
  const skipped = report.coverage.skipped.filter(
    ({ reason }) => problemWeight(reason) !== 'expected',
  );
  if (report.coverage.complete && skipped.length === 0) return [];
  const count = skipped.reduce((sum, one) => sum + one.count, 0);
  const head =
    count === 0
      ? 'INCOMPLETE: not everything was looked at.'
      : `INCOMPLETE: ${plural(count, 'input')} not looked at.`;
  return [
    ...wrap(head, page.width).map((line) => page.style.bold(page.style.yellow(line))),
    ...skipped.flatMap((one) => reasonLines(page, one, report)),
    ...(report.target.shallow ? [page.style.yellow('  the repository is a shallow clone')] : []),
  ];
}

function reasonLines(page: Page, skipped: Skipped, { problems }: Report): readonly string[] {
  const told = problems
    .filter(({ kind }) => kind === skipped.reason)
    .map(({ where, message }) => `${where}: ${message}`);
  const examples = (told.length > 0 ? told : skipped.examples).slice(0, mostExamples);
  const more = skipped.count - examples.length;
  const total = `: ${number(skipped.count)}`;
  const reason = elideEnd(
    page.show(wordsOf(skipped.reason)),
    page.width - 2 - total.length,
    page.dots,
  );
  const lines = [
    `  ${reason}${total}`,
    ...examples.map((text) => `    ${elideMiddle(page.show(text), page.width - 4, page.dots)}`),
    ...(more > 0 && examples.length > 0 ? [`    +${number(more)} more`] : []),
  ];
  return lines.map(page.style.yellow);
}

/** What was opened and what stayed closed, by format. */
export function archives({ coverage }: Report): readonly string[] {
  const counts = coverage.archives ?? [];
  const opened = counts.filter((one) => one.opened > 0);
  const closed = counts.filter(({ skipped }) => skipped > 0);
  const parts = [
    ...(opened.length > 0
      ? [`opened ${opened.map((one) => `${number(one.opened)} ${one.format}`).join(', ')}`]
      : []),
    ...(closed.length > 0
      ? [`left closed ${closed.map((one) => `${number(one.skipped)} ${one.format}`).join(', ')}`]
      : []),
  ];
  return parts.length === 0 ? [] : [`Archives: ${parts.join('; ')}.`];
}

function leftOut(page: Page, { coverage }: Report): readonly string[] {
  const parts = coverage.skipped
    .filter(({ reason }) => problemWeight(reason) === 'expected')
    .map(({ reason, count }) => `${number(count)} ${wordsOf(reason)}`);
  if (parts.length === 0) return [];
  return wrap(`Left out on purpose: ${parts.join(', ')}.`, page.width).map(page.style.dim);
}

export function wordsOf(reason: string): string {
  return reason.replaceAll('-', ' ');
}

function wrapAll(page: Page, texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => wrap(text, page.width));
}
