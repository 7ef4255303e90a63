/** What a pattern's tree says about every match: lengths, anchors, reach. */
import { describe, expect, it } from 'vitest';
import { analyse, type Shape } from '../../../src/core/rules/analyse.ts';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { fillExample } from '../../../src/core/rules/sample.ts';
import { parsePattern } from '../../../src/core/rules/syntax.ts';
import { builtInRules } from '../../support/rules.ts';
import { makeRule } from './make-rule.ts';

const shapeOf = (pattern: string): Shape => analyse(parsePattern(pattern, 'test'));

/** `text`, or `text/i`, sorted; with the offsets where they may start. */
function anchorsOf(pattern: string): string {
  const { anchors, exact } = shapeOf(pattern);
  const literals = anchors?.literals ?? exact;
  if (!literals) return 'none';
  const texts = literals.map(({ text, ignoreCase }) => text + (ignoreCase ? '/i' : '')).sort();
  const { minOffset, maxOffset } = anchors ?? { minOffset: 0, maxOffset: 0 };
  return `${texts.join(' ')} @${minOffset}${maxOffset === minOffset ? '' : `..${maxOffset}`}`;
}

describe('anchors', () => {
  it.each([
    ['acme_[0-9a-f]{32}', 'acme_ @0'],
    ['(acme_[0-9a-f]{32})', 'acme_ @0'],
    ['(?<![a-z])acme_[0-9]+(?![a-z])', 'acme_ @0'],
    ['(?:acme|emca)_[0-9]{8}', 'acme_ emca_ @0'],
    ['am_(?:us|eu)_[0-9a-f]{64}', 'am_eu_ am_us_ @0'],
    ['[0-9]{4}-acme', '-acme @4'],
    ['[0-9]{4,9}-acme', '-acme @4..9'],
    ['(?i:acme)_[0-9]{8}', 'acme_/i @0'],
    ['(?i:ac(?-i:ME))_[0-9]{8}', 'acme_/i @0'],
    ['acme(?:_live)?_[0-9]{8}', 'acme_ acme_live_ @0'],
    ['x{3}acme', 'xxxacme @0'],
    ['acme', 'acme @0'],
    // The rarest on the way, not the first.
    ['e[0-9a-f]{8}T3BlbkFJ', 'T3BlbkFJ @9'],
    // Every branch must have one.
    ['acme_[0-9]+|[ -~]{20}', 'none'],
    ['(?:acme)?[ -~]{20}', 'none'],
    ['[ -~]{32}', 'none'],
    // What is only looked at is in no match.
    ['(?=acme_)[ -~]{32}', 'none'],
    ['(?<=acme_)[ -~]{32}', 'none'],
    ['(?!acme_)[ -~]{32}', 'none'],
  ])('%s', (pattern, expected) => {
    expect(anchorsOf(pattern)).toBe(expected);
  });
});

describe('lengths and reach', () => {
  it.each([
    ['abc', 3, 3, 0, 0, false],
    ['ab?c*', 1, Infinity, 0, 0, false],
    ['(?:ab|c){2,3}', 2, 6, 0, 0, false],
    ['a(?<![xy]z)', 1, 1, 2, 0, false],
    ['(?<!abc)a(?!bcde)', 1, 1, 3, 4, false],
    ['\\ba\\b', 1, 1, 1, 1, false],
    ['^a$', 1, 1, 1, 1, false],
    ['a\\sb', 3, 3, 0, 0, true],
    ['a[^x]b', 3, 3, 0, 0, true],
    ['a.b', 3, 3, 0, 0, false],
    ['a[ \\t]b', 3, 3, 0, 0, false],
    ['a(?!\\n)b', 2, 2, 0, 1, false],
  ])('%s', (pattern, minLength, maxLength, lookBehind, lookAhead, holdsLineBreak) => {
    expect(shapeOf(pattern)).toMatchObject({
      minLength,
      maxLength,
      lookBehind,
      lookAhead,
      holdsLineBreak,
    });
  });
});

