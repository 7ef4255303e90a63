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

export interface WantedChanges {
  /** Only changes from or to one of these are wanted, if they are given. */
  readonly oids?: ReadonlySet<string>;
  /** Path as latin-1 text of its bytes. */
  readonly accepts: (path: string) => boolean;
}

/**
 * Walks what `revisions` (arguments and lines of standard input) name. Only wanted
 * changes are kept. Merges are compared with their first parent, so that the content of any
 * path at any commit follows from the changes along first parents.
 */
export async function readHistoryLog(
  place: GitPlace,
  revisions: readonly string[],
  input: string,
  wanted: WantedChanges,
): Promise<HistoryLog & { readonly code: number; readonly stderr: string }> {
  const log: HistoryLog = { commits: [], changes: [] };
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
    logReader(log, wanted),
  );
  return { ...log, ...result };
}

const commitMark = '\u0001';
/** `:100644 100644 ` before the first of two ids. */
const modes = 15;

/** Most of the log is about what is not wanted: of that nothing but two numbers is looked at. */
function logReader(
  { commits, changes }: HistoryLog,
  { oids, accepts }: WantedChanges,
): (chunk: Buffer) => void {
  const mayBeWanted = oids && startsOf(oids);
  let rest = '';
  let commit = '';

  /** Where the token behind `from` starts, having taken it; 0 when it has not come whole. */
  function take(text: string, from: number): number {
    const end = text.indexOf('\0', from);
    if (end < 0) return 0;
    if (text.startsWith(commitMark, from)) {
      const [id = '', time = '', ...parents] = text.slice(from + 1, end).split(' ');
      commit = id;
      commits.push({ id, time: Number(time), parents: parents.filter(Boolean) });
      return end + 1;
    }
    const start = text.charCodeAt(from) === lineBreak ? from + 1 : from;
    if (text.charCodeAt(start) !== colon) return end + 1;
    const pathEnd = text.indexOf('\0', end + 1);
    if (pathEnd < 0) return 0;
    const first = start + modes;
    const idLength = text.indexOf(' ', first) - first;
    const second = first + idLength + 1;
    if (!mayBeWanted || mayBeWanted(text, first) || mayBeWanted(text, second)) {
      const old = text.slice(first, first + idLength);
      const now = text.slice(second, second + idLength);
      const path = text.slice(end + 1, pathEnd);
      if ((!oids || oids.has(old) || oids.has(now)) && accepts(path))
        changes.push({ commit, path, old, now });
    }
    return pathEnd + 1;
  }

  return (chunk) => {
    const text = rest + chunk.toString('latin1');
    let at = 0;
    for (let next = take(text, 0); next > 0; next = take(text, at)) at = next;
    rest = text.slice(at);
  };
}

const lineBreak = 10;
const colon = 58;
const prefix = 4;

/** Whether the id at a place of a text can be one of these, told by its first digits. */
function startsOf(oids: ReadonlySet<string>): (text: string, at: number) => boolean {
  const known = new Uint8Array(16 ** prefix);
  for (const oid of oids) known[numberAt(oid, 0)] = 1;
  return (text, at) => known[numberAt(text, at)] === 1;
}

function numberAt(text: string, at: number): number {
  let number = 0;
  for (let i = at; i < at + prefix; i += 1) {
    const code = text.charCodeAt(i);
    number = (number << 4) | ((code & 15) + (code > 57 ? 9 : 0));
  }
  return number;
}
