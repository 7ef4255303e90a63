/** Which repository a path means, and what kind it is. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { ObjectAccess } from '../../core/model/unit.ts';
import { UserError } from '../../core/model/user-error.ts';
import { findRepository, isOutside } from './direct/find-repository.ts';
import { withObjects } from './direct/object-reader.ts';
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
  const { gitDir, isBare, isShallow, format, ...known } =
    readAnswers(cwd, env) ?? askAtOnce(cwd, env) ?? askOneByOne(path, cwd, env);
  const top = isBare ? undefined : workTree(cwd, known.top);
  const place: GitPlace = {
    cwd,
    gitDir,
    env: top === undefined ? env : { ...env, GIT_WORK_TREE: top },
  };
  const head = 'head' in known ? known.head : headOf(place);
  return {
    gitDir,
    ...(top === undefined ? {} : { top }),
    isShallow,
    ...(head === undefined ? {} : { head }),
    idLength: format === 'sha256' ? 64 : 40,
    place,
  };
}

/** Bytes of an object id. */
export function idBytesOf({ idLength }: Pick<Repository, 'idLength'>): 20 | 32 {
  return idLength === 64 ? 32 : 20;
}

/** How the repository's objects are reached, here or in a worker. */
export function accessTo({ gitDir, place }: Pick<Repository, 'gitDir' | 'place'>): ObjectAccess {
  return { gitDir, env: place.env ?? {} };
}

interface Answers {
  readonly gitDir: string;
  readonly isBare: boolean;
  readonly isShallow: boolean;
  readonly format: string;
  /** What git calls the top; not yet believed. */
  readonly top: string | undefined;
  readonly head?: string | undefined;
}

/** What an ordinary repository says of itself; its HEAD must be there, else git decides what it is. */
function readAnswers(cwd: string, env: Readonly<Record<string, string>>): Answers | undefined {
  const found = findRepository(cwd, env);
  if (!found) return undefined;
  const { gitDir, head, top } = found;
  const isThere =
    head === undefined ||
    withObjects({ gitDir, env }, ({ read }) => read(head)?.type === 'commit') === true;
  const isBare = top === undefined;
  return isThere ? { ...found, isBare, isShallow: false, top, head } : undefined;
}

const headCommit = 'HEAD^{commit}';

const questions = [
  '--is-bare-repository',
  '--is-shallow-repository',
  '--show-object-format',
  '--absolute-git-dir',
];

/**
 * One process for all questions, as a hook waits for each of them. Undefined when one has no
 * answer or the answers cannot be told apart (a line break in a path). A bare repository has no
 * top: that comes last, as git stops there.
 */
function askAtOnce(cwd: string, env: GitPlace['env'] = {}): Answers | undefined {
  const args = ['rev-parse', ...questions, headCommit, '--show-toplevel'];
  const { code, stdout } = gitSync({ cwd, env }, args);
  const lines = withoutBreak(stdout).split('\n');
  const [isBare, isShallow, format = '', gitDir = '', head = '', top] = lines;
  const isAnswered = code === 0 ? lines.length === 6 : isBare === 'true' && lines.length === 5;
  if (!isAnswered) return undefined;
  const known = { isBare: isBare === 'true', isShallow: isShallow === 'true', format, gitDir, top };
  // What has no answer is repeated: HEAD is unborn.
  return { ...known, head: head === headCommit ? undefined : head };
}

function askOneByOne(path: string, cwd: string, env: GitPlace['env'] = {}): Answers {
  const found = gitSync({ cwd, env }, ['rev-parse', ...questions]);
  if (found.code !== 0) throw refusal(path, found.stderr);
  const [isBare, isShallow, format = '', ...rest] = withoutBreak(found.stdout).split('\n');
  const top = gitSync({ cwd, env }, ['rev-parse', '--show-toplevel']);
  return {
    isBare: isBare === 'true',
    isShallow: isShallow === 'true',
    format,
    gitDir: rest.join('\n'),
    top: top.code === 0 ? withoutBreak(top.stdout) : undefined,
  };
}

function headOf(place: GitPlace): string | undefined {
  const head = gitSync(place, ['rev-parse', '--verify', '--quiet', headCommit]);
  return head.code === 0 ? withoutBreak(head.stdout) : undefined;
}

function withoutBreak(line: Buffer): string {
  return line.toString().replace(/\n$/, '');
}

/** The repository around a path, or undefined when there is none (or git refuses it). */
export function repositoryAround(path: string): Repository | undefined {
  // git, asked twice, would be waited for by whoever scans a folder that is in none.
  if (isOutside(path)) return undefined;
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
function workTree(cwd: string, top: string | undefined): string | undefined {
  if (top !== undefined && isInside(realpathSync(cwd), top)) return top;
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
