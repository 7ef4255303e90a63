import { expect, it } from 'vitest';
import { jsonl } from '../../src/reporters/jsonl.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { makeReport } from '../support/make-report.ts';
import { cases, options } from './support/cases.ts';

function linesOf(text: string): readonly unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

it('writes one object a line, told apart by kind, coverage last', () => {
  const report = makeReport([{ key: 1 }, { key: 1 }, {}], {
    problems: [{ kind: 'unreadable-file', where: 'a.txt', message: 'permission denied' }],
  });
  const lines = linesOf(jsonl.render(report, plainStyle, options));
  expect(lines.map((line) => Object(line).kind)).toEqual(
    'finding finding finding problem key key coverage'.split(' '),
  );
  expect(lines[3]).toEqual({
    kind: 'problem',
    reason: 'unreadable-file',
    where: 'a.txt',
    message: 'permission denied',
  });
});

it('says what was covered, of which target, even when nothing was found', () => {
  const report = makeReport([], { coverage: { complete: false }, target: { empty: 'no commits' } });
  const lines = linesOf(jsonl.render(report, plainStyle, options));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    kind: 'coverage',
    complete: false,
    units: 12,
    schema: 1,
    target: { kind: 'files', path: '.', empty: 'no commits' },
    summary: { findings: 0, suppressed: { baseline: 0, inline: 0, allowlist: 0 } },
  });
});

it.each(Object.entries(cases))('keeps an object on its line: %s', (_name, make) => {
  const report = make();
  const text = jsonl.render(report, plainStyle, options);
  const expected = report.findings.length + report.keys.length + report.problems.length + 1;
  expect(linesOf(text)).toHaveLength(expected);
});

it('never shows raw secrets', () => {
  const report = makeReport([{}]);
  const text = jsonl.render(report, plainStyle, { ...options, showSecrets: true });
  expect(text).not.toContain(report.keys[0]?.secret.reveal());
});
