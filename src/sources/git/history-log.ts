/** `git log --raw` as a stream: the commit graph, and which commit gave a path which wanted blob. */
import type { CommitEntry } from './commit-graph.ts';
import { streamGit, type GitPlace } from './git.ts';

/** At `commit`, seen from its first parent, `path` changed from `old` to `now`. */
export interface PathChange {
  readonly commit: string;
  /** Latin-1 text of the path's bytes. */
  readonly path: string;
  readonly old: string;
  readonly now: string;
}

export interface HistoryLog {
  readonly commits: CommitEntry[];
  readonly changes: PathChange[];
}

/** Path as latin-1 text of its bytes; object ids before and after. */
export type WantedChange = (path: string, old: string, now: string) => boolean;

/**
 * Walks what `revisions` (arguments and lines of standard input) name. Only wanted
 * changes are kept. Merges are compared with their first parent, so that the content of any
 * path at any commit follows from the changes along first parents.
 */
export async function readHistoryLog(
  place: GitPlace,
  revisions: readonly string[],
  input: string,
  isWanted: WantedChange,
): Promise<HistoryLog & { readonly code: number; readonly stderr: string }> {
  const commits: CommitEntry[] = [];
  const changes: PathChange[] = [];
  let commit = '';
  let raw: string | undefined;
  const takeToken = (token: string): void => {
    if (raw !== undefined) {
      const [, , old = '', now = ''] = raw.split(' ');
      if (isWanted(token, old, now)) changes.push({ commit, path: token, old, now });
      raw = undefined;
    } else if (token.startsWith(commitMark)) {
      const [id = '', time = '', ...parents] = token.slice(1).split(' ');
      commit = id;
      commits.push({ id, time: Number(time), parents: parents.filter(Boolean) });
    } else if (token.startsWith(':') || token.startsWith('\n:')) {
      raw = token;
    }
  };
  const result = await streamGit(
    place,
    [
      'log',
      '--raw',
      '-z',
      '--no-abbrev',
      '--no-renames',
      '--diff-merges=first-parent',
      '--ignore-submodules=none',
      '--format=%x01%H %ct %P',
      ...revisions,
    ],
    input,
    tokenReader(takeToken),
  );
  return { commits, changes, ...result };
}

const commitMark = '\u0001';

function tokenReader(take: (token: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const tokens = (rest + chunk.toString('latin1')).split('\0');
    rest = tokens.pop() ?? '';
    for (const token of tokens) take(token);
  };
}
