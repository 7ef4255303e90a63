import { describe, expect, it } from 'vitest';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { makeReport } from '../support/make-report.ts';
import { cases, options } from './support/cases.ts';
import { hasMultitool, validate } from './support/multitool.ts';

describe.skipIf(!hasMultitool)('SARIF by the rules of SARIF and of GitHub', () => {
  it.each(Object.entries(cases))('is accepted: %s', (_name, make) => {
    const found = validate(sarif.render(make(), plainStyle, options));
    expect(found.filter(({ level }) => level === 'error')).toEqual([]);
    // The tool has no page of its own to name yet; everything else is in order.
    expect(found.filter(({ text }) => !text.startsWith('SARIF2005'))).toEqual([]);
  });

  it('is refused without a location, so the validator does look', () => {
    const text = sarif.render(makeReport([{}]), plainStyle, options);
    const found = validate(text.replace('"locations"', '"relatedLocations"'));
    expect(found.map(({ level }) => level)).toContain('error');
  });
});
