/** `git log --raw` as a stream: the commit graph, and which commit gave a path which wanted blob. */
import type { CommitEntry } from './commit-graph.ts';
import { streamGit, type GitPlace } from './git.ts';

/**
 * At `commit` the path holds `now`, which its first parent does not have there; empty when that is none
 * of the wanted objects.
 */
export interface PathChange {
  readonly commit: string;
  /** Latin-1 text of the path's bytes. */
  readonly path: string;
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
 * Walks what `revisions` (arguments and lines of standard input) name. Only wanted changes are kept.
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
/** `100644 ` */
const modeLength = 7;

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
    let parents = 0;
    while (text.charCodeAt(start + parents) === colon) parents += 1;
    if (parents === 0) return end + 1;
    const pathEnd = text.indexOf('\0', end + 1);
    if (pathEnd < 0) return 0;
    // Colons, a mode for each side, then an id for each side, the result's last.
    const first = start + parents + (parents + 1) * modeLength;
    const idLength = text.indexOf(' ', first) - first;
    const last = first + parents * (idLength + 1);
    let isWanted = !mayBeWanted;
    for (let at = first; at <= last && mayBeWanted && !isWanted; at += idLength + 1) {
      isWanted = mayBeWanted(text, at) && oids.has(text.slice(at, at + idLength));
    }
    if (isWanted) {
      const path = text.slice(end + 1, pathEnd);
      const now = text.slice(last, last + idLength);
      if (accepts(path)) changes.push({ commit, path, now: !oids || oids.has(now) ? now : '' });
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
