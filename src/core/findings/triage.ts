/** Attributed matches → findings: identity, confidence, one rule a secret and path. */
import { holdsWord } from '../detect/context-word.ts';
import type { Attributed } from '../model/attributed.ts';
import type { Finding, GitFacts } from '../model/finding.ts';
import { confidences, specificities, type CompiledRule, type Confidence } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { fingerprint, secretId } from './identity.ts';
import { redactor, type Redactor } from './redactor.ts';
import type { Suppressible } from './suppress.ts';

export interface TriageOptions {
  readonly rules: readonly CompiledRule[];
  readonly minConfidence: Confidence;
  /** Whether a path is one of a rule's. */
  readonly matchesPath: (globs: readonly string[], path: string) => boolean;
  /** Secrets known from elsewhere that must not be shown either. */
  readonly inNames?: readonly Secret[];
}

export function triage(attributed: readonly Attributed[], options: TriageOptions): Suppressible[] {
  const rules = new Map(options.rules.map((rule) => [rule.id, rule]));
  const secretOf = remembered((value, rule: CompiledRule) => new Secret(value, rule.prefixes));
  // Slow on purpose, for weak ones: asked only for what is shown.
  const idOf = remembered(secretId);
  const known = attributed.flatMap((one): Known[] => {
    const rule = rules.get(one.match.rule);
    if (!rule) return [];
    const secret = secretOf(one.match.secret, rule);
    const hasContext =
      one.match.hasContext || rule.context.some((word) => holdsWord(one.path, word));
    const confidence = confidenceOf(one, rule, hasContext, options);
    return [{ one, rule, secret, hasContext, ...(confidence ? { confidence } : {}) }];
  });
  const secrets = [...(options.inNames ?? []), ...known.map(({ secret }) => secret)];
  const redact = redactor([...new Set(secrets)]);
  return mostSpecific(merged(known))
    .filter(({ confidence }) => isAtLeast(confidence, options.minConfidence))
    .map((known) => toFinding(known, idOf(known.one.match.secret), redact));
}

interface Known {
  readonly one: Attributed;
  readonly rule: CompiledRule;
  readonly secret: Secret;
  readonly hasContext: boolean;
  /** None: it is no finding, but its text is still kept out of reports. */
  readonly confidence?: Confidence;
}

interface Certain extends Known {
  readonly confidence: Confidence;
}

/** Each value is asked for once. */
function remembered<T, Rest extends unknown[]>(
  make: (value: string, ...rest: Rest) => T,
): (value: string, ...rest: Rest) => T {
  const byValue = new Map<string, T>();
  return (value, ...rest) => {
    const known = byValue.get(value);
    if (known !== undefined) return known;
    const made = make(value, ...rest);
    byValue.set(value, made);
    return made;
  };
}

function confidenceOf(
  { path }: Attributed,
  rule: CompiledRule,
  hasContext: boolean,
  { matchesPath }: TriageOptions,
): Confidence | undefined {
  if (rule.isPart) return undefined;
  if (rule.paths.length > 0 && !matchesPath(rule.paths, path)) return undefined;
  if (rule.pathPattern !== undefined && !new RegExp(rule.pathPattern).test(path)) return undefined;
  const found = hasContext ? rule.confidence.withContext : rule.confidence.without;
  return found === 'none' ? undefined : found;
}

/** Cheaply: what cannot become a finding needs no facts. */
export function mayBeShown(
  one: Attributed,
  rule: CompiledRule | undefined,
  options: TriageOptions,
): boolean {
  if (!rule) return false;
  const hasContext = one.match.hasContext || rule.context.some((word) => holdsWord(one.path, word));
  const confidence = confidenceOf(one, rule, hasContext, options);
  return confidence !== undefined && isAtLeast(confidence, options.minConfidence);
}

function isAtLeast(confidence: Confidence, least: Confidence): boolean {
  return confidences.indexOf(confidence) <= confidences.indexOf(least);
}

