/** What was covered and what was not, as SARIF notifications: a reader of the log alone must see it. */
import type { Problem } from '../core/model/problem.ts';
import type { Report } from '../core/model/report.ts';
import { problemWeight, type ProblemWeight } from './problem-weight.ts';
import { message } from './sarif-text.ts';
import { since } from './words.ts';

type Level = 'note' | 'warning';

interface Notice {
  readonly id: string;
  readonly level: Level;
  readonly text: string;
}

/** Chosen: enough to act on; a broken disk must not push the log over the host's size limit. */
const mostProblems = 1000;

const levelOf = {
  incomplete: 'warning',
  everyday: 'warning',
  expected: 'note',
} as const satisfies Record<ProblemWeight, Level>;

/**
 * Their descriptors are named by id only: GitHub's checks take descriptors in the driver for rules
 * and ask each for help texts.
 */
export function notifications(report: Report, resultsLeftOut: number) {
  const notices: readonly Notice[] = [
    coverageNotice(report),
    ...targetNotices(report),
    ...resultNotices(report, resultsLeftOut),
    ...skippedNotices(report),
    ...problemNotices(report.problems),
  ];
  return notices.map(({ id, level, text }) => ({
    descriptor: { id },
    level,
    message: message(text),
  }));
}

function coverageNotice({ coverage }: Report): Notice {
  const seen = `${coverage.units} documents, ${coverage.objects} git objects, ${coverage.bytes} bytes were looked at.`;
  return coverage.complete
    ? { id: 'coverage', level: 'note', text: `Complete: ${seen}` }
    : { id: 'coverage', level: 'warning', text: `INCOMPLETE: not all was looked at. ${seen}` };
}

function targetNotices({ target }: Report): readonly Notice[] {
  return [
    ...(target.empty === undefined
      ? []
      : [notice('nothing-to-look-at', `Nothing to look at: ${target.empty}.`)]),
    ...(target.sinceLast
      ? [notice('since-last', `Looked at was what is new ${since(target.sinceLast)}.`)]
      : []),
    ...(target.shallow ? [notice('shallow-clone', 'The repository is a shallow clone.')] : []),
  ];
}

function resultNotices({ summary }: Report, leftOut: number): readonly Notice[] {
  const { baseline, inline, allowlist } = summary.suppressed;
  return [
    ...(leftOut === 0
      ? []
      : [
          {
            id: 'results-left-out',
            level: 'warning' as const,
            text: `${leftOut} of ${summary.findings} results are left out, the least severe ones: hosts show no more. The JSON report has all.`,
          },
        ]),
    ...(baseline + inline + allowlist === 0
      ? []
      : [
          notice(
            'suppressed',
            `Suppressed findings: ${baseline} by the baseline, ${inline} inline, ${allowlist} by allowlists.`,
          ),
        ]),
    ...(summary.foreign ?? []).map(({ file, accepted, rules, refused }) =>
      notice(
        'foreign-file',
        `Also heeded: ${file}: ${accepted} findings accepted, ${rules} rules run, ${refused} parts not understood.`,
      ),
    ),
    ...(summary.baseline && summary.baseline.unused + summary.baseline.expired > 0
      ? [
          notice(
            'stale-baseline',
            `Baseline entries: ${summary.baseline.unused} unused, ${summary.baseline.expired} expired.`,
          ),
        ]
      : []),
  ];
}

function skippedNotices({ coverage }: Report): readonly Notice[] {
  return coverage.skipped.map(({ reason, count, examples }) => ({
    id: 'skipped',
    level: levelOf[problemWeight(reason)],
    text: `Not looked at, ${reason}: ${count}${examples.length === 0 ? '' : ` (${examples.join(', ')})`}.`,
  }));
}

function problemNotices(problems: readonly Problem[]): readonly Notice[] {
  const told = problems.slice(0, mostProblems).map(({ kind, where, message: why }) => ({
    id: kind,
    level: levelOf[problemWeight(kind)],
    text: `${where}: ${why}`,
  }));
  const more = problems.length - told.length;
  if (more === 0) return told;
  return [...told, { id: 'more-problems', level: 'warning', text: `${more} more problems.` }];
}

function notice(id: string, text: string): Notice {
  return { id, level: 'note', text };
}
