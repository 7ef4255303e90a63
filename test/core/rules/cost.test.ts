/** Patterns that take too long on hostile text are refused, and without hanging. */
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { checkCost } from '../../../src/core/rules/cost.ts';
import { makeRule } from './make-rule.ts';

const now = (): number => performance.now();
const check = (pattern: string): void => checkCost(compileRule(makeRule({ pattern })), now);

describe('checkCost', () => {
  it.each([
    'acme_(?:a+)+b',
    'acme_(?:a*)*b',
    'acme_(?:a|a)*b',
    'acme_(?:a|aa)+b',
    'acme_(?:ab|a|b)*c',
    'acme_(?:ab|ab)*c',
    'acme_(?:[a-z]+[0-9]*)*!',
    'acme_(?:\\w|\\d)*!',
  ])('refuses %s', (pattern) => {
    const started = now();
    expect(() => check(pattern)).toThrow('takes too long on hostile text');
    expect(now() - started).toBeLessThan(20_000);
  });

  it('does not take a busy machine for a slow pattern', () => {
    // Every third look at the clock comes after a pause of a second.
    let looks = 0;
    let pausesMs = 0;
    const busy = (): number => now() + (pausesMs += ++looks % 3 === 0 ? 1_000 : 0);
    const rule = compileRule(makeRule({ pattern: 'acme_[0-9a-f]{32}' }));
    expect(() => checkCost(rule, busy)).not.toThrow();
    expect(() => checkCost(compileRule(makeRule({ pattern: 'acme_(?:a+)+b' })), busy)).toThrow();
  });

  it.each(['acme_[0-9a-f]{32}', 'acme_(?:[a-z]{1,8}-){1,4}[0-9]{4}', 'acme_[a-z]*x'])(
    'accepts %s',
    (pattern) => {
      expect(() => check(pattern)).not.toThrow();
    },
  );
});
