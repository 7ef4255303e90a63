/** Is what was given large enough for the gates to mean what they say? */
import { spawnSync } from 'node:child_process';

const fewestHistories = 2;
const fewestCommits = 20_000;
const fewestBytes = 100_000_000;

/**
 * One line for each way in which it is not.
 *
 * @param {readonly import('./material.mjs').Material[]} histories Those that were given, if any.
 * @param {import('./material.mjs').Material | undefined} tree The same.
 * @returns {string[]}
 */
export function shortcomings(histories, tree) {
  const isAlone = histories.length > 0 && histories.length < fewestHistories;
  return [
    ...(isAlone ? [`there is one history, of ${fewestHistories}`] : []),
    ...histories.flatMap(({ name, path }) =>
      short(name, countCommits(path), fewestCommits, 'commits'),
    ),
    ...(tree ? short(tree.name, countBytes(tree.path), fewestBytes, 'bytes') : []),
  ];
}

function short(name, count, fewest, what) {
  return count < fewest ? [`${name} has ${count} ${what}, of ${fewest}`] : [];
}

function countCommits(path) {
  const { stdout } = spawnSync('git', ['-C', path, 'rev-list', '--all', '--count']);
  return Number(stdout);
}

function countBytes(path) {
  const find = ['.', '-name', '.git', '-prune', '-o', '-type', 'f', '-printf', '%s\\n'];
  const { stdout } = spawnSync('find', find, { cwd: path, encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout.split('\n').reduce((sum, size) => sum + Number(size), 0);
}
