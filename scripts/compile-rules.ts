/** The built-in rule files → one table, at build time. */
import { readRuleFolder } from '../src/config/rule-files.ts';
import { compileRuleSet } from '../src/core/rules/rule-set.ts';
import { buildFilterTables } from '../src/core/rules/filter-tables.ts';
import type { RuleSet } from '../src/core/model/rule.ts';

/** The rules, and the filter's tables for them. `sample`: text like that which will be searched. */
export function compileBuiltInRules(
  folder: string,
  sample: Uint8Array,
): { ruleSet: RuleSet; tables: Uint8Array } {
  const ruleSet = compileRuleSet(readRuleFolder(folder));
  const tables = buildFilterTables(ruleSet.rules, sample);
  if (!tables) throw new Error('the rules do not fit in the tables of the filter');
  return { ruleSet, tables };
}
