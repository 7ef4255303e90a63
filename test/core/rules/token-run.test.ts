/** What is looked for where a pattern has no literal. */
import { describe, expect, it } from 'vitest';
import type { CompiledRule } from '../../../src/core/model/rule.ts';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { makeRule } from './make-rule.ts';

const compiled = (pattern: string): CompiledRule => compileRule(makeRule({ pattern }));

/** `set least..most`, with `[` or `]` where a stretch cannot go on. */
function runsOf(pattern: string): string {
  const { runs = [] } = compiled(pattern);
  return runs
    .map(({ set, least, most, startsStretch, endsStretch }) => {
      const bounds = `${startsStretch ? '[' : ''}${least}..${most ?? ''}${endsStretch ? ']' : ''}`;
      return `${set.replace(/(.)\1/g, '$1')} ${bounds}`;
    })
    .join(' or ');
}

const base64url = '-09AZ_az';

describe('runs', () => {
  it.each([
    ['(?<![0-9a-f])([0-9a-f]{40})(?![0-9a-f])', '09af [40..40]'],
    ['[0-9a-f]{40}', '09af 40..40'],
    ['\\b[0-9a-f]{40}\\b', '09af [40..40]'],
    ['^[0-9a-f]{40}$', '09af [40..40]'],
    ['[0-9]{8,10}\\|[A-Za-z0-9_-]{27}', `${base64url} [27..27`],
    ['[0-9]{8,10}\\|(?:[A-Za-z0-9_-]{27})', `${base64url} [27..27`],
    ['(?<![a-z0-9])[a-z0-9]{12}[^a-z0-9][a-z0-9]{20,30}', '09az [20..30'],
    ['(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])', '09af [32..]'],
    ['[0-9a-f]{32,}(?:[^0-9a-f]|$)', '09af 32..'],
    ['[A-Za-z0-9+/]{40}=?(?![\\w+/=])', '+/9AZaz 40..40]'],
    ['(?i:[a-f0-9]{40})Z', '09AFaf 40..40]'],
    ['(?<![0-9a-f])(?:[0-9a-f]{2}){20}(?![0-9a-f])', '09af [40..40]'],
    ['([0-9a-f]{40}|[0-9a-f]{64})', '09af 40..64'],
    ['[0-9a-f]{40}|\\b[a-z]{24}', '09af 40..40 or az [24..24'],
    ['(?<![a-z]|[0-9])[a-z0-9]{24}', '09az [24..24'],
    // A byte that only sometimes stands between keeps nothing away.
    ['-?[0-9a-f]{40}', '09af 40..40'],
    ['(?<![0-9a-f])-?[0-9a-f]{40}', '09af [40..40'],
  ])('%s', (pattern, expected) => {
    expect(runsOf(pattern)).toBe(expected);
  });

  it.each(['acme_[0-9a-f]{40}', '[0-9a-f]{40}-acme', '[A-Za-z0-9+/]{86}=='])(
    'a literal comes before them: %s',
    (text) => {
      expect(compiled(text)).not.toHaveProperty('runs');
    },
  );

  it.each(['[0-9A-Za-z]{19}', '[ -~]{40}', '[A-Za-z0-9]{0,40}!', '[a-z]{24}|[ -~]{9}'])(
    'refuses %s, and says both ways out',
    (pattern) => {
      expect(() => compiled(pattern)).toThrow(/no literal text .* 20 letters.*name the variable/);
    },
  );
});

describe('reach', () => {
  it.each([
    // The place is the start of the run, one character behind what is looked at.
    ['(?<![0-9a-f])([0-9a-f]{40})(?![0-9a-f])', 1, 41, 0],
    ['[0-9]{8,10}\\|[A-Za-z0-9_-]{27}', 11, 29, undefined],
    ['[0-9]{8}\\|[A-Za-z0-9_-]{27}', 9, 27, 9],
    ['[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])', 0, 41, 0],
    // The place may be any of the first forty.
    ['[0-9a-f]{40}', 39, 40, undefined],
    ['(?<![0-9a-f])[0-9a-f]{5000,}', 1, 5_000, 0],
  ])('%s', (pattern, before, after, anchorOffset) => {
    const rule = compiled(pattern);
    expect([rule.before, rule.after, rule.anchorOffset]).toEqual([before, after, anchorOffset]);
  });
});
