/** The rule files as the tests see them: read from rules/, not from the build. */
import { join } from 'node:path';
import { readRuleFolder } from '../../src/config/rule-files.ts';
import { compileRuleSet } from '../../src/core/rules/rule-set.ts';

export const ruleFolder = join(import.meta.dirname, '../../rules');
export const builtInRules = readRuleFolder(ruleFolder);
export const builtInRuleSet = compileRuleSet(builtInRules);
