/** What every reporter of audits must do, and what each format asks for. */
import { describe, expect, it } from 'vitest';
import type { Log } from 'sarif';
import type { AuditReport } from '../../../src/core/audit/audit-report.ts';
import { checkFacts } from '../../../src/lifecycle/audit/audit-account.ts';
import { auditReporters } from '../../../src/reporters/audit/index.ts';
import { csv } from '../../../src/reporters/audit/csv.ts';
import { json } from '../../../src/reporters/audit/json.ts';
import { markdown } from '../../../src/reporters/audit/markdown.ts';
import { pretty } from '../../../src/reporters/audit/pretty.ts';
import { sarif } from '../../../src/reporters/audit/sarif.ts';
import { plainStyle } from '../../../src/reporters/reporter.ts';
import { readSchema } from '../../schema/schema.ts';
import { schemaErrors } from '../support/json-schema.ts';
import { hasMultitool, validate } from '../support/multitool.ts';
import { cases, evilNames, makeAudit, makeAuditedKey } from './make-audit.ts';

const options = { now: new Date('2026-03-01T12:00:00Z') };
const schema = readSchema('audit.schema.json');
const render = (reporter: typeof json, report: AuditReport) =>
  reporter.render(report, plainStyle, options);

describe.each(Object.entries(auditReporters))('%s', (id, load) => {
  it.each(Object.entries(cases))('is plain text that steers nothing: %s', async (_name, make) => {
    const reporter = await load();
    expect(reporter.id).toBe(id);
    const text = render(reporter, make());
    expect(text).toMatch(/\n$/);
    // Line breaks alone, and before them the carriage return that CSV asks for.
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/,
    );
  });

  it('says when an account could not be listed', async () => {
    const text = render(await load(), cases['an account that was not listed']?.() ?? makeAudit());
    expect(text).toContain('503');
  });

  it('says what the issuer does not tell', async () => {
    const text = render(await load(), makeAudit());
    expect(text).toMatch(id === 'csv' ? /"not told"/ : /does not tell when a key was last used/);
  });
});

describe('json', () => {
  it.each(Object.entries(cases))('follows the published schema: %s', (_name, make) => {
    expect(schemaErrors(JSON.parse(render(json, make())), schema)).toEqual([]);
  });

  it.each([
    ['a check that is unknown to severity', '"medium"', '"fatal"'],
    ['a field too many', '"tier"', '"secret": "x", "tier"'],
    ['a missing field', '"prefix": "rm_0a1b2",', ''],
    ['a name that is a number', '"name": "mailer-production"', '"name": 1'],
    ['another schema', '"schema": 1', '"schema": 2'],
  ])('is refused by the schema with %s', (_name, from, to) => {
    const text = render(json, makeAudit());
    expect(text).toContain(from);
    expect(schemaErrors(JSON.parse(text.replace(from, to)), schema)).not.toEqual([]);
  });

  it('counts results by severity and accounts that were not listed', () => {
    const { summary } = JSON.parse(render(json, makeAudit())) as { summary: unknown };
    expect(summary).toEqual({
      keys: 1,
      failed: { critical: 0, high: 0, medium: 1, low: 0, info: 0 },
      unlisted: 0,
    });
  });
});

describe('csv', () => {
  it('has no cell that a spreadsheet would calculate, and as many cells in each row', () => {
    const rows = cellsOf(render(csv, cases['hostile names']?.() ?? makeAudit()));
    expect(rows.length).toBe(evilNames.length + 1);
    expect(new Set(rows.map((cells) => cells.length)).size).toBe(1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
    expect(rows.flat()).toContain("'-2+3");
    expect(rows.flat()).toContain('"quoted", with, commas');
  });

  it('has a row for a key without any result too', () => {
    const keys = [makeAuditedKey(), makeAuditedKey({ keyId: 'key_2', name: 'fine-production' })];
    const rows = cellsOf(render(csv, makeAudit({ keys })));
    expect(rows.slice(1).map(([, severity, check]) => `${severity} ${check}`)).toEqual([
      'medium key-too-old',
      ' ',
    ]);
  });
});

describe('markdown', () => {
  it('makes no markup of names', () => {
    const text = render(markdown, cases['hostile names']?.() ?? makeAudit());
    expect(text).not.toMatch(/(?<!\\)<img|\]\(http|@everyone|http:\/\//);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('low'));
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(5);
    expect(rows).toHaveLength(evilNames.length);
  });
});

describe('pretty', () => {
  it('fits the terminal, and tells id, reason and remedy of a check', () => {
    for (const make of Object.values(cases)) {
      const lines = render(pretty, make()).split('\n');
      expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(80);
    }
    const text = render(pretty, makeAudit());
    expect(text).toMatch(/MEDIUM {2}The key is due for rotation {2}\[key-too-old\]/);
    expect(text).toContain('what');
    expect(text).toContain('why');
    expect(text).toContain('keywarden rotate');
  });

  it('shows the title of every check whole', () => {
    const results = checkFacts.map(({ id }) => ({ check: id, message: 'x' }));
    const text = render(pretty, makeAudit({ results }));
    for (const { title, id } of checkFacts) expect(text).toContain(`  ${title}  [${id}]`);
  });

  it('says that nothing failed only when everything was listed', () => {
    expect(render(pretty, cases['nothing wrong']?.() ?? makeAudit())).toContain('no check failed');
    expect(render(pretty, cases['an account that was not listed']?.() ?? makeAudit())).toContain(
      'INCOMPLETE: 1 account could not be listed.',
    );
  });
});

describe('sarif', () => {
  const logOf = (report: AuditReport): Log => JSON.parse(render(sarif, report)) as Log;

  it('describes every check, and places results in the inventory where there is one', () => {
    const [run] = logOf(makeAudit()).runs;
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(checkFacts.map(({ id }) => id));
    const [result] = run?.results ?? [];
    expect(result?.ruleIndex).toBe(checkFacts.findIndex(({ id }) => id === 'key-too-old'));
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      'keywarden.keys.yaml',
    );
    expect(result?.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe(
      'robotomail/key_1',
    );
    const [bare] = logOf(makeAudit({}, { hasInventory: false })).runs[0]?.results ?? [];
    expect(bare?.locations?.[0]?.physicalLocation).toBeUndefined();
  });

  it('keeps its fingerprints from day to day, and tells keys apart', () => {
    const printsOf = (message: string, keyId: string) =>
      logOf(makeAudit({ results: [{ check: 'key-too-old', keyId, message }] })).runs[0]
        ?.results?.[0]?.partialFingerprints;
    expect(printsOf('is 151 days old', 'key_1')).toEqual(printsOf('is 152 days old', 'key_1'));
    expect(printsOf('is old', 'key_1')).not.toEqual(printsOf('is old', 'key_2'));
  });

  it('is no success when an account could not be listed', () => {
    const [run] = logOf(cases['an account that was not listed']?.() ?? makeAudit()).runs;
    expect(run?.invocations?.[0]?.executionSuccessful).toBe(false);
  });

  it.skipIf(!hasMultitool)('is accepted by the validator', () => {
    const found = validate(render(sarif, cases['two accounts']?.() ?? makeAudit()));
    expect(found.filter(({ text }) => !text.startsWith('SARIF2005'))).toEqual([]);
  });
});

/** RFC 4180 as a spreadsheet reads it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/g,
  )) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((cells) => cells.length > 0);
}
