/** The built-in rule files → one table, at build time. */
import { readRuleFolder } from '../src/config/rule-files.ts';
import { compileRuleSet } from '../src/core/rules/rule-set.ts';
import { buildTables } from '../src/engine/filter.ts';
import type { RuleSet } from '../src/core/model/rule.ts';

/** The rules, and the filter's tables for them. */
export function compileBuiltInRules(folder: string): { ruleSet: RuleSet; tables: Uint8Array } {
  const ruleSet = compileRuleSet(readRuleFolder(folder));
  return { ruleSet, tables: buildTables(ruleSet.rules) };
}
