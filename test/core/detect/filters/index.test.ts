import { describe, expect, it } from 'vitest';
import { filters, rejectedBy } from '../../../../src/core/detect/filters/index.ts';
import { candidate, issued, trueSecrets } from '../random-secrets.ts';

describe('filters', () => {
  it('have names of their own', () => {
    const names = filters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.sort()).toEqual([
      'binary',
      'hash',
      'identifier',
      'placeholder',
      'reference',
      'repetition',
      'sample',
      'sequence',
      'uuid',
      'words',
    ]);
  });

  it('reject none of thousands of random secrets', () => {
    const lost = trueSecrets(1101).filter((one) => rejectedBy(one, []) !== undefined);
    expect(lost).toEqual([]);
  });

  it('are named by the first that rejects, and can be skipped', () => {
    const all = filters.map(({ name }) => name);
    const key = issued(`rm_${'0'.repeat(64)}`, 'rm_');
    expect(rejectedBy(key, [])).toBe('repetition');
    expect(rejectedBy(key, ['repetition'])).toBe('sequence');
    expect(rejectedBy(key, all)).toBeUndefined();
  });

  it('are asked only about the rules they apply to', () => {
    const name = candidate('kubernetes-service-account');
    expect(rejectedBy(name, [])).toBe('words');
    expect(rejectedBy({ ...name, specificity: 'format' }, [])).toBeUndefined();
  });

  it('take time in proportion to hostile text', () => {
    const hostile = [
      'a',
      'aB',
      '1.',
      'ctrl+',
      '../',
      '${',
      '<',
      '[',
      'x_',
      '(',
      'a::',
      'A<',
      '> ',
      '\\n',
    ];
    const spent = (size: number): number => {
      const start = performance.now();
      for (const unit of hostile) {
        const text = unit.repeat(size / unit.length);
        rejectedBy(candidate(text, { before: text.slice(-200), after: text.slice(0, 200) }), []);
        rejectedBy(candidate(`${text}!`, { specificity: 'format' }), []);
      }
      return performance.now() - start;
    };
    spent(2_000);
    expect(spent(20_000)).toBeLessThan(1_000);
  });
});
