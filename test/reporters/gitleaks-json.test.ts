import { describe, expect, it } from 'vitest';
import { gitleaksJson } from '../../src/reporters/gitleaks-json.ts';
import { makeGit, makeReport, seeded } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { schemaErrors } from './support/json-schema.ts';
import { render } from './support/render.ts';

const text = { type: 'string' };
const full = { type: 'string', minLength: 1 };
const ordinal = { type: 'integer', minimum: 1 };
const fields = {
  RuleID: full,
  Description: full,
  StartLine: ordinal,
  EndLine: ordinal,
  StartColumn: ordinal,
  EndColumn: ordinal,
  Match: full,
  Secret: full,
  File: full,
  SymlinkFile: text,
  Commit: text,
  Entropy: { type: 'number', minimum: 0 },
  Author: text,
  Email: text,
  Date: text,
  Message: text,
  Tags: { type: 'array', items: text },
  Fingerprint: full,
};
const shape = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(fields),
    properties: fields,
  },
};

describe('gitleaks-json', () => {
  it.each(Object.entries(cases))('has every field and no other: %s', (_name, make) => {
    expect(schemaErrors(JSON.parse(render(gitleaksJson, make())), shape)).toEqual([]);
  });

  it('has the fingerprints of gitleaks, with a commit and without', () => {
    const git = makeGit(seeded(2), {
      introduced: {
        commit: 'c'.repeat(40),
        author: 'Ada Lovelace <ada@example.org>',
        date: '2026-01-02T03:04:05Z',
        subject: 'Add it',
      },
    });
    const report = makeReport([{ path: 'a.ts' }, { path: 'b.zip', members: ['c.env'], git }]);
    const leaks: unknown = JSON.parse(render(gitleaksJson, report));
    expect(leaks).toMatchObject([
      {
        Fingerprint: 'a.ts:robotomail-api-key:1',
        Commit: '',
        Author: '',
        StartColumn: 7,
        EndColumn: 73,
      },
      {
        Fingerprint: `${'c'.repeat(40)}:b.zip!c.env:robotomail-api-key:2`,
        Author: 'Ada Lovelace',
        Email: 'ada@example.org',
        Date: '2026-01-02T03:04:05Z',
        Message: 'Add it',
      },
    ]);
  });
});
