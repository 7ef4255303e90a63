/** A rule of gitleaks → one of ours, compiled. */
import type { CompiledRule } from '../../core/model/rule.ts';
import { compileRule } from '../../core/rules/compile.ts';
import { checkCost } from '../../core/rules/cost.ts';
import { attempt, Refused, rulePattern, type Patterns } from './gitleaks-pattern.ts';
import type { GitleaksRule } from './gitleaks-shape.ts';

/** What `requires` can say at most; without a number gitleaks means the whole file. */
const mostLines = 999;

/** Ours are lower-case words joined by dashes. */
export function ruleId(id: string): string {
  const words = id.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.length === 0 ? 'unnamed' : words.join('-');
}

/**
 * `isKnown`: whether a rule of this id is among ours or theirs.
 * @throws {Refused} with the reason.
 */
export function convertRule(
  rule: GitleaksRule,
  isKnown: (id: string) => boolean,
  patterns: Patterns,
): CompiledRule {
  patterns.checkTime();
  if (rule.regex === undefined) {
    throw new Refused('it names files only, and here a rule finds text');
  }
  if (rule.required.some(({ hasColumns }) => hasColumns)) {
    throw new Refused('withinColumns has no meaning here');
  }
  const unknown = rule.required.find(({ id }) => !isKnown(ruleId(id)));
  if (unknown) throw new Refused(`it requires "${unknown.id}", which is no rule here`);
  const pattern = rulePattern(rule.regex, rule.secretGroup ?? 0);
  const pathPattern = rule.path === undefined ? undefined : patterns.search(rule.path).source;
  return attempt(() => {
    const compiled = compileRule({
      id: ruleId(rule.id),
      name: rule.description ?? rule.id,
      issuer: '',
      severity: 'medium',
      pattern,
      variable: [],
      entropy: rule.entropy ?? 0,
      context: [],
      contextLines: 5,
      confidence: { withContext: 'medium', without: 'medium' },
      // Where one of ours matches the same text it knows more.
      specificity: 'format',
      requires: rule.required.map(({ id, withinLines }) => ({
        rule: ruleId(id),
        withinLines: Math.min(withinLines ?? mostLines, mostLines),
      })),
      paths: [],
      skipFilters: [],
      references: [],
      examples: { match: [], miss: [] },
    });
    checkCost(compiled, () => performance.now());
    return {
      ...compiled,
      ...(pathPattern === undefined ? {} : { pathPattern }),
      ...(rule.skipReport ? { isPart: true } : {}),
    };
  });
}
