/** The history as `git log` tells it: for what cannot be read without git, and to compare with. */
import type { Problem } from '../../core/model/problem.ts';
import type { CommitEntry } from './commit-graph.ts';
import { gitSync, streamGit } from './git.ts';
import {
  readHistoryLog,
  type HistoryLog,
  type PathChange,
  type WantedChanges,
} from './history-log.ts';
import { gitFailed, lineReader } from './list-objects.ts';
import type { Repository } from './repository.ts';

export interface ToldHistory {
  readonly commits: readonly CommitEntry[];
  readonly changes: readonly PathChange[];
  /** Ids of commits that are reachable for sure, from whatever. */
  readonly met: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** `tips`: to walk from, beside all refs. `allCommits`: also of those that nothing reaches. */
export async function historyByLog(
  repository: Repository,
  wanted: WantedChanges,
  tips: readonly string[],
  allCommits: readonly string[],
): Promise<ToldHistory> {
  const { place } = repository;
  const log = await readHistoryLog(place, ['--all', '--stdin'], lines(tips), wanted);
  const problems = log.code === 0 ? [] : [gitFailed(repository, log.stderr)];
  // What the walk did not meet is dangling, or lies behind an object that is missing.
  const met = new Set(log.commits.map(({ id }) => id));
  const rest = await readRest(
    repository,
    allCommits.filter((id) => !met.has(id)),
    wanted,
  );
  const changes = [...log.changes, ...rest.changes];
  // Trees are missing: what HEAD holds is told by its own.
  if (log.code !== 0) changes.push(...headVersions(repository, wanted));
  return { commits: [...log.commits, ...rest.commits], changes, met, problems };
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}

function headVersions({ place, head }: Repository, { oids, accepts }: WantedChanges): PathChange[] {
  if (head === undefined) return [];
  const listing = gitSync(place, ['ls-tree', '-r', '-z', '--full-tree', head]).stdout;
  return listing
    .toString('latin1')
    .split('\0')
    .flatMap((entry) => {
      const [, , now = ''] = entry.slice(0, entry.indexOf('\t')).split(' ');
      const path = entry.slice(entry.indexOf('\t') + 1);
      return (!oids || oids.has(now)) && accepts(path) ? [{ commit: head, path, now }] : [];
    });
}

/** Some of these commits may have trees that cannot be read: git stops there, we go on behind. */
async function readRest(
  { place }: Repository,
  commits: readonly string[],
  wanted: WantedChanges,
): Promise<HistoryLog> {
  const changes: PathChange[] = [];
  const met = new Map<string, CommitEntry>();
  let left = commits;
  while (left.length > 0) {
    const log = await readHistoryLog(place, ['--no-walk=unsorted', '--stdin'], lines(left), wanted);
    for (const change of log.changes) changes.push(change);
    for (const entry of log.commits) met.set(entry.id, entry);
    if (log.code === 0) break;
    const failed = left.findIndex((id) => !met.has(id));
    left = failed < 0 ? [] : left.slice(failed + 1);
  }
  if (met.size < commits.length) {
    const input = lines(commits.filter((id) => !met.has(id)));
    const read = lineReader((line) => {
      const [time = '', id = '', ...parents] = line.split(' ');
      met.set(id, { id, time: Number(time), parents });
    });
    await streamGit(
      place,
      ['rev-list', '--no-walk=unsorted', '--parents', '--timestamp', '--stdin'],
      input,
      read,
    );
  }
  return { commits: [...met.values()], changes };
}
