/** Patterns in another dialect are refused with what to write instead. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/model/user-error.ts';
import { parsePattern } from '../../../src/core/rules/syntax.ts';

function refusal(pattern: string): string {
  try {
    parsePattern(pattern, 'rule x');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parsePattern refuses', () => {
  it.each([
    ['(?i)abc', '(?i:…)'],
    ['abc(?s)d', '(?i:…)'],
    ['(?U)abc', '(?i:…)'],
    ['(?P<name>abc)', 'write (?<name>…)'],
    ['[[:alnum:]]+', 'write [A-Za-z0-9]'],
    ['[[:^space:]]', 'POSIX classes'],
    ['a[x[:digit:]]', 'POSIX classes'],
    ['abc\\z', 'write (?![\\s\\S])'],
    ['abc\\Z', '\\z is RE2 syntax'],
    ['\\Aabc', 'write (?<![\\s\\S])'],
    ['\\Qa.b\\E', 'escape each character'],
    ['\\pL', 'Unicode classes'],
    ['\\p{Greek}', 'Unicode classes'],
    ['\\PN', 'Unicode classes'],
    ['\\x{61}', 'write \\xNN'],
    ['\\a', 'write \\x07'],
    ['\\C', '\\a and \\C are RE2 syntax'],
    ['a++', 'possessive'],
    ['a*+', 'possessive'],
    ['a?+', 'possessive'],
    ['a{2}+', 'possessive'],
    ['(?>abc)', 'atomic groups'],
    ['(a)\\1', 'back-references'],
    ['(?<n>a)\\k<n>', 'back-references'],
    ['(?s:a.b)', 'is not known here'],
    ['(?m:^a)', 'is not known here'],
    ['é', 'is not ASCII'],
    ['[à-ü]', 'is not ASCII'],
    ['[', 'Unterminated character class'],
    ['(a', 'Unterminated group'],
    ['*a', 'Nothing to repeat'],
    ['a{2,1}', 'numbers out of order'],
  ])('%s', (pattern, message) => {
    expect(refusal(pattern)).toContain(message);
    expect(refusal(pattern)).toMatch(/^rule x: /);
  });
});

describe('parsePattern accepts', () => {
  it.each([
    'abc',
    '(?i:abc)',
    '(?-i:abc)',
    '(?<name>abc)',
    '(?<!a)b(?!c)',
    '(?<=a)b(?=c)',
    // An escaped backslash, and signs that are no operators in a class.
    'a\\\\z',
    'a\\\\\\\\Q',
    '[a+]+b',
    '[*+]+',
    '[(?>]x',
    '[\\\\]A',
    'a\\++',
    '\\[[:a]',
    '\\x41',
    '\\u0041',
    '\\d\\w\\s\\b',
    'a{2,3}?',
  ])('%s', (pattern) => {
    expect(refusal(pattern)).toBe('accepted');
  });
});
