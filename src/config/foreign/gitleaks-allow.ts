/** An allowlist of gitleaks → an entry of ours. */
import type { AllowEntry } from '../../core/findings/suppress.ts';
import type { Finding } from '../../core/model/finding.ts';
import { Refused, type Patterns } from './gitleaks-pattern.ts';
import type { GitleaksAllowlist } from './gitleaks-shape.ts';

type Check = (finding: Finding) => boolean;

/**
 * `rules`: those it is for; absent means all. Undefined when nothing of it is left. Where all checks must
 * hold, one that is refused takes the whole away: less would accept more.
 */
export function convertAllowlist(
  list: GitleaksAllowlist,
  file: string,
  rules: readonly string[] | undefined,
  patterns: Patterns,
): { readonly entry?: AllowEntry; readonly refused: readonly string[] } {
  const refused: string[] = [];
  const checks = [
    commitCheck(list.commits),
    patternCheck(
      patterns,
      'paths',
      list.paths,
      ({ path, members }) => [path, ...members].join('!'),
      refused,
    ),
    patternCheck(patterns, 'regexes', list.regexes, target(list, refused), refused),
    stopwordCheck(list.stopwords),
  ].filter((check) => check !== undefined);
  if (checks.length === 0 || (list.isAll && refused.length > 0)) return { refused };
  const holds: Check = list.isAll
    ? (finding) => checks.every((check) => check(finding))
    : (finding) => checks.some((check) => check(finding));
  const isMeant: Check = (finding) => rules === undefined || rules.includes(finding.rule);
  const entry = {
    from: file,
    reason: `allowlist in ${file}`,
    holds: (finding: Finding) => isMeant(finding) && holds(finding),
  };
  return { entry, refused };
}

function commitCheck(commits: readonly string[]): Check | undefined {
  if (commits.length === 0) return undefined;
  const known = new Set(commits.map((commit) => commit.toLowerCase()));
  return ({ git }) => known.has(git?.introduced?.commit ?? '');
}

function stopwordCheck(stopwords: readonly string[]): Check | undefined {
  if (stopwords.length === 0) return undefined;
  const words = stopwords.map((word) => word.toLowerCase());
  return ({ secret }) => {
    const value = secret.reveal().toLowerCase();
    return words.some((word) => value.includes(word));
  };
}

function patternCheck(
  { search }: Patterns,
  key: string,
  patterns: readonly string[],
  textOf: ((finding: Finding) => string) | undefined,
  refused: string[],
): Check | undefined {
  if (!textOf) return undefined;
  const usable = patterns.flatMap((pattern, index) => {
    try {
      return [search(pattern)];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(`${key}[${index}]: ${error.message}`);
      return [];
    }
  });
  if (usable.length === 0) return undefined;
  return (finding) => {
    const text = textOf(finding);
    return usable.some((pattern) => pattern.test(text));
  };
}

/** What surrounds a secret is redacted and cut by the time it could be asked for. */
function target(
  { regexes, regexTarget }: GitleaksAllowlist,
  refused: string[],
): ((finding: Finding) => string) | undefined {
  if (regexes.length === 0) return undefined;
  if (regexTarget === 'secret') return ({ secret }) => secret.reveal();
  refused.push(`regexTarget "${regexTarget}": only the secret itself can be asked here`);
  return undefined;
}
