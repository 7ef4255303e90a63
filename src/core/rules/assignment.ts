/** How a value is given to a name, in the languages and formats where keys are kept. */
import type { Specificity } from '../model/rule.ts';

/**
 * Pattern of what stands before the value: `NAME=`, `name: "`, `name := '`, `"name" => "`, `<name>`,
 * `getenv("NAME", "`. One of `words` (any case) is in the name.
 */
export function assignment(words: readonly string[], specificity: Specificity): string {
  const isGeneric = specificity === 'generic';
  // An issuer's name starts a word; `token` may be the end of one.
  const start = isGeneric ? '' : '(?:(?<![A-Za-z0-9])|(?<=[a-z0-9])(?=[A-Z]))';
  const names = words.map(escapeWord).join('|');
  const closing = '(?:\\\\?["\'`]|[\\])]){0,3}';
  // Behind a comma stands the next argument; in quotes it is the value, as in `define('KEY', '…')`.
  const comma = isGeneric ? ',(?=[ \\t]{0,4}["\'])' : ',';
  const operator =
    `(?:[ \\t]{0,4}(?::=|=>|\\|\\|=|\\?=|->|[=:>]|${comma})|` +
    '["\']?[ \\t]{1,4}value=|[ \\t]{1,4}(?=["\']))';
  // What a function with another's name is given is as often a name as a value.
  const call = isGeneric ? '' : '(?:[A-Za-z_.]{1,16}\\()?';
  const scheme = '(?:(?:Bearer|Basic|Token|token|bearer)[ \\t]|(?:SSWS|Key)[ \\t])?';
  // Python and Rust mark byte and raw strings.
  const mark = '(?:[bBrRuU]{1,2}(?=["\']))?';
  const opening = `[ \\t]{0,4}${call}${mark}(?:\\\\?["'\`]){0,3}${scheme}`;
  return `${start}(?i:${names})[\\w.-]{0,40}${closing}${operator}${opening}`;
}

function escapeWord(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const lineBreak = 10;
const isName = flags('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-');
const isClosing = flags('\\"\'`])');
const isBlank = flags(' \t');
const isOperator = flags(':=|?-,>');

/** Sets of bytes in a name, closing it, blank, and giving it a value: in this order in the filter's tables. */
export const assignmentSets = [isName, isClosing, isBlank, isOperator] as const;

/**
 * Whether the bytes behind a word of the name can be an assignment of a value with `leastValue`
 * characters together. Says yes wherever the pattern above might match, at a fraction of its cost: words
 * such as `token` stand in code everywhere.
 */
export function mayAssign(bytes: Uint8Array, behindWord: number, leastValue: number): boolean {
  let at = behindWord;
  while (isName[bytes[at] ?? 0]) at += 1;
  const nameEnd = at;
  while (isClosing[bytes[at] ?? 0]) at += 1;
  const closingEnd = at;
  while (isBlank[bytes[at] ?? 0]) at += 1;
  const next = bytes[at] ?? lineBreak;
  // `name value="…"` and `name "…"`; an arrow's dash may have been taken for part of the name.
  const isSpaced = at > closingEnd && (next === 0x76 || next === 0x22 || next === 0x27);
  const isArrow = nameEnd > behindWord && next === 0x3e;
  if (!isOperator[next] && !isSpaced && !isArrow) return false;
  return hasRun(bytes, at + 1, leastValue);
}

/** The pattern's longest way from operator to value: blanks, a call, quotes, `Bearer `. */
const farthestValue = 48;

/** A run of `least` bytes without a blank on this line, not far from `from`. */
function hasRun(bytes: Uint8Array, from: number, least: number): boolean {
  const end = from + farthestValue + least;
  let run = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? lineBreak;
    if (byte === lineBreak) return false;
    run = isBlank[byte] ? 0 : run + 1;
    if (run >= least) return true;
  }
  return false;
}

function flags(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
