/** The emitted source means what the pattern says, in bytes and on any Node. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emit } from '../../../src/core/rules/emit.ts';
import { parsePattern } from '../../../src/core/rules/syntax.ts';

const emitted = (pattern: string): RegExp => new RegExp(emit(parsePattern(pattern, 'test')), 'g');

describe('emit', () => {
  it.each([
    // pattern, the same in plain JavaScript with flag i, or without
    ['(?i:abc)', /abc/gi],
    ['(?i:[a-f]x)', /[a-f]x/gi],
    ['(?i:[^a-f])', /[^a-f]/gi],
    ['(?i:[Q-c])', /[Q-c]/gi],
    ['(?i:a|(?:b))', /a|b/gi],
    ['(?i:a{2}b?)', /a{2}b?/gi],
    ['(?i:(?<!a)b)', /(?<!a)b/gi],
    ['(?i:(?=a)[a-z])', /(?=a)[a-z]/gi],
    ['(?i:a(?-i:b))', /[aA]b/g],
    ['a(?i:b)c', /a[bB]c/g],
    ['(?i:(?:a(?-i:b(?i:c))))', /[aA]b[cC]/g],
    ['[abc]+?x', /[abc]+?x/g],
    ['\\d{2,}[\\w.-]', /\d{2,}[\w.-]/g],
    ['a\\.b|c$', /a\.b|c$/g],
    ['(a)(?<n>b)', /(a)(?<n>b)/g],
  ])('%s', (pattern, plain) => {
    const text = fc.string({
      unit: fc.constantFrom(...'abcxABCXQZq_^[]\\.-19 \n'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (content) => {
        const found = [...content.matchAll(emitted(pattern))].map((match) => [
          ...match,
          match.index,
        ]);
        expect(found).toEqual([...content.matchAll(plain)].map((match) => [...match, match.index]));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['\\s', ' \t\n\v\f\r'],
    ['[\\s]', ' \t\n\v\f\r'],
    ['[\\sa]', ' \t\n\v\f\ra'],
  ])('%s is ASCII white space: 0xA0 is half of a letter in UTF-8', (pattern, members) => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const matched = all.filter((text) => emitted(pattern).test(text)).sort();
    expect(matched).toEqual([...members].sort());
  });

  it('\\S takes every byte that \\s does not', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const both = all.filter((text) => emitted('\\s').test(text) === emitted('\\S').test(text));
    expect(both).toEqual([]);
  });
});