describe('compileRule', () => {
  it('sets the window by where the anchor can be and how long a match is', () => {
    const rule = compileRule(makeRule({ pattern: '(?<!ab)[0-9]{4,9}-acme-[0-9]{3}(?!x)' }));
    expect(rule).toMatchObject({ before: 9 + 2, lookBehind: 2 });
    // From the anchor's earliest place to the far end of the longest match, and one character more.
    expect(rule.after).toBe(9 - 4 + 6 + 3 + 1);
    expect(rule).not.toHaveProperty('anchorOffset');
  });

  it('knows where the anchor is when it is always the same place', () => {
    expect(compileRule(makeRule({ pattern: '[0-9]{4}-acme-x' })).anchorOffset).toBe(4);
  });

  it.each([
    ['acme_[0-9]+', 0],
    ['acme_([0-9]+)', 1],
    ['acme_(?<key>[0-9]+)', 1],
    ['acme_(?:[0-9]+)', 0],
    ['acme_\\(x[(]y', 0],
  ])('%s has its secret in group %i', (pattern, group) => {
    expect(compileRule(makeRule({ pattern })).secretGroup).toBe(group);
  });

  it.each([
    ['acme_[0-9]{8}', true],
    ['acme_[0-9]{8}$', true],
    ['acme_[0-9]{8}(?!\\s)', true],
    // What ends with the break of the line reads nothing beyond it.
    ['acme_(?![0-9]{1,8}[\\s,])[0-9a-f]{8}', true],
    ['(?<=[\\s,][a-z]{1,3})acme_[0-9]{8}', true],
    ['acme_[0-9]{8}(?!\\s{2})', false],
    ['acme_[0-9]{8}(?=[^x]{0,9}y)', false],
    ['acme_[0-9]{8}(?=\\s(?!x))', false],
    ['acme_[0-9]{8}(?=\\s\\b)', false],
    ['(?<=[a-z]\\s)acme_[0-9]{8}', false],
    ['acme_[0-9]{8}\\s', false],
  ])('%s is bound to its line: %s', (pattern, isLineBound) => {
    expect(compileRule(makeRule({ pattern })).isLineBound).toBe(isLineBound);
  });

  it.each([
    ['acme(?<=a\\nacme) ?=[0-9]{8}(?!,)', { source: 'acme ?=[0-9]{8}(?!,)', before: 0, reach: 15 }],
    ['(?<=\\n\\n)acme(?<![a-z]acme)=', { source: 'acme(?<![a-z]acme)=', before: 5, reach: 5 }],
    // A match may start anywhere before its anchor.
    ['x{0,2}acme(?<=a\\nacme)=[0-9]{8}', undefined],
    ['acme\\n=[0-9]{8}', undefined],
    ['acme(?<=a\\nacme)[0-9]+', undefined],
    ['acme(?<=a\\nacme)=1|acme(?<=a\\nacme)=2', undefined],
    // A line tells all of it.
    ['(?<!x)acme=[0-9a-f]{8}', undefined],
  ])('%s tells %s on its line', (pattern, expected) => {
    expect(compileRule(makeRule({ pattern })).ahead).toEqual(expected);
  });

  it('tells the filter what stands behind each of its literals', () => {
    const { patterns } = compileRule(
      makeRule({ pattern: '(?:acme[_-]?(?:id|of)|emca)[a-z]{0,4} ([0-9]{8})' }),
    );
    expect(patterns.map(({ anchor, after }) => [anchor.join(''), after])).toEqual([
      [expect.stringMatching(/^aaccmmee/), [['--__', 0, 1]]],
      [
        'eemmccaa',
        [
          ['az', 0, 4],
          ['  ', 1, 1],
          ['09', 8, 8],
        ],
      ],
    ]);
  });

  it.each([
    ['[ -~]{32}', 'no literal text'],
    ['(?:acme)?', 'no literal text'],
    ['acme[0-9]{1,40000}', 'bound its repeats'],
  ])('refuses %s', (pattern, message) => {
    expect(() => compileRule(makeRule({ pattern }))).toThrow(message);
  });

  it('takes the name of a variable for an anchor', () => {
    const rule = compileRule(makeRule({ pattern: '([0-9a-f]{32})', variable: ['acme'] }));
    expect(rule.anchors).toEqual([{ text: 'acme', ignoreCase: true }]);
    const pattern = new RegExp(rule.source);
    const value = '0123456789abcdef'.repeat(2);
    for (const text of [
      `ACME_KEY=${value}`,
      `acme_key: "${value}"`,
      `"acmeKey" => '${value}'`,
      `acme.key := ${value}`,
      `<acme_key>${value}</acme_key>`,
      `os.getenv("ACME_KEY", "${value}")`,
      `{\\"acme_key\\": \\"${value}\\"}`,
      `ACME_AUTH: Bearer ${value}`,
    ]) {
      expect(pattern.exec(text)?.[1], text).toBe(value);
    }
    expect(pattern.test(`acme ${value}`)).toBe(false);
    expect(pattern.test(`acme\n=${value}`)).toBe(false);
  });
});

it.each(builtInRules.map((rule) => [rule.id, rule] as const))(
  'every match of %s holds an anchor, and lies in the window around it',
  (_id, rule) => {
    const { source, anchors, before, after } = compileRule(rule);
    const texts = rule.examples.match.map(
      (example) => `first\n${fillExample(example, rule)}\nlast`,
    );
    const matches = texts.flatMap((text) => [...text.matchAll(new RegExp(source, 'gm'))]);
    expect(matches.length).toBeGreaterThan(0);
    for (const { 0: text } of matches) {
      const starts = anchors.flatMap(({ text: literal, ignoreCase }) => {
        const start = (ignoreCase ? text.toLowerCase() : text).indexOf(literal);
        return start < 0 ? [] : [start];
      });
      expect(starts.some((start) => start <= before && text.length - start <= after)).toBe(true);
    }
  },
);
