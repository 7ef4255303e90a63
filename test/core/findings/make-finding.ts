/** Compiled rules and matches with nothing special about them but what a test says. */
import type { Attributed } from '../../../src/core/model/attributed.ts';
import type { GitFacts } from '../../../src/core/model/finding.ts';
import type { Match } from '../../../src/core/model/match.ts';
import type { CompiledRule, Rule } from '../../../src/core/model/rule.ts';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { makeRule } from '../rules/make-rule.ts';

export const rule = (parts: Partial<Rule> = {}): CompiledRule => compileRule(makeRule(parts));

export function match(
  parts: Partial<Match> & { readonly line?: string; readonly at?: number },
): Match {
  const { at = 0, ...rest } = parts;
  const secret = parts.secret ?? 'a secret';
  return {
    rule: 'acme-key',
    secret,
    origin: { kind: 'file', path: 'a.txt' },
    start: { line: at + 1, column: 1, byte: at },
    end: { line: at + 1, column: 1 + secret.length, byte: at + secret.length },
    entropy: 4,
    hasContext: false,
    line: 'the line',
    decoded: [],
    ...rest,
  };
}

export function at(path: string, found: Match, git?: GitFacts, occurrences = 1): Attributed {
  return { match: found, path, occurrences, ...(git ? { git } : {}) };
}

export function gitFacts(parts: Partial<GitFacts> = {}): GitFacts {
  return { inHead: false, reachable: true, refs: [], refCount: 0, ...parts };
}
