import { describe, expect, it } from 'vitest';
import { csv } from '../../src/reporters/csv.ts';
import { makeReport } from '../support/make-report.ts';
import { cases, oddPaths } from './support/cases.ts';
import { render } from './support/render.ts';

/** By RFC 4180. Throws on what is no CSV. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let rest = text;
  while (rest !== '') {
    const [whole, quoted, plain = '', end] =
      /^(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no cell: ${rest.slice(0, 40)}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    rest = rest.slice(whole.length);
    if (end === '\n' && rest !== '') rows.push([]);
  }
  return rows;
}

describe('csv', () => {
  it.each(Object.entries(cases))('has one row a finding, all of one length: %s', (_name, make) => {
    const report = make();
    const [head = [], ...rows] = rowsOf(render(csv, report));
    expect(rows).toHaveLength(report.findings.length);
    for (const row of rows) expect(row).toHaveLength(head.length);
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    const paths = [...oddPaths, ' =1', '＝1', '\u00a0@x', '\r=1'];
    const report = makeReport(paths.map((path) => ({ path, rule: '=rule' })));
    for (const row of rowsOf(render(csv, report)))
      for (const cell of row) expect(cell).not.toMatch(/^[\s]*[=+\-@＝＋－＠]/);
  });

  it('says what a finding is', () => {
    const report = makeReport([{ path: '=a"b' }], { liveness: { 0: { state: 'live' } } });
    const [head = [], row = []] = rowsOf(render(csv, report));
    const cells = Object.fromEntries(head.map((name, index) => [name, row[index]]));
    expect(cells).toMatchObject({
      severity: 'critical',
      rule: 'robotomail-api-key',
      redacted: report.keys[0]?.secret.redacted,
      path: `'=a"b`,
      line: '1',
      column: '7',
      in_head: '',
      fingerprint: report.findings[0]?.fingerprint,
      liveness: 'live',
    });
  });
});
