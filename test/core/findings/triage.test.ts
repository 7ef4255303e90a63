/** Attributed matches → findings: one rule a secret and path, places merged, confidence by context. */
import { describe, expect, it } from 'vitest';
import { triage, type TriageOptions } from '../../../src/core/findings/triage.ts';
import type { Attributed } from '../../../src/core/model/attributed.ts';
import type { CompiledRule } from '../../../src/core/model/rule.ts';
import { Secret } from '../../../src/core/model/secret.ts';
import { robotomailKey } from '../../cli/samples.ts';
import { at, gitFacts, match, rule } from './make-finding.ts';

const secret = robotomailKey('triage');
const other = robotomailKey('other');

const own = rule({
  context: ['acme'],
  confidence: { withContext: 'high', without: 'medium' },
});
const format = rule({ id: 'format-rule', specificity: 'format' });
const generic = rule({ id: 'generic-rule', specificity: 'generic' });

function findings(
  attributed: readonly Attributed[],
  rules: readonly CompiledRule[] = [own, format, generic],
  options: Partial<TriageOptions> = {},
) {
  const defaults = { rules, minConfidence: 'low', matchesPath: () => true } as const;
  return triage(attributed, { ...defaults, ...options });
}

const found = (...args: Parameters<typeof findings>) =>
  findings(...args).map(({ finding }) => finding);

describe('one secret by several rules', () => {
  it.each([
    [['generic-rule', 'acme-key', 'format-rule'], 'acme-key'],
    [['generic-rule', 'format-rule'], 'format-rule'],
    [['format-rule', 'acme-key'], 'acme-key'],
    [['generic-rule'], 'generic-rule'],
  ])('%j at one path is reported by %s', (ids, expected) => {
    const all = ids.map((id) => at('a.txt', match({ rule: id, secret })));
    expect(found(all).map((one) => one.rule)).toEqual([expected]);
  });

  it('stays apart at different paths and for different secrets', () => {
    const all = [
      at('a.txt', match({ rule: 'acme-key', secret })),
      at('b.txt', match({ rule: 'generic-rule', secret })),
      at('a.txt', match({ rule: 'generic-rule', secret: other })),
    ];
    expect(found(all).map((one) => [one.path, one.rule])).toEqual([
      ['a.txt', 'acme-key'],
      ['b.txt', 'generic-rule'],
      ['a.txt', 'generic-rule'],
    ]);
  });

  it('of one specificity goes to the surer, then to the first by name', () => {
    const sure = rule({ id: 'zz-sure', confidence: { withContext: 'high', without: 'high' } });
    const doubt = rule({ id: 'aa-doubt', confidence: { withContext: 'low', without: 'low' } });
    const twin = rule({ id: 'aa-sure', confidence: { withContext: 'high', without: 'high' } });
    const by = (...rules: CompiledRule[]) =>
      found(
        rules.map(({ id }) => at('a', match({ rule: id, secret }))),
        rules,
      ).map((one) => one.rule);
    expect(by(sure, doubt)).toEqual(['zz-sure']);
    expect(by(sure, twin)).toEqual(['aa-sure']);
    expect(by(twin, sure)).toEqual(['aa-sure']);
  });
});

describe('confidence', () => {
  it('rises with a context word near, in the text or in the path', () => {
    const of = (path: string, hasContext: boolean) =>
      found([at(path, match({ secret, hasContext }))])[0]?.confidence;
    expect(of('a.txt', false)).toBe('medium');
    expect(of('a.txt', true)).toBe('high');
    expect(of('config/acme/a.txt', false)).toBe('high');
    expect(of('config/pacmen/a.txt', false)).toBe('medium');
  });

  it('none without context is no finding', () => {
    const needy = rule({
      context: ['acme'],
      confidence: { withContext: 'medium', without: 'none' },
    });
    expect(found([at('a.txt', match({ secret }))], [needy])).toEqual([]);
    expect(found([at('acme.txt', match({ secret }))], [needy])).toHaveLength(1);
  });

  it('of several places is the surest', () => {
    const all = [
      at('a', match({ secret, at: 0 })),
      at('a', match({ secret, at: 9, hasContext: true })),
    ];
    expect(found(all)).toMatchObject([{ confidence: 'high', occurrences: 2, start: { byte: 0 } }]);
  });

  it('below the least asked for is left out', () => {
    const all = [at('a', match({ secret }))];
    expect(found(all, [own], { minConfidence: 'high' })).toEqual([]);
    expect(found(all, [own], { minConfidence: 'medium' })).toHaveLength(1);
  });

  it('counts only in the files that a rule names', () => {
    const ini = rule({ paths: ['*.ini'] });
    const matchesPath = (globs: readonly string[], path: string) =>
      globs.some((glob) => path.endsWith(glob.slice(1)));
    const all = [at('a.ini', match({ secret })), at('a.txt', match({ secret }))];
    expect(found(all, [ini], { matchesPath }).map(({ path }) => path)).toEqual(['a.ini']);
  });
});

