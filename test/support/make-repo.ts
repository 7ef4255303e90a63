/** Real git repositories for tests, in temporary folders, with fixed people and dates: ids are stable. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addToTree, makeTree, type TreeNode } from './make-tree.ts';

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** The exit code is the caller's business. */
  readonly mayFail?: boolean;
}

export interface CommitOptions {
  /** Written into the work tree, after renames and removals, and added. */
  readonly files?: Readonly<Record<string, TreeNode>>;
  readonly remove?: readonly string[];
  readonly rename?: readonly (readonly [from: string, to: string])[];
  readonly message?: string;
  /** Committer date, seconds since 1970. Default: a minute after the one before. */
  readonly date?: number;
  /** Default: the committer's. */
  readonly authorDate?: number;
  /** `Name <address>` */
  readonly author?: string;
  readonly amend?: boolean;
}

export interface Repo {
  /** Absolute; where git is run. */
  readonly path: string;
  /** Standard output, without the last line break. Throws when git fails. */
  git(args: readonly string[], options?: GitOptions): string;
  write(files: Readonly<Record<string, TreeNode>>): void;
  /** Returns the commit's id. */
  commit(options?: CommitOptions): string;
  /** Checks out a new branch, from `start` or from here. */
  branch(name: string, start?: string): void;
  checkout(revision: string): void;
  /** A merge commit of these branches into the current one, with `files` changed in the merge itself. */
  merge(branches: readonly string[], options?: CommitOptions): string;
  tag(name: string, message: string, object?: string): string;
  note(commit: string, text: string): void;
  /** Untracked files too. Returns the stash commit's id. */
  stash(): string;
  /** The id that a revision names. */
  id(revision: string): string;
  /** Writes a blob that nothing holds. */
  blob(content: string | Uint8Array): string;
  /** As of the last commit made here. */
  readonly lastDate: () => string;
  removeObject(oid: string): void;
  corruptObject(oid: string): void;
  /** `git clone` of this repository through file://, so that --depth and --filter count. */
  clone(args?: readonly string[]): Repo;
  /** Everything into one pack. */
  pack(): void;
}

export interface RepoOptions {
  readonly bare?: boolean;
  readonly format?: 'sha1' | 'sha256';
}

const author = 'Ada Author <ada@example.org>';
const committer = 'Carl Committer <carl@example.org>';
/** 2024-01-01T00:00:00Z */
export const firstDate = 1_704_067_200;

export function makeRepo({ bare = false, format = 'sha1' }: RepoOptions = {}): Repo {
  const repo = repoAt(makeTree());
  const flags = [...(bare ? ['--bare'] : []), `--object-format=${format}`];
  repo.git(['init', '-q', '-b', 'main', ...flags]);
  return repo;
}

/** Handles a repository that is there already: a worktree, a submodule. */
export function repoAt(path: string): Repo {
  let clock = firstDate;
  let last = firstDate;
  const environment = (options: CommitOptions = {}): Record<string, string> => {
    last = options.date ?? (clock += 60);
    return {
      ...identity('AUTHOR', options.author ?? author, options.authorDate ?? last),
      ...identity('COMMITTER', committer, last),
    };
  };
  const run = (args: readonly string[], options: GitOptions = {}): string =>
    runGit(path, args, options);
  const repo: Repo = {
    path,
    git: (args, options = {}) =>
      run(args, { ...options, env: { ...dateless(last), ...options.env } }),
    write: (files) => addToTree(path, files),
    commit(options = {}) {
      for (const [from, to] of options.rename ?? []) run(['mv', from, to]);
      for (const name of options.remove ?? []) run(['rm', '-q', '-f', '--', name]);
      addToTree(path, options.files ?? {});
      run(['add', '-A']);
      const flags = ['-q', '--allow-empty', ...(options.amend ? ['--amend'] : [])];
      run(['commit', ...flags, '-m', options.message ?? 'change'], { env: environment(options) });
      return repo.id('HEAD');
    },
    branch: (name, start = 'HEAD') => void run(['checkout', '-q', '-b', name, start]),
    checkout: (revision) => void run(['checkout', '-q', revision]),
    merge(branches, options = {}) {
      // A conflict is left to `files`.
      run(['merge', '-q', '--no-ff', '--no-commit', ...branches], {
        env: dateless(last),
        mayFail: true,
      });
      return repo.commit({ message: `merge ${branches.join(' ')}`, ...options });
    },
    tag(name, message, object = 'HEAD') {
      run(['tag', '-a', '-m', message, name, object], { env: environment() });
      return repo.id(`refs/tags/${name}`);
    },
    note: (commit, text) => void run(['notes', 'add', '-m', text, commit], { env: environment() }),
    stash() {
      run(['stash', 'push', '-q', '--include-untracked'], { env: environment() });
      return repo.id('refs/stash');
    },
    id: (revision) => run(['rev-parse', '--verify', revision]),
    blob: (content) => run(['hash-object', '-w', '--stdin'], { input: content }),
    lastDate: () => new Date(last * 1000).toISOString().replace('.000Z', 'Z'),
    removeObject: (oid) => rmSync(objectFile(oid), { force: true }),
    corruptObject(oid) {
      const file = objectFile(oid);
      const bytes = readFileSync(file);
      chmodSync(file, 0o644);
      // The header still inflates; the content breaks off with nonsense.
      bytes.fill(0x5a, Math.floor(bytes.length / 2));
      writeFileSync(file, bytes);
    },
    clone(args = []) {
      const folder = join(makeTree(), 'clone');
      run(['-c', 'protocol.file.allow=always', 'clone', '-q', ...args, `file://${path}`, folder]);
      return repoAt(folder);
    },
    pack: () => void run(['repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50']),
  };
  const objectFile = (oid: string): string =>
    resolve(path, run(['rev-parse', '--git-path', `objects/${oid.slice(0, 2)}/${oid.slice(2)}`]));
  return repo;
}

/** What isolates git from whoever runs the tests. Also for starting the built command. */
export const isolation: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
  TZ: 'UTC',
};

function runGit(folder: string, args: readonly string[], options: GitOptions): string {
  const done = spawnSync('git', ['-c', 'gc.auto=0', '-c', 'advice.detachedHead=false', ...args], {
    cwd: folder,
    input: options.input ?? '',
    maxBuffer: 1 << 26,
    env: { ...isolation, ...options.env },
  });
  if (done.error) throw done.error;
  if (done.status !== 0 && options.mayFail !== true)
    throw new Error(`git ${args.join(' ')}: ${done.stderr.toString()}`);
  return done.stdout.toString().replace(/\n$/, '');
}

function identity(role: string, person: string, date: number): Record<string, string> {
  const [, name = '', address = ''] = /^(.*) <(.*)>$/.exec(person) ?? [];
  return {
    [`GIT_${role}_NAME`]: name,
    [`GIT_${role}_EMAIL`]: address,
    [`GIT_${role}_DATE`]: `${date} +0000`,
  };
}

/** For commands that commit on the side. */
function dateless(date: number): Record<string, string> {
  return { ...identity('AUTHOR', author, date), ...identity('COMMITTER', committer, date) };
}
