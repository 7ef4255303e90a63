/** The built-in rule files → one table, at build time. */
import { packRules } from '../src/config/packed-rules.ts';
import { readRuleFolder } from '../src/config/rule-files.ts';
import { compileRuleSet } from '../src/core/rules/rule-set.ts';
import { buildFilterTables } from '../src/core/rules/filter-tables.ts';

/**
 * The rules and the filter's tables for them, as one file, and how many rules there are. `sample`: text
 * like that which will be searched.
 */
export function compileBuiltInRules(
  folder: string,
  sample: Uint8Array,
): { packed: Uint8Array; count: number } {
  const ruleSet = compileRuleSet(readRuleFolder(folder));
  const tables = buildFilterTables(ruleSet.rules, sample);
  if (!tables) throw new Error('the rules do not fit in the tables of the filter');
  return { packed: packRules({ ...ruleSet, tables }), count: ruleSet.rules.length };
}
