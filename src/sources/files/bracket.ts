/** A bracket expression of a glob (`[a-z]`, `[!0-9]`, `[[:alpha:]_]`) → the set of its bytes. */

export interface Bracket {
  /** 256 flags, one per byte. */
  readonly set: Uint8Array;
  /** Index after the closing bracket. */
  readonly end: number;
}

type Range = readonly [from: number, to: number];

/**
 * ASCII only whatever the locale, and white space without vertical tab and form feed, as git
 * has it.
 */
const classes: Readonly<Record<string, readonly Range[]>> = {
  alnum: ranges('09', 'AZ', 'az'),
  alpha: ranges('AZ', 'az'),
  blank: ranges('  ', '\t\t'),
  cntrl: ranges('\x01\x1f', '\x7f\x7f'),
  digit: ranges('09'),
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/', ':@', '[`', '{~'),
  space: ranges('  ', '\t\n', '\r\r'),
  upper: ranges('AZ'),
  xdigit: ranges('09', 'AF', 'af'),
};

const SLASH = 0x2f;

/**
 * Reads the expression whose `[` is at `open` of a byte string. Undefined when it is malformed
 * (not closed, or of an unknown class): git then lets the whole pattern match nothing.
 */
export function parseBracket(source: string, open: number): Bracket | undefined {
  const set = new Uint8Array(256);
  const isNegated = source[open + 1] === '!' || source[open + 1] === '^';
  const first = open + (isNegated ? 2 : 1);
  /** The character that a following `-` makes the start of a range; -1 when none can. */
  let from = -1;
  let at = first;
  /** The next `]`, kept so that many `[:` in a row are not searched from each of them. */
  let close = -1;
  // A `]` in the first place is a member, not the end.
  for (; at === first || source[at] !== ']';) {
    const char = source[at];
    if (char === undefined) return undefined;
    const startsClass = char === '[' && source[at + 1] === ':';
    if (startsClass && close < at + 2) close = source.indexOf(']', at + 2);
    if (startsClass && close < 0) return undefined;
    if (startsClass && close > at + 2 && source[close - 1] === ':') {
      const name = source.slice(at + 2, close - 1);
      const members = Object.hasOwn(classes, name) ? classes[name] : undefined;
      if (members === undefined) return undefined;
      for (const [low, high] of members) set.fill(1, low, high + 1);
      at = close + 1;
      from = -1;
    } else if (char === '-' && from >= 0 && source[at + 1] !== ']') {
      const to = member(source, at + 1);
      if (to === undefined) return undefined;
      if (from <= to.code) set.fill(1, from, to.code + 1);
      at = to.end;
      from = -1;
    } else {
      const one = member(source, at);
      if (one === undefined) return undefined;
      set[one.code] = 1;
      at = one.end;
      from = one.code;
    }
  }
  if (isNegated) for (let code = 0; code < 256; code++) set[code] = set[code] === 1 ? 0 : 1;
  // No bracket reaches over a folder boundary, not even a negated one.
  set[SLASH] = 0;
  return { set, end: at + 1 };
}

/** One character, perhaps escaped. */
function member(source: string, at: number): { code: number; end: number } | undefined {
  const start = source[at] === '\\' ? at + 1 : at;
  return start < source.length ? { code: source.charCodeAt(start), end: start + 1 } : undefined;
}

function ranges(...pairs: readonly string[]): readonly Range[] {
  return pairs.map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]);
}
