/**
 * git as the person has it, with their settings and the repository's: where hooks are is a question of
 * both. Only for `hook install`, `uninstall` and `doctor`, which a person calls in a repository of
 * their own; a scan never asks so.
 */
import { spawnSync } from 'node:child_process';
import { UserError } from '../core/model/user-error.ts';
import { findGit } from '../sources/git/find-git.ts';

export interface OwnResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams as they came, for people. */
  readonly said: string;
}

export interface OwnOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export function ownGit(args: readonly string[], { cwd, env, timeoutMs }: OwnOptions): OwnResult {
  const done = spawnSync(findGit(env['PATH']), [...args], {
    cwd,
    env: withoutPlaces(env),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  if (done.error && done.status === null && done.signal === null) throw done.error;
  return { code: done.status ?? 128, stdout: done.stdout, said: done.stdout + done.stderr };
}

/** The answer's only line. Throws UserError with what git said. */
export function ask(args: readonly string[], options: OwnOptions): string {
  const { code, stdout, said } = ownGit(args, options);
  if (code !== 0) throw new UserError(`git ${args[0]}: ${said.trim().split('\n')[0]}`);
  return stdout.replace(/\r?\n$/, '');
}

/** Called from a hook or an alias, git's variables would name another repository. */
function withoutPlaces(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const places =
    /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH)$/;
  const kept = Object.entries(env).filter(([name]) => !places.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
