/** Findings that somebody accepted: on the line, in the configuration, in the baseline. */
import type { Finding } from '../model/finding.ts';
import type { InlineAllow } from '../model/match.ts';
import type { Origin } from '../model/origin.ts';
import type { Accepted, StaleBaseline, Suppressed } from '../model/report.ts';
import { isExpired, type BaselineEntry } from './baseline.ts';

/** One entry of `allow` in the configuration: all conditions that it names must hold. */
export interface AllowEntry {
  readonly rule?: string;
  readonly path?: (path: string) => boolean;
  /** Must match somewhere in the secret. */
  readonly pattern?: RegExp;
  readonly secretId?: string;
  /** Of another tool's file: whether it says so of this finding. */
  readonly holds?: (finding: Finding) => boolean;
  /** That file. */
  readonly from?: string;
  /** It is another tool's baseline. */
  readonly isBaseline?: boolean;
  readonly reason: string;
  /** `YYYY-MM-DD` */
  readonly expires?: string;
}

export interface Suppressions {
  /** Ignore markers in the source. */
  readonly strict: boolean;
  readonly allow: readonly AllowEntry[];
  readonly baseline: readonly BaselineEntry[];
  /** `YYYY-MM-DD` */
  readonly today: string;
}

export interface Suppressible {
  readonly finding: Finding;
  readonly allow?: InlineAllow;
  /** The document that the shown place is in. */
  readonly origin?: Origin;
}

export interface Kept {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Accepted[];
  readonly suppressed: Suppressed;
  readonly stale: StaleBaseline;
}

export function suppress(candidates: readonly Suppressible[], by: Suppressions): Kept {
  const baseline = new Map(by.baseline.map((entry) => [entry.fingerprint, entry]));
  const used = new Set<string>();
  const findings: Finding[] = [];
  const accepted: Accepted[] = [];
  for (const candidate of candidates) {
    const { finding } = candidate;
    const entry = baseline.get(finding.fingerprint);
    if (entry) used.add(entry.fingerprint);
    const found = acceptance(candidate, entry, by);
    if (found) accepted.push({ finding, ...found });
    else findings.push(finding);
  }
  const countOf = (one: Accepted['by']): number => accepted.filter(({ by }) => by === one).length;
  const unused = [...baseline.keys()].filter((fingerprint) => !used.has(fingerprint)).length;
  const expired = [...baseline.values()].filter((entry) => isExpired(entry, by.today)).length;
  return {
    findings,
    accepted,
    suppressed: {
      baseline: countOf('baseline'),
      inline: countOf('inline'),
      allowlist: countOf('allowlist'),
    },
    stale: { unused, expired },
  };
}

function acceptance(
  { finding, allow }: Suppressible,
  entry: BaselineEntry | undefined,
  by: Suppressions,
): Omit<Accepted, 'finding'> | undefined {
  if (allow && !by.strict) return { by: 'inline', reason: allow.reason ?? '' };
  const allowed = by.allow.find((one) => isAllowed(finding, one, by.today));
  if (allowed) {
    const { reason, from, isBaseline } = allowed;
    return { by: isBaseline ? 'baseline' : 'allowlist', reason, ...(from && { from }) };
  }
  if (!entry || isExpired(entry, by.today)) return undefined;
  return { by: 'baseline', reason: entry.reason };
}

function isAllowed(finding: Finding, entry: AllowEntry, today: string): boolean {
  if (entry.expires !== undefined && entry.expires < today) return false;
  if (entry.rule !== undefined && entry.rule !== finding.rule) return false;
  if (entry.secretId !== undefined && entry.secretId !== finding.secretId) return false;
  if (entry.path && !entry.path(finding.path)) return false;
  if (entry.holds && !entry.holds(finding)) return false;
  return !entry.pattern || entry.pattern.test(finding.secret.reveal());
}
