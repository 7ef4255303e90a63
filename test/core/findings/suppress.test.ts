/** What is accepted, by what, and what no longer serves. */
import { describe, expect, it } from 'vitest';
import {
  checkDate,
  formatBaseline,
  isExpired,
  parseBaseline,
  type BaselineEntry,
} from '../../../src/core/findings/baseline.ts';
import {
  suppress,
  type AllowEntry,
  type Suppressions,
} from '../../../src/core/findings/suppress.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import { makeReport } from '../../support/make-report.ts';

const { findings } = makeReport([{ path: 'a.ts' }, { path: 'b.ts' }, { path: 'c.ts' }]);
const [a, b, c] = findings as [Finding, Finding, Finding];
const today = '2026-03-01';

function entry({ fingerprint, rule, path }: Finding, expires?: string): BaselineEntry {
  const made = { fingerprint, rule, path, reason: 'known', author: 'Ada' };
  return expires === undefined ? made : { ...made, expires };
}

function run(parts: Partial<Suppressions>, marked: readonly Finding[] = []) {
  const candidates = findings.map((finding) => ({
    finding,
    ...(marked.includes(finding) ? { allow: { marker: 'keywarden:allow' } } : {}),
  }));
  return suppress(candidates, { strict: false, allow: [], baseline: [], today, ...parts });
}

describe('suppress', () => {
  it('keeps everything when nothing is accepted', () => {
    expect(run({})).toEqual({
      findings,
      accepted: [],
      suppressed: { baseline: 0, inline: 0, allowlist: 0 },
      stale: { unused: 0, expired: 0 },
    });
  });

  it('counts each finding once: the line before the allowlist before the baseline', () => {
    const allow: AllowEntry[] = [{ path: (path) => path !== 'c.ts', reason: 'x' }];
    const {
      findings: kept,
      accepted,
      suppressed,
    } = run({ allow, baseline: findings.map((one) => entry(one)) }, [a]);
    expect(kept).toEqual([]);
    expect(accepted).toEqual([
      { finding: a, by: 'inline', reason: '' },
      { finding: b, by: 'allowlist', reason: 'x' },
      { finding: c, by: 'baseline', reason: 'known' },
    ]);
    expect(suppressed).toEqual({ inline: 1, allowlist: 1, baseline: 1 });
  });

  it('ignores markers when strict, and nothing else', () => {
    const { findings: kept } = run({ strict: true, baseline: [entry(b)] }, [a]);
    expect(kept).toEqual([a, c]);
  });

  it('an entry of a finding that is accepted elsewhere too is used', () => {
    expect(run({ baseline: [entry(a)] }, [a]).stale).toEqual({ unused: 0, expired: 0 });
  });

  it('an expired entry accepts nothing; one on its last day does', () => {
    const baseline = [entry(a, '2026-02-28'), entry(b, today)];
    const { findings: kept, stale } = run({ baseline });
    expect(kept).toEqual([a, c]);
    expect(stale).toEqual({ unused: 0, expired: 1 });
  });

  it('an entry that nothing needs is unused', () => {
    const gone = { ...entry(a), fingerprint: 'kf1_gone' };
    expect(run({ baseline: [gone, entry(b)] }).stale).toEqual({ unused: 1, expired: 0 });
  });

  it.each<[string, AllowEntry, readonly Finding[]]>([
    ['a path', { path: (path) => path === 'a.ts', reason: 'x' }, [b, c]],
    ['a rule', { rule: a.rule, reason: 'x' }, []],
    ['another rule', { rule: 'jwt', reason: 'x' }, [a, b, c]],
    ['a secret id', { secretId: b.secretId, reason: 'x' }, [a, c]],
    ['a pattern', { pattern: /^rm_/, reason: 'x' }, []],
    [
      'all that it names',
      { pattern: /^rm_/, path: (path) => path === 'b.ts', reason: 'x' },
      [a, c],
    ],
    ['not both', { secretId: b.secretId, path: (path) => path === 'a.ts', reason: 'x' }, [a, b, c]],
    ['until it expires', { rule: a.rule, reason: 'x', expires: '2026-02-28' }, [a, b, c]],
  ])('allow by %s', (_name, allow, kept) => {
    expect(run({ allow: [allow] }).findings).toEqual(kept);
  });
});

describe('a baseline file', () => {
  const entries = findings.map((one) => entry(one));

  it('is read as it was written', () => {
    const text = formatBaseline([entry(c, '2027-01-31'), entry(a), entry(b)]);
    const read = parseBaseline(text, 'file');
    expect([...read].sort((x, y) => (x.path < y.path ? -1 : 1))).toEqual([
      entry(a),
      entry(b),
      entry(c, '2027-01-31'),
    ]);
  });

  it('has one line an entry in an order that does not depend on how they came', () => {
    const text = formatBaseline(entries);
    expect(text).toBe(formatBaseline([...entries].reverse()));
    expect(text.split('\n')).toHaveLength(1 + entries.length + 1);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('of two branches merges by lines', () => {
    const common = formatBaseline([entry(a)]);
    const lines = new Set([
      ...formatBaseline([entry(a), entry(b)]).split('\n'),
      ...common.split('\n'),
    ]);
    expect([...lines].join('\n')).toContain(entry(b).fingerprint);
    expect(parseBaseline([...lines].filter((line) => line !== '').join('\n'), 'x')).toHaveLength(2);
  });

  it.each([
    ['hello\n', 'file'],
    [formatBaseline(entries).replace('1', '2'), 'version 1'],
    [`${formatBaseline(entries)}{"fingerprint"\n`, `file:${entries.length + 2}`],
    [`${formatBaseline(entries)}[]\n`, 'expected keys and values'],
  ])('%j is refused', (text, message) => {
    expect(() => parseBaseline(text, 'file')).toThrow(message);
  });
});

describe('dates', () => {
  it.each(['2026-02-28', '2028-02-29', '9999-12-31'])('%s is one', (text) => {
    expect(checkDate(text, 'x')).toBe(text);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '26-01-01',
    '2026-1-1',
    'soon',
    '2026-01-01T00:00',
  ])('%s is none', (text) => {
    expect(() => checkDate(text, 'x')).toThrow('write YYYY-MM-DD');
  });

  it('an entry without one never expires', () => {
    expect(isExpired(entry(a), '9999-12-31')).toBe(false);
  });
});
