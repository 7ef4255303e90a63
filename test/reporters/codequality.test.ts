import { describe, expect, it } from 'vitest';
import { severities } from '../../src/core/model/rule.ts';
import { codequality } from '../../src/reporters/codequality.ts';
import { makeReport } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { schemaErrors } from './support/json-schema.ts';
import { render } from './support/render.ts';

const text = { type: 'string', minLength: 1 };
const shape = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: text,
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

describe('codequality', () => {
  it.each(Object.entries(cases))('has the shape that GitLab takes: %s', (_name, make) => {
    expect(schemaErrors(JSON.parse(render(codequality, make())), shape)).toEqual([]);
  });

  it('has paths without ./ and a severity for each of ours', () => {
    const places = severities.map((severity) => ({ severity, path: `./${severity}.ts` }));
    const issues = JSON.parse(render(codequality, makeReport(places))) as {
      severity: string;
      location: { path: string };
    }[];
    expect(issues.map(({ severity, location }) => [location.path, severity]).sort()).toEqual([
      ['critical.ts', 'blocker'],
      ['high.ts', 'critical'],
      ['info.ts', 'info'],
      ['low.ts', 'minor'],
      ['medium.ts', 'major'],
    ]);
  });

  it('is an empty list for nothing', () => {
    expect(render(codequality, makeReport([]))).toBe('[]\n');
  });
});
