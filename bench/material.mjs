/** What is scanned: given by flags, or made once and kept in the temporary folder for later runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { makeModules } from './make-modules.mjs';
import { makeMonorepo } from './make-monorepo.mjs';
import { makeLargeBlob, makeLargePack } from './make-packs.mjs';
import { makeTree } from './make-tree.mjs';

/** Made anew when this or a generator's source changes. */
const version = 1;
const commits = 20_000;
const treeBytes = 110_000_000;
const packBytes = 300_000_000;
const largeBlobBytes = 1 << 30;

/** @typedef {{ name: string, path: string }} Material */

/** The repositories to measure. @param {readonly string[]} given @returns {Promise<Material[]>} */
export async function histories(given) {
  if (given.length > 0) return given.map(named);
  return [
    { name: 'modules', path: await kept('modules.git', (path) => makeModules(path, commits)) },
    { name: 'monorepo', path: await kept('monorepo.git', (path) => makeMonorepo(path, commits)) },
  ];
}

/** The folder to measure. @param {string | undefined} given @returns {Promise<Material>} */
export async function tree(given) {
  if (given !== undefined) return named(given);
  return { name: 'tree', path: await kept('tree', (path) => makeTree(path, treeBytes)) };
}

/** Repositories that are hard on memory. @returns {Promise<Material[]>} */
export async function large() {
  const pack = await kept('pack.git', (path) => makeLargePack(path, packBytes));
  const blob = await kept('blob.git', (path) => makeLargeBlob(path, largeBlobBytes));
  return [
    { name: '300 MB pack', path: pack },
    { name: '1 GB blob', path: blob },
  ];
}

/** Called by the last two parts of its path: many a repository is in a folder called `repo`. */
function named(given) {
  const path = resolve(given);
  return { name: join(basename(dirname(path)), basename(path)), path };
}

/**
 * The path that `make` writes to, when it is not there from an earlier run.
 *
 * @param {string} name
 * @param {(path: string) => unknown} make
 */
async function kept(name, make) {
  const folder = join(tmpdir(), `keywarden-bench-${version}-${generatorHash()}`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  console.error(`making ${path}`);
  // It takes its name when it is whole: a run that was broken off leaves nothing half made.
  const half = `${path}.${process.pid}`;
  try {
    await make(half);
    renameSync(half, path);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return path;
}

/** All that has a say in what is made. */
const sources = /^(make-.*|edit-lines|import-history|material|monorepo-changes|random)\.mjs$/;

function generatorHash() {
  const hash = createHash('sha256');
  for (const name of readdirSync(import.meta.dirname).sort()) {
    if (sources.test(name)) hash.update(readFileSync(join(import.meta.dirname, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
