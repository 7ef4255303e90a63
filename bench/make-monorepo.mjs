/**
 * A history with secrets in it: a change log and a lock file of several thousand lines that are edited
 * thousands of times, many small files, renames, blocks moved between files, branches and merges.
 */
import { importHistory } from './import-history.mjs';
import { changeBranch, changeMain, leak, newState } from './monorepo-changes.mjs';

/** A secret comes with every so many commits. */
export const commitsPerSecret = 100;
const mostBranches = 12;
/** In a hundred commits: those that start a branch, and those on or merging one. */
const startsBranch = 6;
const isOnBranch = 25;
const quietStart = 50;

/** Writes a bare repository of so many commits into `folder` (made new). */
export function makeMonorepo(folder, commits) {
  return importHistory(folder, monorepo(commits));
}

/** How many secrets such a history holds. */
export function plantedSecrets(commits) {
  return Math.floor(commits / commitsPerSecret);
}

function* monorepo(commits) {
  const { state, first } = newState();
  yield first;
  const branches = [];
  let main = 1;
  for (let number = 2; number <= commits; number += 1) {
    const isLeak = number % commitsPerSecret === 0;
    const branch = isLeak || number < quietStart ? undefined : branchToday(state, branches, main);
    if (!branch) {
      const change = isLeak ? leak(state, number / commitsPerSecret) : changeMain(state);
      yield { from: main, ...change };
      main = number;
    } else if (branch.left > 0) {
      branch.left -= 1;
      yield { branch: branch.name, from: branch.tip, ...changeBranch(state, branch) };
      branch.tip = number;
    } else {
      yield { from: main, merge: branch.tip, ...close(state, branches, branch) };
      main = number;
    }
  }
}

/** The branch that a commit belongs to, if it is not one of the main branch. */
function branchToday({ next }, branches, main) {
  const draw = next(100);
  if (draw < startsBranch && branches.length < mostBranches) {
    const taken = new Set(branches.map(({ name }) => name));
    const name = Array.from({ length: mostBranches }, (_, at) => `topic-${at}`).find(
      (one) => !taken.has(one),
    );
    branches.push({ name, tip: main, left: 2 + next(6), own: new Map() });
  }
  return draw < isOnBranch ? branches[next(branches.length)] : undefined;
}

/** Takes what was made on a branch to the main one. */
function close(state, branches, branch) {
  branches.splice(branches.indexOf(branch), 1);
  for (const [path, lines] of branch.own) state.small.set(path, lines);
  return { files: [...branch.own].map(([path, lines]) => ({ path, lines })) };
}
