import { describe, expect, it } from 'vitest';
import { reporters } from '../../src/reporters/index.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { makeReport } from '../support/make-report.ts';
import { cases, options, pieces } from './support/cases.ts';

const loaded = await Promise.all(
  Object.entries(reporters).map(async ([name, load]) => [name, await load()] as const),
);

describe.each(loaded)('%s', (name, { id, render }) => {
  it('has its name in the list as id', () => {
    expect(id).toBe(name);
  });

  describe.each(Object.entries(cases))('%s', (_case, make) => {
    const text = render(make(), plainStyle, options);

    it('ends with one line break', () => {
      expect(text).toMatch(/[^\n]\n$/);
    });

    it('holds nothing that steers a terminal or reorders a line', () => {
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
      );
      expect(text).not.toMatch(/\p{Surrogate}/u);
    });

    it('holds no piece of a raw secret', () => {
      const secrets = make().keys.map(({ secret }) => secret.reveal());
      const found = secrets.flatMap((secret) => pieces(secret)).filter((it) => text.includes(it));
      expect(found).toEqual([]);
    });

    it('is the same for the same report', () => {
      expect(render(make(), plainStyle, options)).toBe(text);
    });
  });

  it('writes 10,000 findings in a few seconds', () => {
    const report = makeReport(
      Array.from({ length: 10_000 }, (_, index) => ({
        key: index % 2500,
        path: `src/folder-${index % 97}/file-${index}.ts`,
      })),
    );
    const start = performance.now();
    const text = render(report, plainStyle, options);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(text).toContain('robotomail');
  });
});
