/**
 * What a commit of the made monorepo changes. Each change returns what git is to be told. As in vue core and
 * sqlalchemy, most change some files, and a hundred lines or more.
 */
import { editLines } from './edit-lines.mjs';
import { pick, secretLine } from './make-secrets.mjs';
import { codeLines, extensions, sentence } from './make-text.mjs';
import { random } from './random.mjs';

const lockEntries = 1_000;
const changelogStart = 2_500;
const smallStart = 400;
const movedLines = 12;
const fewestLines = 20;
/** One secret in so many is written into the change log, and stays. */
const secretsPerLasting = 10;
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * @typedef {{ next: (below: number) => number, lock: string[][], changelog: string[],
 *   small: Map<string, string[]>, made: number, leaked?: string }} State
 *   What is on the main branch. `made`: small files so far. `leaked`: where the last secret stands.
 */

/** @returns {{ state: State, first: import('./import-history.mjs').Commit }} */
export function newState() {
  const next = random(20_260_202);
  const state = {
    next,
    lock: Array.from({ length: lockEntries }, () => lockEntry(next)),
    changelog: ['# Changes', '', '## Unreleased', '', ...times(changelogStart, () => entry(next))],
    small: new Map(),
    made: 0,
  };
  const files = times(smallStart, () => addFile(state));
  return { state, first: { files: [lockFile(state), changelogFile(state), ...files] } };
}

const changes = {
  lock(state) {
    const { next, lock } = state;
    for (let left = 1 + next(4); left > 0; left -= 1) lock[next(lock.length)] = lockEntry(next);
    return { files: [lockFile(state), ...editSome(state)] };
  },
  changelog(state) {
    writeChangelog(state, ...times(1 + state.next(4), () => entry(state.next)));
    return { files: [changelogFile(state), ...editSome(state)] };
  },
  edit: (state) => ({ files: editSome(state) }),
  add: (state) => ({ files: times(1 + state.next(3), () => addFile(state)) }),
  remove(state) {
    const path = anyPath(state);
    state.small.delete(path);
    return { removed: [path] };
  },
  rename(state) {
    const from = anyPath(state);
    const to = from.replace(/^packages\/[^/]+/, `packages/moved-${state.next(500)}`);
    if (state.small.has(to)) return changes.edit(state);
    state.small.set(to, linesOf(state, from));
    state.small.delete(from);
    return { renamed: [[from, to]] };
  },
  move(state) {
    const [from, to] = [anyPath(state), anyPath(state)];
    const source = linesOf(state, from);
    const block = source.splice(state.next(source.length), movedLines);
    if (source.length === 0) source.push('');
    const target = linesOf(state, to);
    target.splice(state.next(target.length), 0, ...block);
    return { files: [...new Set([from, to])].map((path) => file(state, path)) };
  },
};

/** Of a hundred commits of the main branch. */
const shares = { lock: 22, changelog: 18, edit: 43, add: 7, remove: 1, rename: 4, move: 5 };
const kinds = Object.entries(shares).flatMap(([kind, share]) => Array(share).fill(changes[kind]));

/** An ordinary commit of the main branch. @param {State} state */
export function changeMain(state) {
  return kinds[state.next(kinds.length)](state);
}

/** A commit of a branch: on its own copies, so that a merge can take them as they are. */
export function changeBranch(state, { own }) {
  const { next } = state;
  const paths = new Set(
    times(1 + next(4), () => (next(4) === 0 ? newPath(state) : anyPath(state))),
  );
  const files = [...paths].map((path) => {
    const lines = [...(own.get(path) ?? state.small.get(path) ?? newLines(next, path))];
    edit(next, path, lines);
    return { path, lines };
  });
  for (const { path, lines } of files) own.set(path, lines);
  return { files };
}

/** A secret comes, and the one before it goes; one in the change log stays. */
export function leak(state, index) {
  const line = secretLine(state.next, index);
  if (index % secretsPerLasting === 1) {
    writeChangelog(state, line);
    return { files: [changelogFile(state)] };
  }
  const removed = state.leaked === undefined ? [] : [state.leaked];
  state.leaked = `config/service-${index}.env`;
  return { removed, files: [{ path: state.leaked, lines: [`# ${sentence(state.next)}`, line] }] };
}

function lockFile({ lock }) {
  return { path: 'package-lock.json', lines: lock.flat() };
}

function lockEntry(next) {
  const version = `${next(20)}.${next(30)}.${next(20)}`;
  const name = sentence(next).split(' ', 2).join('-');
  return [
    `    "node_modules/${name}": {`,
    `      "version": "${version}",`,
    `      "integrity": "sha512-${pick(next, base64, 86)}==",`,
    '    },',
  ];
}

function changelogFile({ changelog }) {
  return { path: 'CHANGELOG.md', lines: changelog };
}

/** New entries come under the heading at the top. */
function writeChangelog({ changelog }, ...lines) {
  changelog.splice(4, 0, ...lines);
}

function entry(next) {
  return `- ${sentence(next)}, ${sentence(next)} (#${next(9_000)})`;
}

function addFile(state) {
  const path = newPath(state);
  state.small.set(path, newLines(state.next, path));
  return file(state, path);
}

function newPath(state) {
  const number = state.made;
  state.made += 1;
  const extension = extensions[number % extensions.length];
  return `packages/part-${number % 60}/lib/file-${number}.${extension}`;
}

function newLines(next, path) {
  return codeLines(next, extensionOf(path), 20 + next(160));
}

function editSome(state) {
  const paths = new Set(times(1 + state.next(4), () => anyPath(state)));
  for (const path of paths) edit(state.next, path, linesOf(state, path));
  return [...paths].map((path) => file(state, path));
}

function edit(next, path, lines) {
  editLines(next, lines, extensionOf(path), fewestLines);
}

function extensionOf(path) {
  return path.slice(path.lastIndexOf('.') + 1);
}

function anyPath({ small, next }) {
  const paths = [...small.keys()];
  return paths[next(paths.length)];
}

function file(state, path) {
  return { path, lines: linesOf(state, path) };
}

function linesOf({ small }, path) {
  return small.get(path);
}

function times(count, make) {
  return Array.from({ length: count }, make);
}
