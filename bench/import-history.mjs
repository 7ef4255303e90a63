/** Commits → a packed repository, through git fast-import. Knows no shape of a history. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @typedef {{ path: string, lines: readonly string[] }} File
 * @typedef {{ branch?: string, from?: number | string, merge?: number, files?: readonly File[],
 *   removed?: readonly string[], renamed?: readonly (readonly [string, string])[] }} Commit
 *   `from`, `merge`: numbers of earlier commits, the first is 1; or an id that is there already.
 */

const firstDate = 1_500_000_000;
const secondsBetween = 600;

/**
 * Writes the commits into a bare repository at `folder` (made new) and packs it as a server would.
 *
 * @param {string} folder
 * @param {Iterable<Commit>} commits
 */
export async function importHistory(folder, commits) {
  newRepository(folder);
  // What is packed anew in the end need not be packed well before.
  await fastImport(folder, commandsOfAll(commits), ['-c', 'core.compression=0'], ['--depth=0']);
  runGit(['-C', folder, 'repack', '-adFq', '--window=10', '--depth=50']);
}

/** Adds commits to a repository, as a fetch would: in a pack of their own, or loose when they are few. */
export function addCommits(folder, commits) {
  return fastImport(folder, commandsOfAll(commits));
}

/** Writes a bare repository at `folder` (made new) whose one commit has these files. */
export function importBlobs(folder, blobs) {
  newRepository(folder);
  return fastImport(folder, commandsOfBlobs(blobs), ['-c', 'fastimport.unpackLimit=0']);
}

function newRepository(folder) {
  mkdirSync(folder, { recursive: true });
  runGit(['init', '-q', '-b', 'main', '--bare', folder]);
}

async function fastImport(folder, commands, settings = [], flags = []) {
  const args = ['-C', folder, ...settings, 'fast-import', '--quiet', '--force', ...flags];
  const child = spawn('git', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const closed = once(child, 'close');
  await pipeline(Readable.from(commands, { objectMode: true }), child.stdin);
  const [status] = await closed;
  if (status !== 0) throw new Error(`git fast-import: exit ${status}`);
}

function* commandsOfAll(commits) {
  let number = 0;
  for (const commit of commits) {
    number += 1;
    yield* commandsOf(commit, number);
  }
}

/** One commit in the language of fast-import. */
function* commandsOf({ branch = 'main', from, merge, files, removed, renamed }, number) {
  yield head(branch, number);
  if (from !== undefined) yield `from ${named(from)}\n`;
  if (merge !== undefined) yield `merge ${named(merge)}\n`;
  for (const [old, path] of renamed ?? []) yield `R ${old} ${path}\n`;
  for (const path of removed ?? []) yield `D ${path}\n`;
  for (const { path, lines } of files ?? []) {
    yield* fileOf(path, Buffer.from(`${lines.join('\n')}\n`));
  }
}

function* commandsOfBlobs(blobs) {
  yield head('main', 1);
  let number = 0;
  for (const blob of blobs) {
    number += 1;
    yield* fileOf(`blob-${number}.txt`, blob);
  }
}

function head(branch, number) {
  const message = `change ${number}\n`;
  const author = `Author ${number % 23} <author-${number % 23}@localhost>`;
  const date = firstDate + number * secondsBetween;
  return `commit refs/heads/${branch}\nmark :${number}\ncommitter ${author} ${date} +0000\ndata ${message.length}\n${message}`;
}

function* fileOf(path, content) {
  yield `M 100644 inline ${path}\ndata ${content.length}\n`;
  yield content;
  yield '\n';
}

function named(commit) {
  return typeof commit === 'number' ? `:${commit}` : commit;
}

function runGit(args) {
  const { status, stderr } = spawnSync('git', args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
