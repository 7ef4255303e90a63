import { expect, it } from 'vitest';
import { packRules, unpackRules } from '../../src/config/packed-rules.ts';
import { builtInRuleSet } from '../support/rules.ts';

const [rule] = builtInRuleSet.rules;

it.each(['', 'a', 'é', '€uro “quoted” \u2028', '𝒳 \ud800 \\u00e9'])(
  'gives back rules and tables as they were: %j',
  (advice) => {
    const tables = Buffer.from('tables');
    const ruleSet = { rules: rule ? [{ ...rule, advice }] : [], hash: 'sha256:00' };
    const packed = packRules({ ...ruleSet, tables });
    const { tables: found, ...rest } = unpackRules(packed);
    expect(rest).toEqual(ruleSet);
    expect(Buffer.from(found ?? []).toString()).toBe('tables');
    expect((found?.byteOffset ?? 0) - packed.byteOffset).toSatisfy((at: number) => at % 8 === 0);
  },
);
