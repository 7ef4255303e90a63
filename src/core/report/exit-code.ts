/** Report → exit code. Independent of format and output. */
import { problemKinds } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import { severities, type Severity } from '../model/rule.ts';

export const failLevels = [...severities, 'live', 'never'] as const;
export type FailLevel = (typeof failLevels)[number];

export interface ExitOptions {
  readonly failOn: FailLevel;
  readonly allowIncomplete: boolean;
  readonly strict: boolean;
}

/** 0 all looked at and nothing to fail on, 1 findings, 2 not all that was asked could be done. */
export function exitCode(report: Report, options: ExitOptions): 0 | 1 | 2 {
  if (report.findings.some(({ severity }) => fails(severity, report, options.failOn))) return 1;
  if (report.target.empty !== undefined) return 0;
  if (report.coverage.units === 0) return 2;
  return isIncomplete(report, options) && !options.allowIncomplete ? 2 : 0;
}

function fails(severity: Severity, { summary }: Report, failOn: FailLevel): boolean {
  if (failOn === 'never') return false;
  if (failOn === 'live') return summary.live > 0;
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

/** LFS pointers and submodules that are not initialised are everyday: they count only when strict. */
export function isIncomplete(
  { problems }: Report,
  { strict }: Pick<ExitOptions, 'strict'>,
): boolean {
  return problems.some(({ kind }) => problemKinds[kind] === 'incomplete' || strict);
}
