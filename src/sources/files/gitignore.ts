/**
 * What a .gitignore file says, read exactly as git reads it. Texts and paths are byte strings
 * (latin-1), because git's `?` and brackets stand for bytes. Knows no file system.
 *
 * @see https://git-scm.com/docs/gitignore; where the page is silent, the tests ask git itself (2.39)
 */
import { compileGlob, literalOf, matchGlob, suffixOf, type Budget, type Glob } from './glob.ts';

interface Rule {
  /** Line number: the last match wins. */
  readonly order: number;
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
}

interface GlobRule extends Rule {
  /** Matched against the path from the file's folder; otherwise against the name alone. */
  readonly isPath: boolean;
  readonly glob: Glob;
  readonly suffix: string | undefined;
}

/** Last rule first, everywhere. Literal patterns, which most are, cost one look-up together. */
export interface IgnoreRules {
  readonly names: ReadonlyMap<string, readonly Rule[]>;
  readonly paths: ReadonlyMap<string, readonly Rule[]>;
  readonly globs: readonly GlobRule[];
  readonly isEmpty: boolean;
}

/** One ignore file in force, and those that count less than it. */
export interface IgnoreLevel {
  readonly rules: IgnoreRules;
  /** Length of the path, with its slash, of the folder that the rules are relative to. */
  readonly baseLength: number;
  readonly outer: IgnoreLevel | undefined;
}

/**
 * Chosen: about a millisecond, and fifty times what a thousand usual patterns take. Each pattern
 * is matched in time text × pattern, but a hostile file can hold many for paths of 4,096 bytes.
 */
const STEPS_PER_PATH = 250_000;

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

export function parseIgnore(text: string): IgnoreRules {
  const names = new Map<string, Rule[]>();
  const paths = new Map<string, Rule[]>();
  const globs: GlobRule[] = [];
  const lines = text
    .slice(text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0)
    .split('\n');
  for (let order = lines.length - 1; order >= 0; order--) {
    const line = lines[order] ?? '';
    if (line.startsWith('#')) continue;
    const rule = parseLine(line, order);
    if (rule === undefined) continue;
    const literal = literalOf(rule.glob);
    if (literal === undefined) globs.push(rule);
    else append(rule.isPath ? paths : names, literal, rule);
  }
  return { names, paths, globs, isEmpty: globs.length + names.size + paths.size === 0 };
}

/**
 * Whether the files of `level` and outwards ignore this path (a byte string, relative to the top
 * of the repository). Asks nothing about its parent folders: in an ignored folder everything is
 * ignored and nothing can be taken back, which the caller knows. A path for which the rules take
 * too long is not ignored: rather looked at too much than hung or hidden.
 */
export function isIgnored(
  level: IgnoreLevel | undefined,
  path: string,
  isFolder: boolean,
): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const budget: Budget = { steps: STEPS_PER_PATH };
  for (let at = level; at !== undefined; at = at.outer) {
    const rule = lastMatch(at.rules, path.slice(at.baseLength), name, isFolder, budget);
    if (budget.steps <= 0) return false;
    if (rule !== undefined) return !rule.isNegated;
  }
  return false;
}

function parseLine(line: string, order: number): GlobRule | undefined {
  const unix = line.endsWith('\r') ? line.slice(0, -1) : line;
  const nul = unix.indexOf('\0');
  // git works on C strings: what follows a NUL is not there.
  const text = trimBlanks(nul < 0 ? unix : unix.slice(0, nul));
  const isNegated = text.startsWith('!');
  const isForFolders = text.length > (isNegated ? 1 : 0) && text.endsWith('/');
  const pattern = text.slice(isNegated ? 1 : 0, isForFolders ? -1 : undefined);
  if (pattern === '') return undefined;
  const isPath = pattern.includes('/');
  const glob = compileGlob(pattern.startsWith('/') ? pattern.slice(1) : pattern, isPath);
  if (glob === undefined) return undefined;
  const suffix = isPath ? undefined : suffixOf(glob);
  return { order, isNegated, isForFolders, isPath, glob, suffix };
}

/** Without the blanks at the end, as far as they are not escaped. Tabs are no blanks. */
function trimBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  // An odd backslash escapes the first of the blanks, and that one stays.
  return slashes % 2 === 1 ? line.slice(0, end + 1) : line.slice(0, end);
}

function lastMatch(
  rules: IgnoreRules,
  path: string,
  name: string,
  isFolder: boolean,
  budget: Budget,
): Rule | undefined {
  // A look-up reads all of the path, and there may be a file like this in each folder of it.
  budget.steps -= 1 + (rules.paths.size > 0 ? path.length : 0);
  const byName = rules.names.get(name)?.find((rule) => isFolder || !rule.isForFolders);
  const byPath = rules.paths.get(path)?.find((rule) => isFolder || !rule.isForFolders);
  const literal = (byName?.order ?? -1) > (byPath?.order ?? -1) ? byName : byPath;
  for (const rule of rules.globs) {
    if (literal !== undefined && rule.order < literal.order) break;
    budget.steps--;
    if (rule.isForFolders && !isFolder) continue;
    if (
      rule.suffix === undefined
        ? matchGlob(rule.glob, rule.isPath ? path : name, budget)
        : name.endsWith(rule.suffix)
    ) {
      return rule;
    }
  }
  return literal;
}

function append(rules: Map<string, Rule[]>, key: string, rule: Rule): void {
  const same = rules.get(key);
  if (same === undefined) rules.set(key, [rule]);
  else same.push(rule);
}
