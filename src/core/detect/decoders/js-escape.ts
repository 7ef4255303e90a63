/** Backslash escapes of strings in JSON, JavaScript, Python, Java, C and Go. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';
import { character } from './splice.ts';

export const jsEscape: EscapeDecoder = {
  step: 'js-escape',
  hint: hintKinds.escape,
  // Java allows more than one `u`.
  pattern:
    /\\(?:u\{[0-9A-Fa-f]{1,6}\}|u{1,4}[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[0-7]{1,2}|[abefnrtv"'`/\\])/g,
  read(escape) {
    const letter = escape.charAt(1);
    if (/[uU]/.test(letter)) return character(parseInt(escape.replace(/[^0-9A-Fa-f]/g, ''), 16));
    if (letter === 'x') return String.fromCharCode(parseInt(escape.slice(2), 16));
    if (/[0-7]/.test(letter)) return String.fromCharCode(parseInt(escape.slice(1), 8));
    return named[letter] ?? letter;
  },
};

const named: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
