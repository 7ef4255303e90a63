/** The inside of `[…]`, and escapes that stand for one character. */
import { perlClasses, posixClasses } from './re2-classes.ts';
import { complement, folded, normalised, Re2Error, type Range } from './re2-syntax.ts';
import type { Reader } from './re2-parse.ts';

/** Behind the `[`; reads on to behind the `]`. */
export function parseClass(reader: Reader, ignoreCase: boolean): Range[] {
  const { text } = reader;
  const isNegated = text[reader.at] === '^';
  if (isNegated) reader.at += 1;
  const ranges: Range[] = [];
  for (let isFirst = true; ; isFirst = false) {
    const next = text[reader.at];
    if (next === undefined) throw new Re2Error('a [ is not closed');
    // First in the class it stands for itself.
    if (next === ']' && !isFirst) break;
    const named = namedClass(reader);
    if (named) {
      ranges.push(...named);
      continue;
    }
    const from = classCharacter(reader);
    let to = from;
    if (text[reader.at] === '-' && text[reader.at + 1] !== ']' && reader.at + 1 < text.length) {
      reader.at += 1;
      to = classCharacter(reader);
    }
    if (to < from) throw new Re2Error('a range in a class runs backwards');
    ranges.push([from, to]);
  }
  reader.at += 1;
  // Folded before it is negated: (?i)[^a] is neither a nor A.
  const found = ignoreCase ? folded(ranges) : normalised(ranges);
  return isNegated ? complement(found) : found;
}

function namedClass(reader: Reader): readonly Range[] | undefined {
  const rest = reader.text.slice(reader.at, reader.at + 16);
  const end = rest.startsWith('[:') ? reader.text.indexOf(':]', reader.at + 2) : -1;
  if (end >= 0) {
    const name = reader.text.slice(reader.at + 2, end);
    const ranges = posixClasses[name.replace(/^\^/, '')];
    if (!ranges) throw new Re2Error(`RE2 has no class [:${name.slice(0, 16)}:]`);
    reader.at = end + 2;
    return name.startsWith('^') ? complement(ranges) : ranges;
  }
  const perl = /^\\([dDsSwW])/.exec(rest);
  if (!perl) return undefined;
  reader.at += 2;
  return perlClasses[perl[1] ?? ''];
}

function classCharacter(reader: Reader): number {
  if (reader.text[reader.at] === '\\') {
    reader.at += 1;
    return parseEscape(reader);
  }
  const point = reader.text.codePointAt(reader.at);
  if (point === undefined) throw new Re2Error('a [ is not closed');
  reader.at += String.fromCodePoint(point).length;
  return point;
}

const letters: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Behind the backslash; one code point. */
export function parseEscape(reader: Reader): number {
  const rest = reader.text.slice(reader.at, reader.at + 12);
  const letter = rest[0] ?? '';
  const known = letters[letter];
  const [digits, short, long] = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest) ?? [];
  // One digit alone would be a back-reference.
  const [octal] = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest) ?? [];
  if (known !== undefined) {
    reader.at += 1;
    return known;
  }
  if (digits !== undefined) {
    const point = Number.parseInt(short ?? long ?? '', 16);
    if (point > 0x10ffff) throw new Re2Error(`\\${digits} is no character`);
    reader.at += digits.length;
    return point;
  }
  if (octal !== undefined) {
    reader.at += octal.length;
    return Number.parseInt(octal, 8);
  }
  if (letter === 'p' || letter === 'P') {
    throw new Re2Error('Unicode classes (\\p) cannot be used: patterns run over single bytes');
  }
  if (letter === '' || !/^[!-/:-@[-`{-~ ]$/.test(letter)) {
    throw new Re2Error(letter === '' ? 'it ends with a \\' : `RE2 has no escape \\${letter}`);
  }
  reader.at += 1;
  return letter.charCodeAt(0);
}
