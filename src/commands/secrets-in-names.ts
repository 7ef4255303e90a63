/** Secrets that stand in names (paths, authors, subjects, refs) and perhaps nowhere else: for redaction only. */
import { createScanner } from '../engine/scanner.ts';
import type { Attributed } from '../core/model/attributed.ts';
import type { Coverage } from '../core/model/coverage.ts';
import type { Problem } from '../core/model/problem.ts';
import type { RuleSet } from '../core/model/rule.ts';
import { Secret } from '../core/model/secret.ts';

interface Covered {
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
}

export function secretsInNames(
  attributed: readonly Attributed[],
  { coverage, problems }: Covered,
  ruleSet: RuleSet,
): Secret[] {
  const names = new Set([
    ...attributed.flatMap(({ match, path, git }) => [
      path,
      ...(match.origin.inside?.members ?? []),
      ...(git?.refs ?? []),
      git?.introduced?.author ?? '',
      git?.introduced?.subject ?? '',
    ]),
    ...problems.map(({ where }) => where),
    ...coverage.skipped.flatMap(({ examples }) => examples),
  ]);
  return secretsInTexts([...names], ruleSet).map(({ secret }) => secret);
}

export interface SecretInText {
  readonly secret: Secret;
  /** Id of the rule that found it. */
  readonly rule: string;
  /** At least of medium confidence, by what stands around it. */
  readonly isSure: boolean;
}

/** Whatever any rule finds, however unsure: what is no finding is kept out of reports all the same. */
export function secretsInTexts(
  texts: readonly string[],
  { rules, tables }: RuleSet,
): SecretInText[] {
  // Nearly always no name looks like a key.
  const likely = texts.filter((text) => tokenLike.test(text));
  if (likely.length === 0) return [];
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return createScanner(rules, tables)
    .scan({ kind: 'stdin', path: '' }, Buffer.from(likely.join('\n')))
    .map(({ secret, rule, hasContext }) => {
      const facts = byId.get(rule);
      const found = hasContext ? facts?.confidence.withContext : facts?.confidence.without;
      return {
        secret: new Secret(secret, facts?.prefixes),
        rule,
        isSure: found === 'high' || found === 'medium',
      };
    });
}

const tokenLike = /(?=[A-Za-z0-9_+=-]*[0-9])[A-Za-z0-9_+=-]{16,}/;

/** The ledger with every place in it redacted. */
export function redactCovered(
  { coverage, problems }: Covered,
  redact: (text: string) => string,
): Covered {
  return {
    coverage: {
      ...coverage,
      skipped: coverage.skipped.map((one) => ({ ...one, examples: one.examples.map(redact) })),
    },
    problems: problems.map((one) => ({
      ...one,
      where: redact(one.where),
      message: redact(one.message),
    })),
  };
}
