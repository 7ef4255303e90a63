/** Repositories with real hooks, run by real git; what a person's git would say and do. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTree } from '../../support/make-tree.ts';
import { isolation, makeRepo, type Repo } from '../../support/make-repo.ts';
import { robotomailKey } from '../../support/sample.ts';
import { command } from '../../support/scan.ts';

export interface Ran {
  readonly code: number;
  /** Both streams. */
  readonly said: string;
}

export interface Hooked {
  readonly path: string;
  readonly repo: Repo;
  /** The environment of a person with a home of their own. */
  readonly env: Readonly<Record<string, string>>;
  keywarden(...args: string[]): Ran;
  /** git as a person calls it, in this repository or in another folder. */
  git(args: readonly string[], options?: RunOptions): Ran;
  /** Writes a hook where git looks for it, executable. */
  hook(name: string, text: string): string;
  read(file: string): string;
  /** Stages a new key in a file. */
  stageKey(file?: string, seed?: string): string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function hooked(): Hooked {
  const repo = makeRepo();
  repo.commit({ files: { 'a.txt': 'one\n' } });
  return around(repo, makeTree());
}

/** The same in a repository that is there already. */
export function around(repo: Repo, home: string): Hooked {
  const env = personAt(home);
  const run = (program: string, args: readonly string[], options: RunOptions = {}): Ran => {
    const { cwd = repo.path } = options;
    const done = spawnSync(program, [...args], {
      cwd,
      env: { ...env, ...options.env },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { code: done.status ?? -1, said: done.stdout + done.stderr };
  };
  return {
    path: repo.path,
    repo,
    env,
    keywarden: (...args) => run(process.execPath, [command, ...args]),
    git: (args, options) => run('git', args, options),
    hook(name, text) {
      const file = join(repo.path, '.git/hooks', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, 0o755);
      return file;
    },
    read: (file) => readFileSync(join(repo.path, file), 'utf8'),
    stageKey(file = 'leak.env', seed = file) {
      const key = robotomailKey(seed);
      repo.write({ [file]: `ROBOTOMAIL_API_KEY=${key}\n` });
      repo.git(['add', '-f', '--', file]);
      return key;
    },
  };
}

export function personAt(home: string): Record<string, string> {
  const config = join(home, 'gitconfig');
  if (!existsSync(config)) {
    writeFileSync(
      config,
      '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n',
    );
  }
  return {
    ...isolation,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_GLOBAL: config,
  };
}

export const blockedCommit = 'keywarden: this commit would leak 1 key, so it was not made.';
