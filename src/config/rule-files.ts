/** Rule files on disk → rules. Needs a YAML reader: not on the path of an ordinary scan. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRuleFile } from '../core/rules/parse.ts';
import type { Rule } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import { parseYaml, ruleFileLimits } from './yaml.ts';

export function readRuleFile(path: string): Rule[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path}: cannot read this rule file`, { cause: error });
  }
  return parseRuleFile(parseYaml(text, path, ruleFileLimits), path);
}

/** All rule files of a folder, in order of their names. */
export function readRuleFolder(folder: string): Rule[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return names.flatMap((name) => readRuleFile(join(folder, name)));
}
