import { expect, it } from 'vitest';
import { compareReports } from '../../bench/readers.mjs';

const report = (filteredBytes: number, findings: readonly string[], keys: readonly string[]) => ({
  coverage: { filteredBytes },
  findings: findings.map((path) => ({ path })),
  keys: keys.map((key) => ({ key })),
});

it('counts findings and keys that one report has and the other has not', () => {
  const whole = report(100, ['a', 'b', 'b'], ['k']);
  expect(compareReports(report(10, ['b', 'a', 'b'], ['k']), whole)).toMatchObject({ value: 0 });
  expect(compareReports(report(10, ['a', 'b'], ['k']), whole)).toMatchObject({ value: 1 });
  expect(compareReports(report(10, ['a', 'b', 'c'], ['l']), whole)).toMatchObject({ value: 4 });
});

it('is not measured when both ways did the same', () => {
  expect(compareReports(report(100, [], []), report(100, [], []))).toHaveProperty('why');
});
