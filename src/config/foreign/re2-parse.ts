/**
 * RE2 pattern, as Go's regexp takes it → syntax tree. What Go refuses is refused too.
 * @see https://pkg.go.dev/regexp/syntax (read 2026-11-26)
 */
import { perlClasses } from './re2-classes.ts';
import { parseClass, parseEscape } from './re2-parse-class.ts';
import { folded, lastCodePoint, Re2Error, type Node, type Range } from './re2-syntax.ts';

/** Where the parser stands in a pattern. */
export interface Reader {
  readonly text: string;
  at: number;
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const mostRepeats = 1000;
/** Chosen: no pattern that a person wrote is nested so deeply, and the call stack has room for it. */
const mostNested = 200;

export interface Re2Pattern {
  readonly tree: Node;
  readonly groups: number;
}

/** @throws {Re2Error} */
export function parseRe2(text: string): Re2Pattern {
  const reader: Reader = { text, at: 0 };
  let groups = 0;
  let depth = 0;
  const none: Flags = { i: false, m: false, s: false, U: false };
  const tree = choice(none).node;
  if (reader.at < text.length) throw new Re2Error('a ) closes nothing');
  return { tree, groups };

  /** Up to a `)` or the end. Flags set on the way hold to there, over further alternatives too. */
  function choice(outer: Flags): { node: Node } {
    depth += 1;
    if (depth > mostNested) throw new Re2Error('groups are nested too deeply');
    let flags = outer;
    const items: Node[] = [];
    for (;;) {
      const read = sequence(flags);
      flags = read.flags;
      items.push(read.node);
      if (peek() !== '|') break;
      reader.at += 1;
    }
    depth -= 1;
    const [only] = items;
    return { node: only && items.length === 1 ? only : { kind: 'choice', items } };
  }

  function sequence(outer: Flags): { node: Node; flags: Flags } {
    let flags = outer;
    const items: Node[] = [];
    let isRepeatable = false;
    for (;;) {
      const next = peek();
      if (next === undefined || next === '|' || next === ')') break;
      const counts = repetition();
      if (counts) {
        const item = items.pop();
        if (!item || !isRepeatable) throw new Re2Error('a repetition stands behind nothing');
        const isLazy = takeIf('?') !== flags.U;
        items.push({ kind: 'repeat', item, ...counts, isLazy });
        // Twice is an error in Go: a** and a+*.
        isRepeatable = false;
        continue;
      }
      if (text.startsWith('\\Q', reader.at)) {
        items.push(...quoted().map((point) => literal([[point, point]], flags)));
        isRepeatable = true;
        continue;
      }
      const setting = flagGroup(flags);
      if (setting) {
        flags = setting;
        continue;
      }
      items.push(atom(flags));
      isRepeatable = true;
    }
    return { node: { kind: 'sequence', items }, flags };
  }

  function atom(flags: Flags): Node {
    const next = take();
    switch (next) {
      case '(':
        return group(flags);
      case '[':
        return literal(parseClass(reader, flags.i), { ...flags, i: false });
      case '.':
        return { kind: 'class', ranges: flags.s ? [[0, lastCodePoint]] : notLineBreak };
      case '^':
        return { kind: 'look', at: flags.m ? 'line-start' : 'text-start' };
      case '$':
        return { kind: 'look', at: flags.m ? 'line-end' : 'text-end' };
      case '\\':
        return escape(flags);
      default:
        return literal([pointOf(next)], flags);
    }
  }

  function escape(flags: Flags): Node {
    const letter = peek() ?? '';
    if (letter in looks) {
      reader.at += 1;
      return { kind: 'look', at: looks[letter as keyof typeof looks] };
    }
    const named = perlClasses[letter];
    if (named) {
      reader.at += 1;
      return { kind: 'class', ranges: named };
    }
    const point = parseEscape(reader);
    return literal([[point, point]], flags);
  }

  function group(flags: Flags): Node {
    let inner = flags;
    let index: number | undefined;
    if (takeIf('?')) {
      const name = /^P?<([A-Za-z0-9_]+)>/.exec(text.slice(reader.at));
      if (name) {
        reader.at += name[0].length;
        index = groups += 1;
      } else {
        const [whole, on = '', off = ''] =
          /^([imsU]*)(?:-([imsU]+))?:/.exec(text.slice(reader.at)) ?? [];
        if (whole === undefined)
          throw new Re2Error('RE2 has no group of this kind, such as (?= or (?!');
        reader.at += whole.length;
        inner = withFlags(flags, on, off);
      }
    } else index = groups += 1;
    const body = choice(inner).node;
    if (!takeIf(')')) throw new Re2Error('a ( is not closed');
    return { kind: 'group', body, ...(index === undefined ? {} : { index }) };
  }

  /** `(?i)`: it holds from here on. */
  function flagGroup(flags: Flags): Flags | undefined {
    const [whole, on = '', off = ''] =
      /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(text.slice(reader.at, reader.at + 16)) ?? [];
    if (whole === undefined || on + off === '') return undefined;
    reader.at += whole.length;
    return withFlags(flags, on, off);
  }

  function repetition(): { min: number; max: number } | undefined {
    const simple = simpleRepeats[peek() ?? ''];
    if (simple) {
      reader.at += 1;
      return simple;
    }
    const [whole, least, comma, most = ''] =
      /^\{(\d+)(,)?(\d*)\}/.exec(text.slice(reader.at, reader.at + 32)) ?? [];
    if (whole === undefined || (comma === undefined && most !== '')) return undefined;
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? Infinity : Number(most);
    if (min > mostRepeats || (max !== Infinity && max > mostRepeats) || max < min) {
      throw new Re2Error(`RE2 takes no repetition such as ${whole}`);
    }
    reader.at += whole.length;
    return { min, max };
  }

  function quoted(): number[] {
    const end = text.indexOf('\\E', reader.at);
    const inside = text.slice(reader.at + 2, end < 0 ? text.length : end);
    reader.at = end < 0 ? text.length : end + 2;
    return Array.from(inside, (one) => one.codePointAt(0) ?? 0);
  }

  function peek(): string | undefined {
    return text[reader.at];
  }

  function take(): string {
    const one = String.fromCodePoint(text.codePointAt(reader.at) ?? 0);
    reader.at += one.length;
    return one;
  }

  function takeIf(wanted: string): boolean {
    if (peek() !== wanted) return false;
    reader.at += 1;
    return true;
  }
}

function pointOf(character: string): Range {
  const point = character.codePointAt(0) ?? 0;
  return [point, point];
}

const notLineBreak: readonly Range[] = [
  [0, 9],
  [11, lastCodePoint],
];

const looks = { A: 'text-start', z: 'text-end', b: 'word', B: 'not-word' } as const;

const simpleRepeats: Readonly<Record<string, { min: number; max: number }>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
};

function literal(ranges: readonly Range[], { i }: Flags): Node {
  return { kind: 'class', ranges: i ? folded(ranges) : ranges };
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const settled = (flag: keyof Flags): boolean =>
    off.includes(flag) ? false : on.includes(flag) || flags[flag];
  return { i: settled('i'), m: settled('m'), s: settled('s'), U: settled('U') };
}
