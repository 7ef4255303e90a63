/** For an issue or a wiki: what is wrong, what to do, and the keys. */
import type { AuditedAccount, AuditReport } from '../../core/audit/audit-report.ts';
import { escapeMarkdown } from '../markdown-text.ts';
import { clip } from '../sarif-text.ts';
import { plural } from '../words.ts';
import { countBySeverity, factsOf, type AuditReporter } from './reporter.ts';
import { lastUseOf, ownerText, scopeText } from './words.ts';

export const markdown: AuditReporter = {
  id: 'markdown',
  render: (report) =>
    `${[
      '# Audit of API keys',
      headOf(report),
      ...report.accounts.flatMap((account) => accountOf(account, report)),
      ...remediesOf(report),
    ].join('\n\n')}\n`,
};

const mostCell = 200;

function headOf(report: AuditReport): string {
  const counts = countBySeverity(report).map(([severity, count]) => `${count} ${severity}`);
  const found = counts.length === 0 ? 'No check failed.' : `Failed checks: ${counts.join(', ')}.`;
  const inventory = report.hasInventory ? '' : ' There is no inventory: owners were not checked.';
  return `${found} Made on ${cell(report.checkedAt)}.${inventory}`;
}

function accountOf(account: AuditedAccount, report: AuditReport): readonly string[] {
  const { issuerName, failure, keys, results, skipped, untold } = account;
  const title = `## ${cell(issuerName)}`;
  if (failure !== undefined) {
    return [title, `**The keys could not be listed:** ${cell(failure)}`];
  }
  const rows = results.map(({ check, message }) => [
    factsOf(report, check).severity,
    `\`${check}\``,
    cell(message),
  ]);
  return [
    title,
    ...(rows.length === 0 ? ['No check failed.'] : [table(['severity', 'check', 'what'], rows)]),
    ...(keys.length === 0
      ? ['There are no keys.']
      : [
          table(
            ['name', 'id', 'prefix', 'state', 'age', 'last used', 'scope', 'tier', 'owner'],
            keys.map((key) => [
              cell(key.name ?? '(no name)') + (key.isOperator ? ' (this audit)' : ''),
              cell(key.keyId),
              cell(key.prefix ?? ''),
              key.isEnabled ? 'enabled' : 'disabled',
              plural(key.ageDays, 'day'),
              cell(lastUseOf(key)),
              cell(scopeText(key)),
              key.tier,
              cell(ownerText(key.owner)),
            ]),
          ),
        ]),
    ...untold.map((sentence) => `> ${cell(sentence)}`),
    ...notChecked(skipped),
  ];
}

/** Checks that were not made for the same reason stand together. */
function notChecked(skipped: AuditedAccount['skipped']): readonly string[] {
  const reasons = [...new Set(skipped.map(({ why }) => why))];
  if (reasons.length === 0) return [];
  const lines = reasons.map((why) => {
    const ids = skipped.filter((one) => one.why === why).map(({ check }) => `\`${check}\``);
    return `- ${ids.join(', ')}: ${cell(why)}`;
  });
  return ['Not checked:', lines.join('\n')];
}

function remediesOf(report: AuditReport): readonly string[] {
  const failed = new Set(
    report.accounts.flatMap(({ results }) => results.map(({ check }) => check)),
  );
  const named = report.checks.filter(({ id }) => failed.has(id));
  if (named.length === 0) return [];
  return [
    '## What to do',
    named
      .map(({ id, title, why, remedy }) => `- \`${id}\` ${title}. ${why} **${remedy}**`)
      .join('\n'),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A name may look like markup, a mention or an address: nothing of it becomes a link. */
function cell(text: string): string {
  return escapeMarkdown(clip(text, mostCell))
    .replace(/@/g, '@\u2060')
    .replace(/:\/\/|www\./gi, (start) => `${start.slice(0, -1)}\u2060${start.slice(-1)}`)
    .replace(/[(){}]/g, '\\$&');
}
