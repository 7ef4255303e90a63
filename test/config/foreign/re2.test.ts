/** RE2 patterns converted, against an implementation of RE2 on the same texts. */
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { openPatterns } from '../../../src/config/foreign/gitleaks-pattern.ts';
import { emitRe2 } from '../../../src/config/foreign/re2-emit.ts';
import { parseRe2 } from '../../../src/config/foreign/re2-parse.ts';
import { Re2Error } from '../../../src/config/foreign/re2-syntax.ts';
import { parsePattern } from '../../../src/core/rules/syntax.ts';

type Found = readonly [at: number, whole: string, group?: string | undefined] | undefined;

function theirs(pattern: string, text: string): Found {
  const matcher = RE2JS.compile(pattern).matcher(text);
  if (!matcher.find()) return undefined;
  const whole = matcher.group() ?? '';
  return matcher.groupCount() > 0
    ? [matcher.start(), whole, matcher.group(1) ?? undefined]
    : [matcher.start(), whole];
}

function ours(pattern: string, text: string): Found {
  const { tree, groups } = parseRe2(pattern);
  const found = new RegExp(emitRe2(tree, 1), 'gm').exec(text);
  if (!found) return undefined;
  return groups > 0 ? [found.index, found[0], found[1]] : [found.index, found[0]];
}

const texts = [
  '',
  'a',
  'key = "aBc123"',
  'KEY: abc\r\nkey: def\n',
  'one\ntwo\nthree',
  'tab\there vtab\u000bthere nbsp',
  'x-y_z.w ^$ {2} [b] a]b',
  'AKIA0123456789ABCDEF and more',
  'zzA zz\\A Q.E a.b axb',
  'aaaa bbbb aabb',
];

describe('a converted pattern means what it meant', () => {
  it.each([
    'abc',
    '(?i)key',
    '(?i)key(?-i)[:=]',
    'k(?i:EY)',
    '(?i)[^k]ey',
    '(?i)\\bkey\\b.{0,5}?([a-z0-9]{3,6})',
    '[[:alnum:]]{4}',
    '[[:^alpha:][:digit:]]+',
    '\\Aone',
    'three\\z',
    '^two$',
    '(?m)^two$',
    '(?m)^$',
    '.+',
    '(?s).+',
    '(?s:one.two).three',
    '\\s+',
    '[\\s]there',
    '\\S+\\W',
    '[\\w.-]+',
    '\\Q.E\\E',
    'a\\Q.b',
    '[]a]b',
    '[^]a]+',
    '\\x{41}\\x4b',
    '\\101',
    '\\t\\x0bt|\\v',
    'a{2}b{2,}',
    'a{,2}',
    '(?U)a+',
    '(?U)a+?b',
    '(?P<key>a|ab)(c|bcd)?',
    '(?<n>a+)b',
    '(a|)b',
    '(?:a|b)*bb',
    '(a+|b)*',
    '\\_|\\-y',
    '[a\\-z]+',
    '[+--]+|[a-]',
    'x|',
    '(?i)(?:key|token)(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([\\w.=-]{3,10})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    '\\b((?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z2-7]{16})\\b|\\bAKIA[0-9A-F]{16}\\b',
  ])('%s', (pattern) => {
    for (const text of texts)
      expect([text, ours(pattern, text)]).toEqual([text, theirs(pattern, text)]);
  });

  it('whatever the pattern is', () => {
    const leaf = fc.constantFrom(
      'a',
      'b',
      'A',
      '.',
      '\\d',
      '\\W',
      '[ab]',
      '[^a\\n]',
      '[[:upper:]_]',
      '^',
      '$',
      '\\b',
      '\\B',
      '(?i)b',
      '\\.',
      '-',
      '\\n',
    );
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('+', '?', '{1,2}', '{2}', '+?'))
          .map(([a, b]) => `(?:x${a})${b}`),
        fc
          .tuple(fc.constantFrom('(?i:', '(?s:', '(?m:', '(?U:', '('), tie('pattern'))
          .map(([a, b]) => `${a}${b})`),
      ),
    }));
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'A', 'B', 'x', '1', '_', ' ', '.', '-', '\n', '\r'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(pattern, text, (source, input) => {
        expect(ours(source, input)?.slice(0, 2)).toEqual(theirs(source, input)?.slice(0, 2));
      }),
      { numRuns: 400 },
    );
  });

  it.each(['(?i)key[^"\\n]{3,9}', '[[:alnum:]]+', '\\Aa.\\z', 'a{2,}?'])(
    'can be used as a rule: %s',
    (pattern) => {
      expect(() => parsePattern(emitRe2(parseRe2(pattern).tree, 1), 'rule')).not.toThrow();
    },
  );
});

describe('a pattern that only tells whether', () => {
  it.each([
    '.*a',
    'a.*',
    '.+b.+',
    '^.*c$',
    '(.*)(?:a|b*)',
    '(?:.*\\.)?lock$',
    'a{2,}',
    '(a+)+',
    'x*',
  ])('%s tells the same', (pattern) => {
    const inputs = [...texts, 'x.lock', 'lock', 'ab', 'aab', 'abc', 'xbx'];
    const found = inputs.map((text) => openPatterns().search(pattern).test(text));
    expect(found).toEqual(inputs.map((text) => RE2JS.compile(pattern).matcher(text).find()));
  });

  it('is not slow because of what stands at its ends', () => {
    const pattern = openPatterns().search('.*\\.lock$');
    const started = performance.now();
    expect(pattern.test('a'.repeat(1_000_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the patterns of a file', () => {
  it('are refused once checking them took too long, those that were checked not', () => {
    let now = 0;
    const patterns = openPatterns(() => now);
    expect(patterns.search('a').test('a')).toBe(true);
    now = 60_000;
    expect(patterns.search('a').test('a')).toBe(true);
    expect(() => patterns.search('b')).toThrow('takes too long');
    expect(() => patterns.checkTime()).toThrow('takes too long');
  });
});

describe('what cannot be converted is refused', () => {
  it.each([
    ['(', 'not closed'],
    [')', 'closes nothing'],
    ['[a', 'not closed'],
    ['*a', 'behind nothing'],
    ['a**', 'behind nothing'],
    ['a{1001}', 'repetition'],
    ['a{3,2}', 'repetition'],
    ['(?=a)', 'no group of this kind'],
    ['(?!a)', 'no group of this kind'],
    ['(?<=a)b', 'no group of this kind'],
    ['(a)\\1', 'no escape \\1'],
    ['\\Z', 'no escape \\Z'],
    ['\\C', 'no escape \\C'],
    ['[b-a]', 'backwards'],
    ['{2}', 'behind nothing'],
    ['[[:word1:]]', 'no class'],
    ['[[:nope:]]', 'no class'],
    ['a\\', 'ends with'],
  ])('%s', (pattern, reason) => {
    expect(() => RE2JS.compile(pattern)).toThrow();
    expect(() => parseRe2(pattern)).toThrow(Re2Error);
    expect(() => parseRe2(pattern)).toThrow(reason);
  });

  it.each(['\\pL', '\\p{Greek}', 'é', '[a-é]', '\\x{1F600}'])('beyond ASCII: %s', (pattern) => {
    expect(() => emitRe2(parseRe2(pattern).tree, 1)).toThrow(Re2Error);
  });

  it('groups nested so deeply that no person wrote them', () => {
    const pattern = `${'('.repeat(300)}a${')'.repeat(300)}`;
    expect(() => parseRe2(pattern)).toThrow('too deeply');
  });
});
