/** Findings → report. Here the order becomes the same for any number of threads. */
import { compare } from '../findings/triage.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Exposure, KeyState } from '../model/exposure.ts';
import type { Finding } from '../model/finding.ts';
import type { Problem } from '../model/problem.ts';
import type {
  Accepted,
  ForeignFile,
  Report,
  RuleFacts,
  StaleBaseline,
  Suppressed,
  Target,
} from '../model/report.ts';
import {
  confidences,
  severities,
  specificities,
  type CompiledRule,
  type RuleSet,
} from '../model/rule.ts';

export interface Parts {
  readonly version: string;
  readonly ruleSet: RuleSet;
  readonly target: Target;
  readonly findings: readonly Finding[];
  /** By secret id, where issuers were asked. */
  readonly states?: ReadonlyMap<string, KeyState>;
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
  readonly suppressed: Suppressed;
  readonly accepted?: readonly Accepted[];
  readonly stale?: StaleBaseline;
  readonly foreign?: readonly ForeignFile[];
}

export function collect(parts: Parts): Report {
  const rules = new Map(parts.ruleSet.rules.map((rule) => [rule.id, rule]));
  const findings = [...parts.findings].sort(byPlace);
  const keys = exposures(findings, rules, parts.states).sort(worstFirst);
  const accepted = [...(parts.accepted ?? [])].sort((a, b) => byPlace(a.finding, b.finding));
  const all = [...findings, ...accepted.map(({ finding }) => finding)];
  const named = [...new Set(all.map(({ rule }) => rule))].sort();
  const facts = named.flatMap((id) => {
    const rule = rules.get(id);
    return rule ? [[id, factsOf(rule)] as const] : [];
  });
  return {
    schema: 1,
    tool: { name: 'keywarden', version: parts.version, rules: parts.ruleSet.hash },
    target: parts.target,
    coverage: parts.coverage,
    summary: {
      findings: findings.length,
      keys: keys.length,
      live: keys.filter(({ liveness }) => liveness.state === 'live').length,
      suppressed: parts.suppressed,
      ...(parts.stale ? { baseline: parts.stale } : {}),
      ...(parts.foreign?.length ? { foreign: parts.foreign } : {}),
    },
    rules: Object.fromEntries(facts),
    keys,
    findings,
    ...(accepted.length > 0 ? { accepted } : {}),
    problems: parts.problems,
  };
}

function exposures(
  findings: readonly Finding[],
  rules: ReadonlyMap<string, CompiledRule>,
  states: Parts['states'],
): Exposure[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    groups.set(finding.secretId, [...(groups.get(finding.secretId) ?? []), finding]);
  }
  const rankOf = (id: string): number =>
    specificities.indexOf(rules.get(id)?.specificity ?? 'generic');
  return [...groups].map(([secretId, group]): Exposure => {
    const [main = group[0] as Finding] = [...group].sort(
      (a, b) => rankOf(a.rule) - rankOf(b.rule) || compare(a.rule, b.rule),
    );
    const withHistory = group.filter(({ git }) => git !== undefined);
    const firstSeen = group
      .flatMap(({ git }) => (git?.introduced ? [git.introduced] : []))
      .sort((a, b) => compare(a.date, b.date) || (a.rank ?? 0) - (b.rank ?? 0))[0];
    return {
      secretId,
      rule: main.rule,
      issuer: rules.get(main.rule)?.issuer ?? '',
      severity:
        severities.find((level) => group.some(({ severity }) => severity === level)) ??
        main.severity,
      confidence:
        confidences.find((level) => group.some((one) => one.confidence === level)) ??
        main.confidence,
      secret: main.secret,
      ...(withHistory.length > 0 ? { inHead: withHistory.some(({ git }) => git?.inHead) } : {}),
      liveness: { state: 'unchecked' },
      ...states?.get(secretId),
      ...(firstSeen ? { firstSeen } : {}),
      findings: group,
    };
  });
}

function factsOf({
  id,
  name,
  issuer,
  severity,
  references,
  revoke,
  advice,
}: CompiledRule): RuleFacts {
  return {
    id,
    name,
    issuer,
    severity,
    references,
    ...(revoke === undefined ? {} : { revoke }),
    ...(advice === undefined ? {} : { advice }),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.path, b.path) ||
    a.start.byte - b.start.byte ||
    compare(a.rule, b.rule) ||
    compare(a.fingerprint, b.fingerprint)
  );
}

function worstFirst(a: Exposure, b: Exposure): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    compare(a.secretId, b.secretId)
  );
}
