/** The built-in rule files → one table, at build time. */
import { readRuleFolder } from '../src/config/rule-files.ts';
import { compileRuleSet } from '../src/core/rules/rule-set.ts';
import type { RuleSet } from '../src/core/model/rule.ts';

export function compileBuiltInRules(folder: string): RuleSet {
  return compileRuleSet(readRuleFolder(folder));
}
