/** A rule with nothing special about it but what a test says. */
import type { Rule } from '../../../src/core/model/rule.ts';

export function makeRule(parts: Partial<Rule> = {}): Rule {
  return {
    id: 'acme-key',
    name: 'Acme key',
    issuer: 'acme',
    severity: 'high',
    pattern: '(acme_[0-9a-f]{32})',
    variable: [],
    entropy: 0,
    context: [],
    contextLines: 5,
    confidence: { withContext: 'high', without: 'medium' },
    specificity: 'issuer',
    requires: [],
    paths: [],
    skipFilters: [],
    references: [],
    examples: { match: [], miss: [] },
    ...parts,
  };
}
