import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/model/user-error.ts';
import { parseReport } from '../../src/core/report/parse-report.ts';
import { json } from '../../src/reporters/json.ts';
import { reporters } from '../../src/reporters/index.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { knownRules, makeReport } from '../support/make-report.ts';
import { cases, options } from './support/cases.ts';

const saved = (): string =>
  json.render(cases['history, every liveness']?.() ?? makeReport([]), plainStyle, options);

describe('parseReport', () => {
  it.each(Object.entries(cases))('reads back what json wrote: %s', (_name, make) => {
    const text = json.render(make(), plainStyle, options);
    const report = parseReport(text, 'a.json', knownRules);
    expect(json.render(report, plainStyle, options)).toBe(text);
  });

  it('gives every other reporter what it needs', async () => {
    const report = parseReport(saved(), 'a.json', knownRules);
    const before = cases['history, every liveness']?.() ?? makeReport([]);
    for (const load of Object.values(reporters)) {
      const { render } = await load();
      const text = render(report, plainStyle, options);
      expect(text).toContain(before.keys[0]?.secret.redacted);
    }
    expect(report.rules).toEqual(before.rules);
    expect(report.keys.map(({ severity }) => severity)).toEqual(
      before.keys.map(({ severity }) => severity),
    );
  });

  it.each(Object.entries(cases))('loses nothing that a format tells: %s', async (_name, make) => {
    const before = make();
    const after = parseReport(json.render(before, plainStyle, options), 'a.json', {});
    for (const load of Object.values(reporters)) {
      const { render } = await load();
      expect(render(after, plainStyle, options)).toBe(render(before, plainStyle, options));
    }
  });

  it('names a rule that is not known by its id, where an earlier version told no more', () => {
    const { rules: _, ...earlier } = JSON.parse(saved()) as Record<string, unknown>;
    const { rules } = parseReport(JSON.stringify(earlier), 'a.json', {});
    expect(rules['robotomail-api-key']).toEqual({
      id: 'robotomail-api-key',
      name: 'robotomail-api-key',
      issuer: 'robotomail',
      severity: 'critical',
      references: [],
    });
  });

  it('has no raw secret to reveal, also when the saved report has', () => {
    const text = json.render(makeReport([{}]), plainStyle, { ...options, showSecrets: true });
    const [key] = parseReport(text, 'a.json', knownRules).keys;
    expect(key?.secret.redacted).toBe(makeReport([{}]).keys[0]?.secret.redacted);
    expect(() => key?.secret.reveal()).toThrow(UserError);
  });

  it('passes over fields that a later version may add', () => {
    const text = saved().replace('"target": {', '"later": 1, "target": { "later": [],');
    expect(json.render(parseReport(text, 'a.json', knownRules), plainStyle, options)).toBe(saved());
  });

  it.each([
    ['no JSON', () => 'keywarden', 'a.json is no keywarden report: it is not valid JSON'],
    ['an empty file', () => '', 'not valid JSON'],
    ['a list', () => '[]', 'the whole should be an object'],
    ['another document', () => '{"version": "2.1.0"}', 'schema should be a value'],
    ['a later schema', () => saved().replace('"schema": 1', '"schema": 2'), 'reads schema 1'],
    ['another tool', () => saved().replace('"keywarden"', '"other"'), 'tool.name should be'],
    ['no target', () => saved().replace('"target"', '"aim"'), 'target should be a value'],
    ['line 0', () => saved().replace(/"line": 1,/, '"line": 0,'), 'start.line should be'],
    ['a negative count', () => saved().replace('"units": 12', '"units": -1'), 'coverage.units'],
    ['a wrong date', () => saved().replace('2026-01-02T', 'then-'), 'date should be a date'],
    ['an unknown severity', () => saved().replace('"critical"', '"fatal"'), 'severity should be'],
    ['null for a list', () => saved().replace('"problems": []', '"problems": null'), 'problems'],
    [
      'a key without its findings',
      () => saved().replace(/"fingerprints": \[[^\]]*\]/, '"fingerprints": []'),
      'keys[0].fingerprints should name',
    ],
    [
      'a fingerprint of no finding',
      () => saved().replace(/"fingerprints": \[\s*"kf1_/, '$&0'),
      'keys[0].fingerprints[0] should be',
    ],
  ])('refuses %s, and says where it is wrong', (_name, make, message) => {
    const parse = (): unknown => parseReport(make(), 'a.json', knownRules);
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(message);
  });

  it('does not quote the text of what is no report', () => {
    const secret = makeReport([{}]).keys[0]?.secret.reveal() ?? '';
    for (const text of [secret, `{"schema": "${secret}"}`, `{"${secret}"}`]) {
      let message = '';
      try {
        parseReport(text, 'a.json', {});
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('a.json');
      expect(message).not.toContain(secret.slice(0, 12));
    }
  });
});
