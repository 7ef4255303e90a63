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
  { rules, tables }: RuleSet,
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
  // Nearly always no name looks like a key.
  const likely = [...names].filter((name) => tokenLike.test(name));
  if (likely.length === 0) return [];
  const prefixes = new Map(rules.map((rule) => [rule.id, rule.prefixes]));
  return createScanner(rules, tables)
    .scan({ kind: 'stdin', path: '' }, Buffer.from(likely.join('\n')))
    .map(({ secret, rule }) => new Secret(secret, prefixes.get(rule)));
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
