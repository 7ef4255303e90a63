/** Globs over byte strings as git matches ignore patterns; knows no negation and no folders-only. */
import { parseBracket } from './bracket.ts';

/** Codes of bytes (≥ 0), the marks below, or `FIRST_SET - index` for a bracket expression. */
export interface Glob {
  readonly tokens: readonly number[];
  readonly sets: readonly Uint8Array[];
}

const ANY_CHAR = -1;
/** Any characters but `/`. */
const STAR = -2;
/** Any characters. */
const DEEP = -3;
/** `**` and the slash after it: nothing, or folders each with its slash. */
const DEEP_FOLDERS = -4;
const FIRST_SET = -5;
const SLASH = 0x2f;

/**
 * `isPath`: the text will be a path, in which a `**` between slashes crosses folders.
 * Undefined when nothing can match (open bracket, unknown class, backslash at the end).
 */
export function compileGlob(source: string, isPath: boolean): Glob | undefined {
  const tokens: number[] = [];
  const sets: Uint8Array[] = [];
  // git compares the literal beginning on its own and starts matching behind it, which makes
  // `**` there one at the start: `foo**/bar` crosses folders.
  const start = /^[^*?[\\]*/.exec(source)?.[0].length ?? 0;
  let at = 0;
  while (at < source.length) {
    const char = source[at];
    if (char === '*') {
      const first = at;
      while (source[at] === '*') at++;
      const isFree = first === start || source[first - 1] === '/';
      const mark = at - first > 1 && isPath && isFree ? deepMark(source, at) : STAR;
      if (mark === DEEP_FOLDERS) at++;
      tokens.push(mark);
    } else if (char === '[') {
      const bracket = parseBracket(source, at);
      if (bracket === undefined) return undefined;
      tokens.push(FIRST_SET - sets.length);
      sets.push(bracket.set);
      at = bracket.end;
    } else if (char === '?') {
      tokens.push(ANY_CHAR);
      at++;
    } else {
      if (char === '\\') at++;
      if (at === source.length) return undefined;
      tokens.push(source.charCodeAt(at++));
    }
  }
  return { tokens, sets };
}

/** The only text that matches, if there is only one. */
export function literalOf(glob: Glob): string | undefined {
  if (glob.tokens.some((token) => token < 0)) return undefined;
  return glob.tokens.map((code) => String.fromCharCode(code)).join('');
}

/** What must stand at the end, if that is all that is asked (`*.log`). */
export function suffixOf(glob: Glob): string | undefined {
  if (glob.tokens[0] !== STAR) return undefined;
  return literalOf({ tokens: glob.tokens.slice(1), sets: [] });
}

/** How many steps may still be made; counted down. */
export interface Budget {
  steps: number;
}

/**
 * Steps back to the last `*` and the last `**` only: an earlier one can do nothing that the
 * later one cannot. False when the budget is used up.
 */
export function matchGlob({ tokens, sets }: Glob, text: string, budget: Budget): boolean {
  let t = 0;
  let p = 0;
  let starToken = -1;
  let starText = 0;
  let deepToken = -1;
  let deepText = 0;
  for (; budget.steps > 0; budget.steps--) {
    const token = tokens[p];
    if (token === STAR) {
      starToken = p++;
      starText = t;
    } else if (token === DEEP || token === DEEP_FOLDERS) {
      deepToken = p++;
      deepText = t;
      starToken = -1;
    } else if (token === undefined && t === text.length) {
      return true;
    } else if (token !== undefined && t < text.length && accepts(token, sets, text, t)) {
      // A `*` left of a slash has had its only chance: it cannot reach over one.
      if (token === SLASH) starToken = -1;
      p++;
      t++;
    } else if (starToken >= 0 && t < text.length && text.charCodeAt(starText) !== SLASH) {
      // (With the text used up, a `*` that takes more leaves even less to match.)
      t = ++starText;
      p = starToken + 1;
    } else {
      if (deepToken < 0) return false;
      deepText = tokens[deepToken] === DEEP ? deepText + 1 : text.indexOf('/', deepText) + 1;
      if (deepText === 0 || deepText > text.length) return false;
      t = deepText;
      p = deepToken + 1;
      starToken = -1;
    }
  }
  return false;
}

function accepts(token: number, sets: readonly Uint8Array[], text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (token >= 0) return token === code;
  if (token === ANY_CHAR) return code !== SLASH;
  return sets[FIRST_SET - token]?.[code] === 1;
}

function deepMark(source: string, after: number): number {
  if (source[after] === '/') return DEEP_FOLDERS;
  return after === source.length || source.startsWith('\\/', after) ? DEEP : STAR;
}
