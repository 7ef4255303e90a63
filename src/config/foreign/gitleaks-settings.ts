/** What of a gitleaks configuration keywarden.yaml and a rule file of ours can say. */
import type { CompiledRule } from '../../core/model/rule.ts';
import type { ForeignSettings } from './foreign.ts';
import { Refused, rulePattern, type Patterns } from './gitleaks-pattern.ts';
import { ruleId } from './gitleaks-rules.ts';
import type { GitleaksAllowlist, GitleaksConfig } from './gitleaks-shape.ts';
import { pathGlob } from './path-glob.ts';

type Entry = Readonly<Record<string, string>>;

/** `usable`: the rules that could be converted. */
export function settingsOf(
  config: GitleaksConfig,
  usable: readonly CompiledRule[],
  skip: readonly string[],
  patterns: Patterns,
): ForeignSettings {
  const left: string[] = [];
  const compiled = new Map(usable.map((rule) => [rule.id, rule]));
  const rules = config.rules.flatMap(({ id, regex, secretGroup, path, skipReport }) => {
    const rule = compiled.get(ruleId(id));
    if (!rule || regex === undefined) return [];
    if (path !== undefined || skipReport === true) {
      const what = path === undefined ? 'skipReport' : 'path';
      left.push(`${id}: ${what}: a rule file of ours cannot say it`);
      return [];
    }
    return [written(rule, rulePattern(regex, secretGroup ?? 0))];
  });
  const ids = new Set(rules.map(({ id }) => id));
  const whole = rules.filter(({ id, requires }) => {
    const isWhole = (requires ?? []).every((one) => ids.has(one.rule));
    if (!isWhole) left.push(`${id}: it requires a rule that stays behind`);
    return isWhole;
  });
  const allow = [
    ...config.allowlists.flatMap((list, index) =>
      list.targetRules.length === 0
        ? entries(list, undefined, `allowlists[${index}]`, left, patterns)
        : list.targetRules.flatMap((id) =>
            entries(list, ruleId(id), `allowlists[${index}]`, left, patterns),
          ),
    ),
    ...config.rules.flatMap(({ id, allowlists }) =>
      allowlists.flatMap((list) => entries(list, ruleId(id), id, left, patterns)),
    ),
  ];
  return { rules: whole, allow, skip, left };
}

function written({ id, name, entropy, requires }: CompiledRule, pattern: string) {
  return {
    id,
    name,
    severity: 'medium',
    specificity: 'format',
    pattern,
    ...(entropy > 0 && { entropy }),
    ...(requires.length > 0 && {
      requires: requires.map(({ rule, withinLines }) => ({ rule, within: `${withinLines} lines` })),
    }),
  };
}

/** One entry for each check where one is enough; where all must hold, one for each pair. */
function entries(
  list: GitleaksAllowlist,
  rule: string | undefined,
  name: string,
  left: string[],
  converted: Patterns,
): Entry[] {
  const before = left.length;
  const paths = list.paths.flatMap((pattern) => globEntry(pattern, name, left, converted));
  const patterns = [
    ...(list.regexTarget === 'secret' ? list.regexes : []).flatMap((pattern) =>
      secretEntry(pattern, converted),
    ),
    ...list.stopwords.flatMap((word) => wordEntry(word, name, left)),
  ];
  if (list.commits.length > 0) left.push(`${name}: commits: keywarden.yaml cannot say it`);
  const kinds = [list.paths, list.regexes, list.stopwords, list.commits].filter(
    ({ length }) => length > 0,
  ).length;
  const of = { ...(rule === undefined ? {} : { rule }), reason: 'from .gitleaks.toml' };
  if (!list.isAll || kinds < 2) return [...paths, ...patterns].map((one) => ({ ...one, ...of }));
  // All must hold: what cannot be said takes the whole away, and two patterns cannot be said.
  const isPair = list.paths.length > 0 && kinds === 2 && left.length === before;
  if (!isPair) left.push(`${name}: condition AND: keywarden.yaml cannot say it`);
  return isPair
    ? paths.flatMap((path) => patterns.map((pattern) => ({ ...path, ...pattern, ...of })))
    : [];
}

function globEntry(pattern: string, name: string, left: string[], patterns: Patterns): Entry[] {
  const path = sourceOf(pattern, patterns) !== undefined ? pathGlob(pattern) : undefined;
  if (path !== undefined) return [{ path }];
  left.push(`${name}: paths: ${pattern}: there is no glob that means the same`);
  return [];
}

function secretEntry(pattern: string, patterns: Patterns): Entry[] {
  const source = sourceOf(pattern, patterns);
  return source === undefined ? [] : [{ pattern: source }];
}

/** Undefined for what was refused already. */
function sourceOf(pattern: string, patterns: Patterns): string | undefined {
  try {
    return patterns.search(pattern).source;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function wordEntry(word: string, name: string, left: string[]): Entry[] {
  if (/^[\x20-\x7e]+$/.test(word)) return [{ pattern: anyCase(word) }];
  left.push(`${name}: stopwords: a word that is not ASCII`);
  return [];
}

function anyCase(word: string): string {
  return word.replace(/[a-z]|[^a-z]/gi, (one) => {
    if (/[a-z]/i.test(one)) return `[${one.toLowerCase()}${one.toUpperCase()}]`;
    return /\w/.test(one) ? one : `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
