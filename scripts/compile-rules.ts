/** The built-in rule files → one table, at build time. */
import { packRules } from '../src/config/packed-rules.ts';
import { readRuleFolder } from '../src/config/rule-files.ts';
import { compileRuleSet } from '../src/core/rules/rule-set.ts';
import { buildTables } from '../src/engine/filter.ts';

/** The rules and the filter's tables for them, as one file, and how many rules there are. */
export function compileBuiltInRules(folder: string): { packed: Uint8Array; count: number } {
  const ruleSet = compileRuleSet(readRuleFolder(folder));
  const packed = packRules({ ...ruleSet, tables: buildTables(ruleSet.rules) });
  return { packed, count: ruleSet.rules.length };
}
