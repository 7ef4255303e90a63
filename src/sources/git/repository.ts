/** Which repository a path means, and what kind it is. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { UserError } from '../../core/model/user-error.ts';
import { firstLine, gitSync, placeEnvironment, type GitPlace } from './git.ts';

export interface Repository {
  /** Absolute; of this work tree when there are several. */
  readonly gitDir: string;
  /** Top of the work tree; absent in a bare repository. */
  readonly top?: string;
  readonly isShallow: boolean;
  /** Commit id of HEAD; absent while it is unborn. */
  readonly head?: string;
  /** Length of an object id in hexadecimal digits. */
  readonly idLength: 40 | 64;
  readonly place: GitPlace;
}

/**
 * Throws UserError when `path` is in no repository or git refuses it. With `asHook`, GIT_DIR,
 * GIT_INDEX_FILE and the like count: that is how git tells a hook what it is about to commit.
 */
export function openRepository(path: string, asHook = false): Repository {
  const cwd = resolve(path);
  const stats = statSync(cwd, { throwIfNoEntry: false });
  if (!stats) throw new UserError(`${path}: no such file or folder`);
  if (!stats.isDirectory()) {
    throw new UserError(`${path}: is no folder; name the folder of a repository`);
  }
  const env = asHook ? absolute(placeEnvironment(process.env)) : {};
  const found = gitSync({ cwd, env }, [
    'rev-parse',
    '--absolute-git-dir',
    '--is-bare-repository',
    '--is-shallow-repository',
    '--show-object-format',
    '--is-inside-work-tree',
  ]);
  if (found.code !== 0) throw refusal(path, found.stderr);
  const [gitDir = '', isBare, isShallow, format] = found.stdout.toString().split('\n');
  const top = isBare === 'true' ? undefined : workTree(cwd, env);
  const place: GitPlace = {
    cwd,
    gitDir,
    env: top === undefined ? env : { ...env, GIT_WORK_TREE: top },
  };
  const head = gitSync(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return {
    gitDir,
    ...(top === undefined ? {} : { top }),
    isShallow: isShallow === 'true',
    ...(head.code === 0 ? { head: head.stdout.toString().trim() } : {}),
    idLength: format === 'sha256' ? 64 : 40,
    place,
  };
}

/** The repository around a path, or undefined when there is none (or git refuses it). */
export function repositoryAround(path: string): Repository | undefined {
  try {
    return openRepository(path);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Commits at which a shallow clone ends. */
export function shallowEnds({ isShallow, place }: Repository): string[] {
  if (!isShallow) return [];
  const path = gitSync(place, ['rev-parse', '--git-path', 'shallow']).stdout.toString().trim();
  return readFileSync(resolve(place.cwd ?? '.', path), 'latin1')
    .split('\n')
    .filter(Boolean);
}

/**
 * Top of the work tree that `cwd` is in. A repository's own core.worktree can name any folder of
 * the machine: one that `cwd` is not in is not believed.
 */
function workTree(cwd: string, env: Readonly<Record<string, string>>): string | undefined {
  const found = gitSync({ cwd, env }, ['rev-parse', '--show-toplevel']);
  const top = found.stdout.toString().replace(/\n$/, '');
  if (found.code === 0 && isInside(realpathSync(cwd), top)) return top;
  for (let folder = cwd; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return undefined;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Hooks get paths relative to where they start, which is where we are. */
function absolute(env: Record<string, string>): Record<string, string> {
  const isList = (name: string): boolean => name === 'GIT_ALTERNATE_OBJECT_DIRECTORIES';
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isList(name) ? value : resolve(value)]),
  );
}

function refusal(path: string, stderr: string): UserError {
  if (stderr.includes('dubious ownership')) {
    return new UserError(
      `${path}: git refuses this repository because another user owns it; if you trust it: git config --global --add safe.directory ${resolve(path)}`,
    );
  }
  if (stderr.includes('not a git repository')) {
    return new UserError(
      `${path}: not a git repository; scan it as files (without --history, --staged or --range)`,
    );
  }
  return new UserError(`${path}: git cannot open this repository: ${firstLine(stderr)}`);
}
