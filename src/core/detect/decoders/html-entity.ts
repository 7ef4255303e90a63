/** `&#95;`, `&#x5f;` and the names that stand in or beside values. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';
import { character } from './splice.ts';

export const htmlEntity: EscapeDecoder = {
  step: 'html-entity',
  hint: hintKinds.entity,
  pattern: /&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});/g,
  read(escape) {
    const name = escape.slice(1, -1);
    if (!name.startsWith('#')) return named[name] ?? escape;
    const isHex = /^#[xX]/.test(name);
    return character(isHex ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
  },
};

/** @see https://html.spec.whatwg.org/multipage/named-characters.html (known facts; those of keys and of what stands beside them) */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  colon: ':',
  commat: '@',
  dollar: '$',
  equals: '=',
  excl: '!',
  gt: '>',
  lowbar: '_',
  lpar: '(',
  lt: '<',
  nbsp: ' ',
  num: '#',
  percnt: '%',
  period: '.',
  plus: '+',
  quot: '"',
  rpar: ')',
  semi: ';',
  sol: '/',
  NewLine: '\n',
  Tab: '\t',
};
