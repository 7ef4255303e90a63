/**
 * RE2's named classes, all of ASCII.
 * @see https://github.com/google/re2/wiki/Syntax (read 2026-11-26)
 */
import { complement, type Range } from './re2-syntax.ts';

const digit: Range[] = [[0x30, 0x39]];
const lower: Range[] = [[0x61, 0x7a]];
const upper: Range[] = [[0x41, 0x5a]];
const alpha = [...upper, ...lower];
const alnum = [...digit, ...alpha];
const word = [...alnum, [0x5f, 0x5f] as Range];
/** Without the vertical tab. */
const space: Range[] = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];

/** `\d` and its like. */
export const perlClasses: Readonly<Record<string, readonly Range[]>> = {
  d: digit,
  D: complement(digit),
  s: space,
  S: complement(space),
  w: word,
  W: complement(word),
};

/** `[:alnum:]` and its like. */
export const posixClasses: Readonly<Record<string, readonly Range[]>> = {
  alnum,
  alpha,
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit,
  graph: [[0x21, 0x7e]],
  lower,
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper,
  word,
  xdigit: [...digit, [0x41, 0x46], [0x61, 0x66]],
};
