/** Rules → the table that the engine runs. */
import { createHash } from 'node:crypto';
import type { CompiledRule, Rule, RuleSet } from '../model/rule.ts';
import { UserError } from '../model/user-error.ts';
import { compileRule } from './compile.ts';

/** Throws UserError on an id used twice or a requirement that no rule fulfils. */
export function compileRuleSet(rules: readonly Rule[]): RuleSet {
  return asRuleSet(rules.map(compileRule));
}

/** A table of compiled rules, in order of their ids, with its hash. */
export function asRuleSet(compiled: readonly CompiledRule[]): RuleSet {
  const ids = new Set<string>();
  for (const { id } of compiled) {
    if (ids.has(id)) throw new UserError(`rule ${id}: this id is used twice; ids are unique`);
    ids.add(id);
  }
  checkRequirements(compiled);
  const rules = [...compiled].sort((a, b) => (a.id < b.id ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
  return { rules, hash: `sha256:${hash}` };
}

/** Throws UserError where a rule requires one that is not among them. */
export function checkRequirements(compiled: readonly CompiledRule[]): void {
  const ids = new Set(compiled.map(({ id }) => id));
  for (const { id, requires } of compiled) {
    const unknown = requires.find(({ rule }) => !ids.has(rule));
    if (unknown) throw new UserError(`rule ${id}: requires "${unknown.rule}", which is no rule`);
  }
}
