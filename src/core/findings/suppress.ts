/** Findings that somebody accepted: on the line, in the configuration, in the baseline. */
import type { Finding } from '../model/finding.ts';
import type { InlineAllow } from '../model/match.ts';
import type { StaleBaseline, Suppressed } from '../model/report.ts';
import { isExpired, type BaselineEntry } from './baseline.ts';

/** One entry of `allow` in the configuration: all conditions that it names must hold. */
export interface AllowEntry {
  readonly rule?: string;
  readonly path?: (path: string) => boolean;
  /** Must match somewhere in the secret. */
  readonly pattern?: RegExp;
  readonly secretId?: string;
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
}

export interface Kept {
  readonly findings: readonly Finding[];
  readonly suppressed: Suppressed;
  readonly stale: StaleBaseline;
}

export function suppress(candidates: readonly Suppressible[], by: Suppressions): Kept {
  const baseline = new Map(by.baseline.map((entry) => [entry.fingerprint, entry]));
  const used = new Set<string>();
  const counts = { baseline: 0, inline: 0, allowlist: 0 };
  const findings = candidates.flatMap(({ finding, allow }) => {
    const entry = baseline.get(finding.fingerprint);
    if (entry) used.add(entry.fingerprint);
    if (allow && !by.strict) counts.inline += 1;
    else if (by.allow.some((one) => isAllowed(finding, one, by.today))) counts.allowlist += 1;
    else if (entry && !isExpired(entry, by.today)) counts.baseline += 1;
    else return [finding];
    return [];
  });
  const unused = [...baseline.keys()].filter((fingerprint) => !used.has(fingerprint)).length;
  const expired = [...baseline.values()].filter((entry) => isExpired(entry, by.today)).length;
  return { findings, suppressed: counts, stale: { unused, expired } };
}

function isAllowed(finding: Finding, entry: AllowEntry, today: string): boolean {
  if (entry.expires !== undefined && entry.expires < today) return false;
  if (entry.rule !== undefined && entry.rule !== finding.rule) return false;
  if (entry.secretId !== undefined && entry.secretId !== finding.secretId) return false;
  if (entry.path && !entry.path(finding.path)) return false;
  return !entry.pattern || entry.pattern.test(finding.secret.reveal());
}
