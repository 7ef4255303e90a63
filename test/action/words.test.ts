/** What the runner shows: within its limits, and nothing of it is a command, Markdown or HTML by intent of a repository. */
import { describe, expect, it } from 'vitest';
import { annotations, summary } from '../../src/action/words.ts';
import { makeReport } from '../support/make-report.ts';
import { cases, hostile } from '../reporters/support/cases.ts';

describe('annotations', () => {
  it('are the worst ones first, ten of a level', () => {
    const levels = ['low', 'critical', 'medium'] as const;
    const places = Array.from({ length: 90 }, (_, at) => ({ severity: levels[at % 3] ?? 'low' }));
    const lines = annotations(makeReport(places));
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...Array.from({ length: 10 }, () => '::error'),
      ...Array.from({ length: 10 }, () => '::warning'),
      ...Array.from({ length: 10 }, () => '::notice'),
    ]);
  });

  it('escape what would end them', () => {
    const [line = ''] = annotations(makeReport([{ path: `a,b:c%${hostile}` }]));
    expect(line).toMatch(/^::error file=a%2Cb%3Ac%25/);
    expect(line).not.toMatch(/[\u0000-\u001f]/);
    expect(line.match(/::/g)).toHaveLength(2);
  });
});

describe('the summary', () => {
  it('stays within a mebibyte, and says what was left out', () => {
    const places = Array.from({ length: 12_000 }, (_, at) => ({
      path: `${'folder/'.repeat(20)}${at}`,
    }));
    const text = summary(makeReport(places));
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/and [\d,]+ more keys: the report has them/);
    expect(text).toContain('What to do first');
  });

  it.each(Object.entries(cases))('shows no markup of others: %s', (_name, make) => {
    const text = summary(make());
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text).not.toMatch(/<[a-z/!]/i);
  });

  it('says that a scan was incomplete', () => {
    expect(summary(makeReport([], { coverage: { complete: false } }))).toContain('**INCOMPLETE**');
  });
});
