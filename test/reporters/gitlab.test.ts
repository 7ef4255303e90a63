/**
 * GitLab's report against what its published schema demands. The schema cannot be installed from a registry, so
 * `shape` was written from secret-detection-report-format.json 15.2.1, as GitLab itself ships it, and compared
 * with it field by field; it is the stricter of the two.
 * @see https://github.com/gitlabhq/gitlabhq/tree/9d2ebf5c7a7f/lib/gitlab/ci/parsers/security/validators/schemas/15.2.1 (read 2026-11-26)
 */
import { describe, expect, it } from 'vitest';
import { gitlab } from '../../src/reporters/gitlab.ts';
import { makeGit, makeReport, seeded } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { schemaErrors } from './support/json-schema.ts';
import { render } from './support/render.ts';

const text = { type: 'string', minLength: 1 };
const address = { type: 'string', pattern: '^(https?|ftp)://.+' };
const line = { type: 'integer', minimum: 1 };
const tool = {
  type: 'object',
  required: ['id', 'name', 'version', 'vendor'],
  properties: {
    id: text,
    name: text,
    version: text,
    vendor: { type: 'object', required: ['name'], properties: { name: text } },
  },
};

/** What GitLab's schema 15.2.1 demands of the fields that we write, and of no others. */
const shape = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'scan', 'vulnerabilities'],
  properties: {
    version: { const: '15.2.1' },
    scan: {
      type: 'object',
      additionalProperties: false,
      required: ['analyzer', 'scanner', 'type', 'status', 'start_time', 'end_time'],
      properties: {
        analyzer: tool,
        scanner: tool,
        type: { const: 'secret_detection' },
        status: { enum: ['success', 'failure'] },
        start_time: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' },
        end_time: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' },
        messages: {
          type: 'array',
          items: {
            type: 'object',
            required: ['level', 'value'],
            properties: { level: { enum: ['info', 'warn', 'fatal'] }, value: text },
          },
        },
      },
    },
    vulnerabilities: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'identifiers', 'location'],
        properties: {
          id: {
            type: 'string',
            pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
          },
          name: { type: 'string', pattern: '^[^]{1,255}$' },
          description: { type: 'string', pattern: '^[^]{1,1048576}$' },
          severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
          solution: { type: 'string', pattern: '^[^]{1,7000}$' },
          identifiers: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['type', 'name', 'value'],
              properties: { type: text, name: text, value: text, url: address },
            },
          },
          location: {
            type: 'object',
            required: ['commit'],
            properties: {
              file: text,
              start_line: line,
              end_line: line,
              commit: { type: 'object', required: ['sha'], properties: { sha: text, date: text } },
            },
          },
          tracking: {
            type: 'object',
            required: ['type', 'items'],
            properties: {
              type: { const: 'source' },
              items: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['signatures'],
                  properties: {
                    signatures: {
                      type: 'array',
                      minItems: 1,
                      items: {
                        type: 'object',
                        required: ['algorithm', 'value'],
                        properties: { algorithm: text, value: text },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const parse = (report: ReturnType<typeof makeReport>): Record<string, unknown> =>
  JSON.parse(render(gitlab, report));

describe('gitlab', () => {
  it.each(Object.entries(cases))('has the shape that GitLab takes: %s', (_name, make) => {
    expect(schemaErrors(parse(make()), shape)).toEqual([]);
  });

  it('has it with 10,000 findings of a history too, each with an id of its own', () => {
    const places = Array.from({ length: 10_000 }, (_, index) => ({
      key: index % 2_500,
      path: `src/${index}.ts`,
      git: makeGit(seeded(index)),
    }));
    const document = parse(makeReport(places));
    expect(schemaErrors(document, shape)).toEqual([]);
    const ids: readonly string[] = Object(document['vulnerabilities']).map(
      ({ id }: { readonly id: string }) => id,
    );
    expect(new Set(ids).size).toBe(10_000);
  });

  it('tracks a key by its fingerprint, so that moved lines are no new vulnerability', () => {
    const at = (line: number) => {
      const place = { start: { line, column: 1, byte: 0 }, end: { line, column: 9, byte: 8 } };
      return parse(makeReport([{ path: 'a.ts', ...place }]));
    };
    const signatures = 'vulnerabilities.0.tracking.items.0.signatures.0';
    const [one] = makeReport([{ path: 'a.ts' }]).findings;
    for (const document of [at(1), at(7)]) {
      expect(document).toHaveProperty(`${signatures}.value`, one?.fingerprint);
    }
    expect(at(7)).toHaveProperty('vulnerabilities.0.location.start_line', 7);
  });

  it('has one id a finding, and the commit that brought it, else HEAD, else zeros', () => {
    const git = makeGit(seeded(3));
    const document = parse(makeReport([{ git }, {}], { target: { head: 'b'.repeat(40) } }));
    expect(document).toHaveProperty('vulnerabilities.0.location.commit', {
      sha: git.introduced?.commit,
      date: '2026-01-02T03:04:05Z',
    });
    expect(document).toHaveProperty('vulnerabilities.1.location.commit.sha', 'b'.repeat(40));
    expect(parse(makeReport([{}]))).toHaveProperty(
      'vulnerabilities.0.location.commit.sha',
      '0'.repeat(40),
    );
    const ids = [0, 1].map((index) => Object(document['vulnerabilities'])[index].id);
    expect(new Set(ids).size).toBe(2);
    expect(JSON.stringify(document)).not.toContain('Lovelace');
  });

  it('warns of what was not looked at', () => {
    const document = parse(
      makeReport([], {
        coverage: {
          complete: false,
          skipped: [{ reason: 'unreadable-file', count: 2, examples: [] }],
        },
      }),
    );
    expect(document).toHaveProperty('scan.messages', [
      { level: 'warn', value: 'INCOMPLETE: not all was looked at (unreadable-file: 2).' },
    ]);
  });
});
