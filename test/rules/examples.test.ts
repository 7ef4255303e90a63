/** One generic test for all rules: what each says of itself is true. */
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/core/rules/compile.ts';
import { worstCaseMs } from '../../src/core/rules/cost.ts';
import { tryExamples } from '../../src/engine/try-examples.ts';
import { builtInRules, builtInRuleSet } from '../support/rules.ts';

const only = process.env['RULES']?.split(',');
const rules = builtInRules.filter(
  ({ id, issuer }) => !only || only.includes(id) || only.includes(issuer),
);

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  it('finds its match examples alone and among all rules, and none of its misses', () => {
    expect(rule.examples.match.length).toBeGreaterThan(0);
    expect(rule.examples.miss.length).toBeGreaterThan(0);
    expect(tryExamples(rule, builtInRuleSet.rules)).toEqual([]);
  });

  it('is fast on hostile text and names a source', () => {
    expect(worstCaseMs(compileRule(rule), 50, () => performance.now())).toBeLessThan(50);
    expect(rule.references.length).toBeGreaterThan(0);
  });
});

describe('the rule set', () => {
  it('has at least 60 credential types beside the two first-class issuers', () => {
    const others = builtInRules.filter(
      ({ issuer }) => !['robotomail', 'agentmail'].includes(issuer),
    );
    expect(others.length).toBeGreaterThanOrEqual(60);
  });

  it('gives every issuer rule a page on which such a key is revoked', () => {
    const without = builtInRules.filter(
      ({ specificity, revoke }) => specificity === 'issuer' && !revoke,
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});
