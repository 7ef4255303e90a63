/** What to do about a key, in the order in which to do it. */
import type { Exposure } from '../core/model/exposure.ts';
import type { Report } from '../core/model/report.ts';
import { wrap } from './pretty-layout.ts';
import { row, type Page } from './pretty-page.ts';

export function nextSteps(page: Page, key: Exposure, report: Report): readonly string[] {
  const steps = stepsOf(key, report).map(page.show);
  const lines = steps.flatMap((step, index) => {
    const mark = `${index + 1}. `;
    return wrap(step, page.rowWidth - mark.length).map(
      (line, at) => (at === 0 ? mark : ' '.repeat(mark.length)) + line,
    );
  });
  return row(page, 'next', lines);
}

/** What to do, as sentences. */
export function stepsOf(key: Exposure, { rules, target }: Report): readonly string[] {
  if (key.liveness.state === 'dead') return ['It is out of service: nothing is left to revoke.'];
  const { advice, revoke } = rules[key.rule] ?? {};
  const issuer = key.issuer === '' ? 'its issuer' : key.issuer;
  const urgency = key.liveness.state === 'live' ? 'Revoke it now' : 'Revoke it';
  const isOnlyStaged = target.kind === 'staged' && !key.findings.some(({ git }) => git);
  return [
    ...(advice === undefined ? [] : [advice]),
    ...(revoke !== undefined ? [`${urgency}: ${revoke}`] : []),
    ...(revoke === undefined && advice === undefined ? [`${urgency} with ${issuer}.`] : []),
    'Rotate: give the programs that used it a new key.',
    isOnlyStaged
      ? 'Take the line out and stage the file again: this commit is not made yet.'
      : 'Removing the line is not enough: it stays in history, and in every copy.',
  ];
}
