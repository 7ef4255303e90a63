/** The raw output of diff-tree and diff-index, NUL-separated. */
import { gitSync, type GitPlace, type GitResult } from './git.ts';

/** One changed path. Combined entries (of merges) have several parents. */
export interface RawEntry {
  /** Object ids of the path's version in each parent; zeros where there was none. */
  readonly parents: readonly string[];
  readonly oid: string;
  readonly mode: string;
  /** One letter a parent: A, M, T, R, C, D, U. */
  readonly status: string;
  /** Latin-1 text of the new path's bytes. */
  readonly path: string;
}

const flags = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
];

/**
 * Renames are followed, unless git cannot compare contents because some are not here (a partial
 * clone): then what was renamed counts as new, and more is reported, not less.
 */
export function runRawDiff(
  place: GitPlace,
  [command, ...args]: readonly ['diff-tree' | 'diff-index', ...string[]],
  input?: string,
): GitResult {
  const found = gitSync(place, [command, '-M', ...flags, ...args], input);
  return found.code === 0
    ? found
    : gitSync(place, [command, '--no-renames', ...flags, ...args], input);
}

/**
 * Parses a stream of `[commit NUL] (:modes oids status NUL path NUL [path NUL])*`. `commit` is empty
 * where the command names none.
 */
export function parseRawDiff(
  output: Buffer,
  take: (commit: string, entry: RawEntry) => void,
): void {
  const tokens = output.toString('latin1').split('\0');
  let commit = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (!token.startsWith(':')) {
      if (token !== '') commit = token.trim();
      continue;
    }
    const parentCount = token.length - token.replace(/^:+/, '').length;
    const fields = token.slice(parentCount).split(' ');
    const status = fields.at(-1) ?? '';
    const isTwoPaths = parentCount === 1 && /^[RC]/.test(status);
    at += isTwoPaths ? 2 : 1;
    take(commit, {
      parents: fields.slice(parentCount + 1, parentCount * 2 + 1),
      oid: fields[parentCount * 2 + 1] ?? '',
      mode: fields[parentCount] ?? '',
      status,
      path: tokens[at] ?? '',
    });
  }
}

const zeros = /^0+$/;
const submodule = '160000';

/** Whether the entry brings content: not a deletion, a submodule or an unmerged path. */
export function hasContent({ oid, mode }: RawEntry): boolean {
  return !zeros.test(oid) && mode !== submodule && mode !== '000000';
}

/** The versions that the entry's lines may come from. */
export function knownParents({ parents }: RawEntry): string[] {
  return [...new Set(parents.filter((oid) => !zeros.test(oid)))];
}
