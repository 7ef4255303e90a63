/** Findings → report: one order, whatever order they come in; keys grouped, worst first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppress } from '../../../src/core/findings/suppress.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { collect, type Parts } from '../../../src/core/report/collect.ts';
import { makeGit, makeReport, seeded, type Place } from '../../support/make-report.ts';
import { builtInRuleSet } from '../../support/rules.ts';

function collected(findings: readonly Finding[], parts: Partial<Parts> = {}): Report {
  const { coverage, problems } = makeReport([]);
  return collect({
    version: '1.2.3',
    ruleSet: builtInRuleSet,
    target: { kind: 'files', path: '.' },
    findings,
    coverage,
    problems,
    suppressed: { baseline: 0, inline: 0, allowlist: 0 },
    ...parts,
  });
}

const findingsOf = (places: readonly Place[]): readonly Finding[] => makeReport(places).findings;
const at = (byte: number) => ({ line: 1, column: byte + 1, byte });

describe('collect', () => {
  it('gives the same bytes for any order of findings', () => {
    const findings = findingsOf(
      Array.from({ length: 12 }, (_, i) => ({ key: i % 5, path: `p${i % 3}`, start: at(i % 2) })),
    );
    const expected = JSON.stringify(collected(findings));
    const shuffled = fc.shuffledSubarray([...findings], { minLength: findings.length });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(JSON.stringify(collected(order))).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('sorts findings by path, then place, then rule', () => {
    const findings = findingsOf([
      { path: 'b', start: at(1) },
      { path: 'a', start: at(9) },
      { path: 'a', start: at(2), rule: 'jwt' },
      { path: 'a', start: at(2), rule: 'aws-access-key-id' },
      { path: 'B', start: at(1) },
    ]);
    expect(collected(findings).findings.map((one) => [one.path, one.start.byte, one.rule])).toEqual(
      [
        ['B', 1, 'robotomail-api-key'],
        ['a', 2, 'aws-access-key-id'],
        ['a', 2, 'jwt'],
        ['a', 9, 'robotomail-api-key'],
        ['b', 1, 'robotomail-api-key'],
      ],
    );
  });

  it('groups findings by key, and sorts keys worst first, then surest', () => {
    const findings = findingsOf([
      { key: 1, severity: 'low' },
      { key: 2, severity: 'high', confidence: 'low' },
      { key: 3, severity: 'high', confidence: 'high' },
      { key: 1, severity: 'critical', path: 'other.ts' },
    ]);
    const { keys, summary } = collected(findings);
    expect(keys.map((key) => [key.severity, key.confidence, key.findings.length])).toEqual([
      ['critical', 'high', 2],
      ['high', 'high', 1],
      ['high', 'low', 1],
    ]);
    expect(summary).toMatchObject({ findings: 4, keys: 3, live: 0 });
  });

  it('calls a key by its most specific rule', () => {
    const findings = findingsOf([
      { key: 1, rule: 'generic-assignment' },
      { key: 1, rule: 'robotomail-api-key', path: 'b' },
      { key: 1, rule: 'jwt', path: 'c' },
    ]);
    expect(collected(findings).keys).toMatchObject([
      { rule: 'robotomail-api-key', issuer: 'robotomail' },
    ]);
  });

  it('knows of each key the earliest commit and whether any path in HEAD holds it', () => {
    const random = seeded(3);
    const git = (date: string, inHead: boolean) =>
      makeGit(random, { inHead, introduced: { commit: date, author: 'Ada', date, subject: '' } });
    const findings = findingsOf([
      { key: 1, git: git('2026-02-01T00:00:00Z', false) },
      { key: 1, path: 'b', git: git('2026-01-01T00:00:00Z', true) },
      { key: 2, path: 'c', git: git('2026-01-01T00:00:00Z', false) },
    ]);
    const { keys } = collected(findings);
    const byCount = [...keys].sort((a, b) => b.findings.length - a.findings.length);
    expect(byCount).toMatchObject([
      { inHead: true, firstSeen: { commit: '2026-01-01T00:00:00Z' } },
      { inHead: false },
    ]);
    expect(collected(findingsOf([{}])).keys[0]).not.toHaveProperty('inHead');
  });

  it('carries the facts of the rules that found something, and of no other', () => {
    const { rules, tool } = collected(findingsOf([{}, { rule: 'jwt' }, { rule: 'of-a-user' }]));
    expect(Object.keys(rules)).toEqual(['jwt', 'robotomail-api-key']);
    expect(rules['robotomail-api-key']).toMatchObject({ name: 'Robotomail API key' });
    expect(tool).toEqual({ name: 'keywarden', version: '1.2.3', rules: builtInRuleSet.hash });
  });

  it('a baseline of a report hides exactly that report', () => {
    const place = fc.record({ key: fc.nat(6), path: fc.constantFrom('a', 'b', 'c') });
    const places = fc.array(place, { maxLength: 10 });
    fc.assert(
      fc.property(places, places, (known, added) => {
        const findings = findingsOf([...known, ...added]);
        const accepted = findings.slice(0, known.length);
        const baseline = collected(accepted).findings.map(({ fingerprint, rule, path }) => ({
          fingerprint,
          rule,
          path,
          reason: '',
          author: '',
        }));
        const by = { strict: false, allow: [], baseline, today: '2026-03-01' };
        const candidates = findings.map((finding) => ({ finding }));
        const kept = suppress(candidates, by);
        const prints = new Set(accepted.map(({ fingerprint }) => fingerprint));
        expect(kept.findings).toEqual(findings.filter((one) => !prints.has(one.fingerprint)));
        expect(kept.stale.unused).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
