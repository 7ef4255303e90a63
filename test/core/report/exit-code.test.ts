/** The table of exit codes, whole. */
import { describe, expect, it } from 'vitest';
import { problemKinds, type Problem, type ProblemKind } from '../../../src/core/model/problem.ts';
import { severities } from '../../../src/core/model/rule.ts';
import { exitCode, failLevels, type ExitOptions } from '../../../src/core/report/exit-code.ts';
import { makeReport, type Place, type ReportParts } from '../../support/make-report.ts';

const usual: ExitOptions = { failOn: 'low', allowIncomplete: false, strict: false };

function code(
  places: readonly Place[],
  parts: ReportParts = {},
  options: Partial<ExitOptions> = {},
) {
  return exitCode(makeReport(places, parts), { ...usual, ...options });
}

function incomplete(kind: ProblemKind): ReportParts {
  const problems: Problem[] = [{ kind, where: 'x', message: 'y' }];
  return { problems, coverage: { complete: false } };
}

describe('exitCode', () => {
  it('is 0 when all was looked at and nothing found', () => {
    expect(code([])).toBe(0);
  });

  const levels = severities.flatMap((severity, rank) =>
    failLevels.map((failOn) => {
      const least = (severities as readonly string[]).indexOf(failOn);
      return [severity, failOn, least >= rank ? 1 : 0] as const;
    }),
  );
  it.each(levels)('a %s finding with --fail-on %s is %i', (severity, failOn, expected) => {
    expect(code([{ severity }], {}, { failOn })).toBe(expected);
  });

  it('--fail-on live asks for a key that is live', () => {
    const live = { liveness: { 0: { state: 'live' } } } as const;
    expect(code([{ severity: 'info' }], live, { failOn: 'live' })).toBe(1);
    expect(code([{}], { liveness: { 0: { state: 'dead' } } }, { failOn: 'live' })).toBe(0);
  });

  it('--fail-on live is 2 where a key may be live, whatever is allowed', () => {
    const live = { failOn: 'live', allowIncomplete: true } as const;
    expect(code([{}], { liveness: { 0: { state: 'unknown' } } }, live)).toBe(2);
    expect(code([{}], incomplete('issuer-not-asked'), live)).toBe(2);
    expect(code([{}], { liveness: { 0: { state: 'unchecked' } } }, live)).toBe(0);
    const both = { 0: { state: 'unknown' }, 1: { state: 'live' } } as const;
    expect(code([{}, {}], { liveness: both }, live)).toBe(1);
  });

  it.each([
    ['revoked-proven', 0, 0],
    ['already-dead', 1, 0],
    ['revoked-unproven', 1, 2],
    ['refused', 1, 2],
    ['failed', 1, 2],
  ] as const)(
    'a key of which the revocation ended %s: %i, %i where findings do not count',
    (outcome, low, never) => {
      const revocation = { revocation: { 0: { outcome } } };
      expect(code([{ key: 0 }], revocation)).toBe(low);
      expect(code([{ key: 0 }], revocation, { failOn: 'never' })).toBe(never);
      expect(code([{ key: 0 }, { key: 1 }], revocation)).toBe(1);
    },
  );

  it('is 1 with findings, whether or not the scan was complete', () => {
    expect(code([{}], incomplete('unreadable-file'))).toBe(1);
    expect(code([{}], { coverage: { units: 0 } })).toBe(1);
  });

  it('is 2 when nothing was looked at, whatever is allowed', () => {
    expect(code([], { coverage: { units: 0 } })).toBe(2);
    expect(code([], { coverage: { units: 0 } }, { allowIncomplete: true })).toBe(2);
  });

  it('is 0 when there was nothing to look at by nature', () => {
    const parts = { coverage: { units: 0 }, target: { empty: 'the range has no commits' } };
    expect(code([], parts)).toBe(0);
  });

  const weights = Object.entries(problemKinds) as [ProblemKind, string][];
  it.each(weights.filter(([, weight]) => weight === 'incomplete'))('%s is %s: 2', (kind) => {
    expect(code([], incomplete(kind))).toBe(2);
    expect(code([], incomplete(kind), { allowIncomplete: true })).toBe(0);
    expect(code([{ severity: 'info' }], incomplete(kind))).toBe(2);
  });

  it.each(weights.filter(([, weight]) => weight === 'everyday'))(
    '%s is %s: 2 if strict',
    (kind) => {
      expect(code([], incomplete(kind))).toBe(0);
      expect(code([], incomplete(kind), { strict: true })).toBe(2);
      expect(code([], incomplete(kind), { strict: true, allowIncomplete: true })).toBe(0);
    },
  );
});
