/** For a person at a terminal: account by account, what is wrong and what to do, then the keys. */
import type {
  AuditedAccount,
  AuditedKey,
  AuditReport,
  CheckFacts,
  CheckResult,
} from '../../core/audit/audit-report.ts';
import { columns, elideEnd, elideMiddle, padEnd, wrap } from '../pretty-layout.ts';
import { pageOf, row, textRow, type Page } from '../pretty-page.ts';
import { severityPaint } from '../severity-paint.ts';
import { plural } from '../words.ts';
import { countBySeverity, factsOf, type AuditReporter } from './reporter.ts';
import { lastUseOf, ownerText } from './words.ts';

export const pretty: AuditReporter = {
  id: 'pretty',
  render: (report, style, { now }) => {
    const page = pageOf(style, { showSecrets: false, now });
    const blocks = [
      ...report.accounts.flatMap((account) => accountBlocks(page, account, report)),
      summaryLines(page, report),
    ];
    return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  },
};

type Lines = readonly string[];

function accountBlocks(page: Page, account: AuditedAccount, report: AuditReport): readonly Lines[] {
  const { style, show } = page;
  const { issuerName, failure, keys, results, untold } = account;
  const title = style.bold(`${show(issuerName)}: ${plural(keys.length, 'key')}`);
  if (failure !== undefined) {
    const text = `${issuerName}: the keys could not be listed: ${failure}`;
    return [wrap(show(text), page.width).map((line) => style.bold(style.red(line)))];
  }
  return [
    [title, ...keyTable(page, keys)],
    ...byCheck(results).map((group) => checkLines(page, group, report)),
    [
      ...untold.flatMap((sentence) => wrap(show(sentence), page.width).map(style.yellow)),
      ...skippedLines(page, account),
    ],
  ].filter((lines) => lines.length > 0);
}

/** Name, age, last use, tier, owner; what is too long gives way. */
function keyTable({ show, width, dots, style }: Page, keys: readonly AuditedKey[]): Lines {
  const rows = keys.map((key) => [
    show(key.name ?? '(no name)') + (key.isOperator ? ' *' : ''),
    show(key.prefix ?? ''),
    `${key.ageDays} d`,
    show(lastUseOf(key)),
    key.isEnabled ? key.tier : 'disabled',
    show(key.owner ? ownerText(key.owner) : ''),
  ]);
  const head = ['name', 'prefix', 'age', 'last used', 'tier', 'owner'];
  const most = [24, 10, 6, 10, 10, Math.max(8, width - 72)];
  const widths = head.map((word, at) =>
    Math.min(most[at] ?? 0, Math.max(...[head, ...rows].map((cells) => columns(cells[at] ?? '')))),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((text, at) => padEnd(elideEnd(text, widths[at] ?? 0, dots), widths[at] ?? 0)).join('  ')}`.trimEnd();
  return keys.length === 0 ? [] : [style.dim(line(head)), ...rows.map(line)];
}

interface Group {
  readonly check: string;
  readonly results: readonly CheckResult[];
}

/** Results come worst first; those of one check stand together. */
function byCheck(results: readonly CheckResult[]): readonly Group[] {
  const ids = [...new Set(results.map(({ check }) => check))];
  return ids.map((check) => ({ check, results: results.filter((one) => one.check === check) }));
}

function checkLines(page: Page, { check, results }: Group, report: AuditReport): Lines {
  const { style, show, rowWidth } = page;
  const facts = factsOf(report, check);
  const told = results.flatMap(({ message, keyId }) => {
    const id = keyId === undefined || message.includes(keyId) ? '' : ` (${keyId})`;
    return wrap(show(`${message}${id}`), rowWidth - 2).map(
      (text, at) => `${at === 0 ? '- ' : '  '}${text}`,
    );
  });
  return [
    heading(page, facts),
    ...row(page, 'what', told),
    ...textRow(page, 'why', show(facts.why), style.dim),
    ...textRow(page, 'do', show(facts.remedy)),
  ];
}

function heading({ style, show, width, dots }: Page, { id, severity, title }: CheckFacts): string {
  const word = severity.toUpperCase();
  const room = width - columns(word) - columns(id) - 6;
  const what = elideMiddle(show(title), Math.max(20, room), dots);
  return `${severityPaint[severity](style, word)}  ${style.bold(what)}  ${style.dim(`[${id}]`)}`;
}

function skippedLines({ style, show, width }: Page, { skipped }: AuditedAccount): Lines {
  const reasons = [...new Set(skipped.map(({ why }) => why))];
  return reasons.flatMap((why) => {
    const ids = skipped.filter((one) => one.why === why).map(({ check }) => check);
    return wrap(show(`Not checked: ${ids.join(', ')}: ${why}.`), width).map(style.dim);
  });
}

function summaryLines(page: Page, report: AuditReport): Lines {
  const { style, width } = page;
  const counts = countBySeverity(report).map(([severity, count]) => `${count} ${severity}`);
  const total = report.accounts.reduce((sum, { keys }) => sum + keys.length, 0);
  const unlisted = report.accounts.filter(({ failure }) => failure !== undefined).length;
  const found =
    counts.length === 0
      ? `${plural(total, 'key')} looked at, no check failed.`
      : `${plural(total, 'key')} looked at. Failed checks: ${counts.join(', ')}.`;
  const paint = counts.length === 0 && unlisted === 0 ? style.green : style.bold;
  const operator = report.accounts.some(({ keys }) => keys.some(({ isOperator }) => isOperator));
  return [
    ...wrap(found, width).map(paint),
    ...(unlisted > 0
      ? [style.bold(style.red(`INCOMPLETE: ${plural(unlisted, 'account')} could not be listed.`))]
      : []),
    ...(operator ? [style.dim('* the key that this audit was made with')] : []),
  ];
}
