/** Rules such as users may write. */
import type { CompiledRule, Rule } from '../../../src/core/model/rule.ts';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { builtInRules } from '../../support/rules.ts';

/** A rule that accepts whatever its pattern finds, but for the shared filters. */
export function ownRule(id: string, pattern: string): CompiledRule {
  const [model] = builtInRules as [Rule];
  const { checksum: _checksum, ...facts } = model;
  return compileRule({
    ...facts,
    id,
    pattern,
    variable: [],
    entropy: 0,
    context: ['acme'],
    contextLines: 5,
    requires: [],
    skipFilters: [],
    specificity: 'generic',
  });
}
