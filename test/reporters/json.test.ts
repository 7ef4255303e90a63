import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemKinds } from '../../src/core/model/problem.ts';
import { json } from '../../src/reporters/json.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { makeGit, makeReport, seeded } from '../support/make-report.ts';
import { cases, hostile, options } from './support/cases.ts';
import { schemaErrors } from './support/json-schema.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'),
);

describe('json', () => {
  it.each(Object.entries(cases))('follows the published schema: %s', (_name, make) => {
    const text = json.render(make(), plainStyle, options);
    expect(schemaErrors(JSON.parse(text), schema)).toEqual([]);
  });

  it('follows the schema with raw secrets in it too', () => {
    const report = makeReport([{}, { git: makeGit(seeded(1)) }]);
    const text = json.render(report, plainStyle, { ...options, showSecrets: true });
    expect(schemaErrors(JSON.parse(text), schema)).toEqual([]);
  });

  it.each([
    ['a missing field', '"path": "src/file-0.ts",', ''],
    ['a field too many', '"entropy"', '"subject": "x", "entropy"'],
    ['line 0', '"line": 1,', '"line": 0,'],
    ['an unknown severity', '"critical"', '"fatal"'],
    ['an id of another form', '"kf1_', '"kf9_'],
    ['another schema', '"schema": 1', '"schema": 2'],
  ])('is refused by the schema with %s', (_name, from, to) => {
    const text = json.render(makeReport([{}]), plainStyle, options);
    expect(text).toContain(from);
    expect(schemaErrors(JSON.parse(text.replace(from, to)), schema)).not.toEqual([]);
  });

  it('has the problem kinds of the program in the schema', () => {
    const text = json.render(
      makeReport([], {
        // The keys of the table are its kinds.
        problems: (Object.keys(problemKinds) as (keyof typeof problemKinds)[]).map((kind) => ({
          kind,
          where: 'a',
          message: 'b',
        })),
      }),
      plainStyle,
      options,
    );
    expect(schemaErrors(JSON.parse(text), schema)).toEqual([]);
  });

  it('shows raw secrets at the keys, and only when asked', () => {
    const report = makeReport([{}]);
    const raw = report.keys[0]?.secret.reveal() ?? '';
    const shown = json.render(report, plainStyle, { ...options, showSecrets: true });
    expect(raw).toHaveLength(67);
    expect(shown.split(raw)).toHaveLength(2);
    expect(JSON.parse(shown)).toHaveProperty('keys.0.secret', raw);
    expect(JSON.parse(json.render(report, plainStyle, options))).not.toHaveProperty(
      'keys.0.secret',
    );
  });

  it('holds what other reporters need of a saved one: provenance, subjects, rules', () => {
    const text = json.render(
      makeReport([{ git: makeGit(seeded(1)) }], {
        target: { remote: 'https://example.com/a.git', branch: 'trunk' },
      }),
      plainStyle,
      options,
    );
    expect(JSON.parse(text)).toMatchObject({
      target: { remote: 'https://example.com/a.git', branch: 'trunk' },
      findings: [{ git: { introduced: { subject: 'Add the mailer' } } }],
      rules: [{ id: 'robotomail-api-key', name: 'Robotomail API key' }],
    });
  });

  it('keeps the hash of a line to itself: it would help to guess a short password', () => {
    const text = json.render(makeReport([{ lineHash: 'f00d:1' }]), plainStyle, options);
    expect(text).not.toContain('f00d');
  });

  it('escapes control characters without changing what is read back', () => {
    const text = json.render(makeReport([], { target: { path: hostile } }), plainStyle, options);
    expect(text).toContain('\\u009b31m\\u202e\\u2066\\u2028\\u007f');
    expect(JSON.parse(text)).toHaveProperty('target.path', hostile);
  });

  it('is indented by two blanks', () => {
    const lines = json.render(makeReport([]), plainStyle, options).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '{',
      '  "schema": 1,',
      '  "tool": {',
      '    "name": "keywarden",',
    ]);
  });
});
