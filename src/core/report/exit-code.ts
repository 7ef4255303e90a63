/** Report → exit code. Independent of format and output. */
import type { Finding } from '../model/finding.ts';
import { problemKinds } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import { isFine } from '../model/revocation.ts';
import { severities } from '../model/rule.ts';

export const failLevels = [...severities, 'live', 'never'] as const;
export type FailLevel = (typeof failLevels)[number];

export interface ExitOptions {
  readonly failOn: FailLevel;
  readonly allowIncomplete: boolean;
  readonly strict: boolean;
}

/** 0 all looked at and nothing to fail on, 1 findings, 2 not all that was asked could be done. */
export function exitCode(report: Report, options: ExitOptions): 0 | 1 | 2 {
  if (isFailing(report, options.failOn)) return 1;
  if (isUnsettled(report, options.failOn)) return 2;
  if (report.target.empty !== undefined) return 0;
  if (report.coverage.units === 0) return 2;
  return isIncomplete(report, options) && !options.allowIncomplete ? 2 : 0;
}

function isFailing({ findings, keys, summary }: Report, failOn: FailLevel): boolean {
  if (failOn === 'never') return false;
  if (failOn === 'live') return summary.live > 0;
  const gone = new Set(
    keys.flatMap(({ secretId, revocation }) =>
      revocation?.outcome === 'revoked-proven' ? [secretId] : [],
    ),
  );
  const isBad = ({ severity }: Finding): boolean =>
    severities.indexOf(severity) <= severities.indexOf(failOn);
  return findings.some((finding) => isBad(finding) && !gone.has(finding.secretId));
}

/** A key that may be live where that decides, or that was to be revoked and perhaps still works. */
function isUnsettled({ keys, problems }: Report, failOn: FailLevel): boolean {
  if (keys.some(({ revocation }) => revocation && !isFine(revocation.outcome))) return true;
  if (failOn !== 'live') return false;
  const isOpen = keys.some(({ liveness }) => liveness.state === 'unknown');
  return isOpen || problems.some(({ kind }) => kind === 'issuer-not-asked');
}

/** LFS pointers and submodules that are not initialised are everyday: they count only when strict. */
export function isIncomplete(
  { problems }: Report,
  { strict }: Pick<ExitOptions, 'strict'>,
): boolean {
  return problems.some(({ kind }) => problemKinds[kind] === 'incomplete' || strict);
}
