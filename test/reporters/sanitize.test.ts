import { expect, it } from 'vitest';
import { sanitize, sanitizeToAscii } from '../../src/core/report/sanitize.ts';

it.each([
  ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
  ['line breaks and tabs', 'a\r\n\tb', 'a\\x0d\\x0a\\x09b'],
  ['NUL and DEL', '\u0000\u007f', '\\x00\\x7f'],
  ['a C1 control', '\u009b31m', '\\x9b31m'],
  ['bidi overrides and isolates', '\u202etxt\u2066', '\\u202etxt\\u2066'],
  ['line separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['lone surrogates', 'a\ud83db\udc00', 'a\\ud83db\\udc00'],
])('shows %s as a visible escape', (_name, text, expected) => {
  expect(sanitize(text)).toBe(expected);
});

it.each(['', 'plain', 'Ünïcödé', '日本語', '😀', '\\x1b as text'])('leaves %j alone', (text) => {
  expect(sanitize(text)).toBe(text);
});

it('leaves only ASCII where only ASCII can be shown', () => {
  expect(sanitizeToAscii('é日😀\u001b')).toBe('\\xe9\\u65e5\\u{1f600}\\x1b');
});
