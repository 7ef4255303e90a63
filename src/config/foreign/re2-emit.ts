/** Syntax tree of an RE2 pattern → JavaScript source of the same meaning, without flags, over ASCII text. */
import {
  complement,
  lastCodePoint,
  normalised,
  Re2Error,
  type Look,
  type Node,
  type Range,
} from './re2-syntax.ts';

const looks = {
  'text-start': '(?<![\\s\\S])',
  'text-end': '(?![\\s\\S])',
  'line-start': '(?<![^\\n])',
  'line-end': '(?![^\\n])',
  word: '\\b',
  'not-word': '\\B',
} as const satisfies Record<Look, string>;

/**
 * `keep`: the group that goes on capturing, as the first and only one.
 * @throws {Re2Error} for what is beyond ASCII: rules run over single bytes.
 */
export function emitRe2(node: Node, keep: number | undefined): string {
  switch (node.kind) {
    case 'class':
      return emitClass(node.ranges);
    case 'look':
      return looks[node.at];
    case 'group':
      return `(${keep !== undefined && node.index === keep ? '' : '?:'}${emitRe2(node.body, keep)})`;
    case 'sequence':
      return node.items
        .map((item) =>
          item.kind === 'choice' ? `(?:${emitRe2(item, keep)})` : emitRe2(item, keep),
        )
        .join('');
    case 'choice':
      return node.items.map((item) => emitRe2(item, keep)).join('|');
    case 'repeat':
      return emitRepeat(node, keep);
    default:
      return node satisfies never;
  }
}

function emitRepeat(
  { item, min, max, isLazy }: Extract<Node, { kind: 'repeat' }>,
  keep: number | undefined,
): string {
  const body = emitRe2(item, keep);
  const isOne = item.kind === 'class' || item.kind === 'group';
  return `${isOne ? body : `(?:${body})`}${counts(min, max)}${isLazy ? '?' : ''}`;
}

function counts(min: number, max: number): string {
  if (max === 0) return '{0}';
  if (min === 0 && max === 1) return '?';
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

const lastAscii = 0x7f;

/** A class holds all that is beyond ASCII, or nothing of it. */
function emitClass(given: readonly Range[]): string {
  const ranges = normalised(given);
  const beyond = ranges.filter(([, to]) => to > lastAscii);
  const [first, second] = beyond;
  if (!first) return emitAscii(ranges);
  if (second || first[0] > lastAscii + 1 || first[1] !== lastCodePoint) {
    throw new Re2Error('characters beyond ASCII cannot be used: patterns run over single bytes');
  }
  const missing = complement(ranges);
  return missing.length === 0 ? '[\\s\\S]' : `[^${missing.map(emitRange).join('')}]`;
}

function emitAscii(ranges: readonly Range[]): string {
  const [only] = ranges;
  if (!only) return '[^\\s\\S]';
  if (ranges.length === 1 && only[0] === only[1]) return literal(only[0], /[$()*+./?[\\\]^{|}]/);
  return `[${ranges.map(emitRange).join('')}]`;
}

function emitRange([from, to]: Range): string {
  const inClass = /[\\\]^[-]/;
  if (from === to) return literal(from, inClass);
  return `${literal(from, inClass)}${to === from + 1 ? '' : '-'}${literal(to, inClass)}`;
}

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' };

function literal(point: number, special: RegExp): string {
  const text = String.fromCodePoint(point);
  if (point < 0x20 || point >= lastAscii) {
    return escapes[point] ?? `\\x${point.toString(16).padStart(2, '0')}`;
  }
  return special.test(text) ? `\\${text}` : text;
}
