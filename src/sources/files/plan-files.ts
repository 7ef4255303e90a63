/** Paths given by name → units of files, by our own synchronous walk. */
import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Problem } from '../../core/model/problem.ts';
import type { FileEntry, Unit } from '../../core/model/unit.ts';
import { UserError } from '../../core/model/user-error.ts';
import { repositoryAround, type Repository } from '../git/repository.ts';
import { listTracked } from '../git/tracked.ts';
import { imageFileOf } from './image-folder.ts';
import { walk } from './walk.ts';

export interface FilesOptions {
  readonly cwd: string;
  readonly gitignore: boolean;
  readonly maxFileBytes?: number;
  /** Asked with the path as it is shown. */
  readonly accepts?: (path: string) => boolean;
  readonly signal?: AbortSignal;
}

const unitBytes = 4 << 20;
const unitFiles = 512;

/** Throws UserError for a path that is not there, before anything is read. */
export function planFiles(
  paths: readonly string[],
  options: FilesOptions,
): Iterable<Unit | Problem> {
  const roots = paths.map((path) => resolveRoot(path, paths.length, options));
  return batches(entries(roots, options), options);
}

interface Root {
  /** As typed. */
  readonly path: string;
  /** Links in it resolved: a link given by name is meant. */
  readonly absolute: string;
  readonly stats: Stats;
  /** What is put before shown paths. */
  readonly base: string;
  readonly repository: Repository | undefined;
}

function resolveRoot(path: string, count: number, { cwd }: FilesOptions): Root {
  const absolute = resolve(cwd, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (!stats) {
    const isBroken = lstatSync(absolute, { throwIfNoEntry: false }) !== undefined;
    throw new UserError(`${path}: ${isBroken ? 'a link to nothing' : 'no such file or folder'}`);
  }
  const real = realpathSync(absolute);
  const folder = stats.isDirectory() ? real : dirname(real);
  const repository = repositoryAround(folder);
  if (repository && isGitFolder(real, repository)) {
    throw new UserError(
      `${path}: is git's own folder; scan what it holds with: keywarden scan --history ${path}`,
    );
  }
  return {
    path,
    absolute: real,
    stats,
    base: shownBase(real, stats, count, cwd, repository),
    repository,
  };
}

function isGitFolder(path: string, { gitDir, top }: Repository): boolean {
  const real = realpathSync(gitDir);
  return top === undefined ? path === real : path === real || path.startsWith(`${real}${sep}`);
}

/** Paths are shown, and findings identified, from the top of the repository if there is one. */
function shownBase(
  real: string,
  stats: Stats,
  count: number,
  cwd: string,
  repository: Repository | undefined,
): string {
  const from = repository?.top === undefined ? realpathSync(cwd) : realpathSync(repository.top);
  const inside = relative(from, real);
  if (!inside.startsWith('..') && resolve(inside) !== inside) return inside.split(sep).join('/');
  return stats.isDirectory() && count === 1 ? '' : basename(real);
}

function* entries(roots: readonly Root[], options: FilesOptions): Generator<FileEntry | Problem> {
  const problems: Problem[] = [];
  const trackedIn = (top: string): ReadonlySet<string> => {
    const listed = listTracked(top);
    if (listed.problem) problems.push(listed.problem);
    return listed.paths;
  };
  for (const { absolute, stats, base, repository } of roots) {
    if (stats.isDirectory()) {
      const { gitignore, accepts, signal } = options;
      yield* walk(absolute, base, {
        gitignore,
        trackedIn,
        ...(accepts ? { accepts } : {}),
        ...(signal ? { signal } : {}),
      });
    } else if (stats.isFile()) {
      yield { path: base, open: absolute, bytes: stats.size };
    } else {
      yield { kind: 'special-file', where: base, message: 'no regular file' };
    }
    if (repository?.top !== undefined) yield* missingSubmodules(repository, absolute, stats);
  }
  yield* problems;
}

/** Submodules under the root whose content is not here. */
function* missingSubmodules(
  { top = '' }: Repository,
  root: string,
  stats: Stats,
): Generator<Problem> {
  if (!stats.isDirectory()) return;
  if (!lstatSync(join(top, '.gitmodules'), { throwIfNoEntry: false })) return;
  for (const path of listTracked(top).submodules) {
    const folder = join(top, path);
    const isUnder =
      folder === root || folder.startsWith(`${root}${sep}`) || root === realpathSync(top);
    if (!isUnder || lstatSync(join(folder, '.git'), { throwIfNoEntry: false })) continue;
    yield {
      kind: 'submodule-not-initialised',
      where: path,
      message: 'its content is not here; get it with: git submodule update --init',
    };
  }
}

function* batches(
  found: Iterable<FileEntry | Problem>,
  { maxFileBytes = Infinity }: FilesOptions,
): Generator<Unit | Problem> {
  let files: FileEntry[] = [];
  let bytes = 0;
  let image: string | undefined;
  for (const one of found) {
    if ('where' in one) {
      yield one;
    } else if (one.bytes > maxFileBytes) {
      yield {
        kind: 'over-size-limit',
        where: one.path,
        message: `${one.bytes} bytes, limit ${maxFileBytes}`,
      };
    } else {
      // What a layer of an image takes away is told by all of them together.
      const root = imageFileOf(one)?.root;
      if (root !== image && files.length > 0) {
        yield { kind: 'files', files, bytes };
        files = [];
        bytes = 0;
      }
      image = root;
      files.push(one);
      bytes += one.bytes;
      if (image !== undefined || (bytes < unitBytes && files.length < unitFiles)) continue;
      yield { kind: 'files', files, bytes };
      files = [];
      bytes = 0;
    }
  }
  if (files.length > 0) yield { kind: 'files', files, bytes };
}