/** Several places of one rule, secret and path become one, with the surest confidence. */
function merged(known: readonly Known[]): Certain[] {
  const groups = new Map<string, Certain[]>();
  for (const one of known) {
    if (!one.confidence) continue;
    const key = [one.rule.id, one.one.path, one.one.match.secret].join('\0');
    const group = groups.get(key) ?? [];
    group.push({ ...one, confidence: one.confidence });
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => {
    group.sort((a, b) => comparePlaces(a.one, b.one));
    const [first] = group;
    if (!first) return [];
    const surest = confidences.find((level) =>
      group.some(({ confidence }) => confidence === level),
    );
    const occurrences = group.reduce((sum, { one }) => sum + one.occurrences, 0);
    // Allowed only where every place is: a marker covers its own line.
    const open = group.find(({ one }) => !one.match.allow) ?? first;
    const git = mergedGit(group.flatMap(({ one }) => (one.git ? [one.git] : [])));
    const shown = open.one.match === first.one.match ? first : open;
    return [
      {
        ...shown,
        confidence: surest ?? first.confidence,
        hasContext: group.some(({ hasContext }) => hasContext),
        one: { ...shown.one, occurrences, ...(git ? { git } : {}) },
      },
    ];
  });
}

/** Several commits that add the key to one path: the earliest introduced it, the newest holds it. */
function mergedGit(all: readonly GitFacts[]): GitFacts | undefined {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return first;
  const byDate = [...all].sort((a, b) =>
    compare(a.introduced?.date ?? '', b.introduced?.date ?? ''),
  );
  const newest = byDate.at(-1) ?? first;
  const earliest = byDate[0]?.introduced;
  return {
    ...newest,
    ...(earliest ? { introduced: earliest } : {}),
    inHead: all.some(({ inHead }) => inHead),
    reachable: all.some(({ reachable }) => reachable),
  };
}

/** The same secret at the same path by several rules: the most specific reports it. */
function mostSpecific(known: readonly Certain[]): Certain[] {
  const best = new Map<string, Certain>();
  for (const one of known) {
    const key = `${one.one.path}\0${one.one.match.secret}`;
    const other = best.get(key);
    if (!other || compareRules(one, other) < 0) best.set(key, one);
  }
  return [...best.values()];
}

function compareRules(a: Certain, b: Certain): number {
  return (
    specificities.indexOf(a.rule.specificity) - specificities.indexOf(b.rule.specificity) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    compare(a.rule.id, b.rule.id)
  );
}

function comparePlaces(a: Attributed, b: Attributed): number {
  const inHead = Number(b.git?.inHead ?? false) - Number(a.git?.inHead ?? false);
  const inArchive = Number(isInside(a)) - Number(isInside(b));
  // Matches of one archive come in its order, and sorting leaves equals where they are.
  const byByte = isInside(a) ? 0 : a.match.start.byte - b.match.start.byte;
  return inHead || inArchive || byByte || compare(originId(a), originId(b));
}

function isInside({ match }: Attributed): boolean {
  return match.origin.inside !== undefined;
}

function originId({ match }: Attributed): string {
  return 'oid' in match.origin ? match.origin.oid : match.origin.path;
}

function toFinding(certain: Certain, id: string, redact: Redactor): Suppressible {
  const { one, rule, secret, confidence, hasContext } = certain;
  const { match, git, original, variable } = one;
  const { members = [], decoded = [], image } = match.origin.inside ?? {};
  const finding: Finding = {
    fingerprint: fingerprint(rule.id, id, one.path),
    secretId: id,
    rule: rule.id,
    severity: rule.severity,
    confidence,
    hasContext,
    path: redact(one.path),
    members: members.map(redact),
    decoded: [...decoded, ...match.decoded],
    start: match.start,
    end: match.end,
    entropy: match.entropy,
    occurrences: one.occurrences,
    line: redact(match.line),
    ...(image ? { image: { ...image, layer: redact(image.layer) } } : {}),
    ...(original ? { original: { ...original, path: redact(original.path) } } : {}),
    ...(variable === undefined ? {} : { variable: redact(variable) }),
    ...(git ? { git: redactedGit(git, redact) } : {}),
    secret,
  };
  return { finding, origin: match.origin, ...(match.allow ? { allow: match.allow } : {}) };
}

function redactedGit(git: GitFacts, redact: Redactor): GitFacts {
  const { introduced } = git;
  return {
    ...git,
    refs: git.refs.map(redact),
    ...(introduced
      ? {
          introduced: {
            ...introduced,
            author: redact(introduced.author),
            subject: redact(introduced.subject),
          },
        }
      : {}),
  };
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