describe('places', () => {
  it('of one rule, secret and path become one finding at the first of them', () => {
    const all = [
      at('a', match({ secret, at: 50 }), undefined, 2),
      at('a', match({ secret, at: 10 })),
      at('a', match({ secret, at: 90 })),
    ];
    expect(found(all)).toMatchObject([{ occurrences: 4, start: { byte: 10 } }]);
  });

  it('in HEAD come before those that are gone', () => {
    const all = [
      at('a', match({ secret, at: 10 }), gitFacts()),
      at('a', match({ secret, at: 90 }), gitFacts({ inHead: true })),
    ];
    expect(found(all)).toMatchObject([{ start: { byte: 90 }, git: { inHead: true } }]);
  });

  it('know who introduced them first', () => {
    const by = (author: string, date: string) =>
      gitFacts({ introduced: { commit: author, author, date, subject: '' } });
    const all = [
      at('a', match({ secret, at: 1 }), by('late', '2026-02-01T00:00:00Z')),
      at('a', match({ secret, at: 2 }), by('early', '2026-01-01T00:00:00Z')),
    ];
    expect(found(all)[0]?.git?.introduced?.author).toBe('early');
  });

  it('are allowed only when every one of them is', () => {
    const allow = { marker: 'keywarden:allow' };
    const marked = at('a', match({ secret, at: 1, allow }));
    const open = at('a', match({ secret, at: 5 }));
    expect(findings([marked])[0]?.allow).toEqual(allow);
    const [both] = findings([marked, open]);
    expect(both?.allow).toBeUndefined();
    // What is shown is the place that is not allowed.
    expect(both?.finding.start.byte).toBe(5);
  });
});

describe('redaction', () => {
  it('takes every known secret out of path, line, author, subject and refs', () => {
    const git = gitFacts({
      introduced: { commit: 'c', author: `Ada ${secret}`, date: 'd', subject: `add ${other}` },
      refs: [`refs/heads/${other}`],
    });
    const all = [
      at(`dir-${other}/a`, match({ secret, line: `k = ${secret} ${other}` }), git),
      at('b', match({ rule: 'generic-rule', secret: other })),
    ];
    const text = JSON.stringify(found(all));
    expect(text).not.toContain(secret.slice(8));
    expect(text).not.toContain(other.slice(8));
    expect(text).toContain('Ada ');
  });

  it('keeps secrets out that are too unsure to be findings, or known only from names', () => {
    const needy = rule({
      id: 'needy',
      context: ['x'],
      confidence: { withContext: 'low', without: 'none' },
    });
    const all = [
      at(other, match({ secret, line: `${other} ${robotomailKey('name')}` })),
      at('b', match({ rule: 'needy', secret: other })),
    ];
    const inNames = [new Secret(robotomailKey('name'))];
    const text = JSON.stringify(found(all, [own, needy], { inNames }));
    expect(text).not.toContain(other.slice(8));
    expect(text).not.toContain(robotomailKey('name').slice(8));
  });

  it('leaves the fingerprint that of the real path', () => {
    const [plain] = found([at(secret, match({ secret }))]);
    const [elsewhere] = found([at('a', match({ secret }))]);
    expect(plain?.path).not.toContain(secret);
    expect(plain?.fingerprint).not.toBe(elsewhere?.fingerprint);
    expect(plain?.secretId).toBe(elsewhere?.secretId);
  });
});

it('a match of a rule that is not there is no finding', () => {
  expect(found([at('a', match({ rule: 'gone', secret }))])).toEqual([]);
});
