/** What a path held at every commit, from the changes that commits made to it. */
import type { CommitGraph } from './commit-graph.ts';
import { gitSync, streamGit } from './git.ts';
import type { History } from './history.ts';
import type { PathChange } from './history-log.ts';
import { lineReader } from './list-objects.ts';
import type { Repository } from './repository.ts';

/** Computed once a path, however many keys stand in it. */
export interface PathVersions {
  /** Latin-1 text of the path's bytes. */
  readonly path: string;
  /** Object ids by version number; number 0 stands for nothing that was asked for. */
  readonly blobs: readonly string[];
  /** Version number by commit index. */
  readonly at: Int32Array;
}

/** So many paths are worked on together: each takes four bytes a commit. */
const pathsAtOnce = 64;

/** The paths of the history that `isWanted` takes, in their order. */
export async function* pathVersions(
  repository: Repository,
  { changes, graph }: History,
  isWanted: (changes: readonly PathChange[]) => boolean,
): AsyncGenerator<PathVersions> {
  const wanted = [...changes].filter(([, list]) => isWanted(list));
  for (let from = 0; from < wanted.length; from += pathsAtOnce) {
    const drafts = wanted
      .slice(from, from + pathsAtOnce)
      .map(([path, list]) => draft(path, list, graph));
    const questions = drafts.flatMap(({ path, merges }) =>
      merges.map((merge) => `${graph.ids[merge] ?? ''}:${path}`),
    );
    const answers = await askForBlobs(repository, questions);
    let asked = 0;
    for (const one of drafts) {
      yield settled(one, answers.slice(asked, asked + one.merges.length));
      asked += one.merges.length;
    }
  }
}

/** As PathVersions; −1 − n stands for what the n-th of `merges` holds. */
interface Draft extends PathVersions {
  /** Commit indexes. */
  readonly merges: readonly number[];
}

/**
 * A commit without a change has what its parents have. Where the parents of a merge differ, it has
 * what one of them has, and git is asked which.
 */
function draft(
  path: string,
  changes: readonly PathChange[],
  { ids, indexOf, firstParents, merges: isMerge, otherParents }: CommitGraph,
): Draft {
  const blobs = ['', ...new Set(changes.map(({ now }) => now))];
  const numberOf = new Map(blobs.map((oid, number) => [oid, number]));
  const changed = changes
    .map(({ commit, now }) => ({
      index: indexOf.get(commit) ?? -1,
      version: numberOf.get(now) ?? 0,
    }))
    .sort((a, b) => a.index - b.index);
  const at = new Int32Array(ids.length);
  const merges: number[] = [];
  let next = changed.findIndex(({ index }) => index >= 0);
  if (next < 0) return { path, blobs, at, merges };
  for (let commit = changed[next]?.index ?? 0; commit < at.length; commit += 1) {
    const first = firstParents[commit] as number;
    if (changed[next]?.index === commit) {
      // The last word counts where a commit is told twice.
      while (changed[next + 1]?.index === commit) next += 1;
      at[commit] = changed[next]?.version ?? 0;
      next += 1;
    } else if (first >= 0) {
      const version = at[first] as number;
      const isClear =
        !isMerge[commit] || otherParents.get(commit)?.every((parent) => at[parent] === version);
      at[commit] = isClear ? version : -merges.push(commit);
    }
  }
  return { path, blobs, at, merges };
}

function settled({ path, blobs, at }: Draft, answers: readonly string[]): PathVersions {
  const numberOf = new Map(blobs.map((oid, number) => [oid, number]));
  const versions = answers.map((oid) => numberOf.get(oid) ?? 0);
  return {
    path,
    blobs,
    at: at.map((version) => (version < 0 ? (versions[-version - 1] ?? 0) : version)),
  };
}

/** `<commit>:<path>` → the id of what is there; empty where there is nothing. */
async function askForBlobs(
  repository: Repository,
  questions: readonly string[],
): Promise<string[]> {
  if (questions.length === 0) return [];
  const answers: string[] = [];
  const take = lineReader((line) => void answers.push(line));
  const input = questions.filter((question) => !question.includes('\n'));
  await streamGit(
    repository.place,
    ['cat-file', '--batch-check=%(objectname)', '--buffer'],
    Buffer.from(input.map((question) => `${question}\n`).join(''), 'latin1'),
    take,
  );
  let answered = 0;
  return questions.map((question) =>
    question.includes('\n')
      ? askAlone(repository, question)
      : idOrNothing(answers[answered++] ?? ''),
  );
}

/** A path with a line break cannot be asked for in a list of lines. */
function askAlone({ place }: Repository, question: string): string {
  const path = Buffer.from(question, 'latin1').toString();
  const found = gitSync(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', path]);
  const lines = found.stdout.toString().split('\n');
  return lines.find((line) => /^[0-9a-f]{40,64}$/.test(line)) ?? '';
}

/** What is not there is answered with the question and `missing`. */
function idOrNothing(answer: string): string {
  return /^[0-9a-f]{40,64}$/.test(answer) ? answer : '';
}
