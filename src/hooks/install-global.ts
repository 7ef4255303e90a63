/** Our hooks for all repositories of a person: a folder that git is told of, which passes on to each repository's own hooks. */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/model/user-error.ts';
import { globalFolder } from './hook-place.ts';
import { newHook, passingHook, type Program } from './hook-text.ts';
import { installHook, uninstallHook, writeHook, type Outcome } from './install.ts';
import type { HookName } from './names.ts';
import { ask, type OwnOptions } from './own-git.ts';

/**
 * What git calls on the person's side. With core.hooksPath it looks at no repository's own hooks
 * any more, so each of these is there and passes on.
 * @see https://git-scm.com/docs/githooks (read 2026-11-26)
 */
const passedOn = [
  'applypatch-msg',
  'commit-msg',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'prepare-commit-msg',
  'push-to-checkout',
  'reference-transaction',
  'sendemail-validate',
];

export function ownGlobalFolder(env: NodeJS.ProcessEnv): string {
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '', '.config');
  return join(config, 'keywarden', 'hooks');
}

export function installGlobal(
  names: readonly HookName[],
  program: Program,
  options: OwnOptions,
): readonly Outcome[] {
  if (names.includes('pre-receive'))
    throw new UserError('--global: a pre-receive hook belongs into a repository of the server');
  const own = ownGlobalFolder(options.env);
  const known = globalFolder(options);
  if (known !== undefined && known !== own) {
    const folder = { path: known, top: known, isBare: false, isShared: false, isHusky: false };
    return names.map((name) => installHook(folder, name, program));
  }
  mkdirSync(own, { recursive: true });
  for (const name of passedOn) {
    const isOurs = names.find((one) => one === name);
    if (isOurs === undefined && existsSync(join(own, name))) continue;
    const text = isOurs ? newHook(isOurs, program, { chain: true }) : passingHook(name);
    writeHook(join(own, name), text, 0o755);
  }
  ask(['config', '--global', 'core.hooksPath', own], options);
  return names.map((name) => ({
    done: `${join(own, name)}: installed for all repositories without a core.hooksPath of their own`,
  }));
}

export function uninstallGlobal(options: OwnOptions): readonly string[] {
  const own = ownGlobalFolder(options.env);
  const known = globalFolder(options);
  if (known === undefined || !existsSync(known)) return [];
  const done = readdirSync(known).flatMap((name) => uninstallHook(join(known, name)) ?? []);
  if (known === own) {
    ask(['config', '--global', '--unset', 'core.hooksPath'], options);
    if (readdirSync(own).length === 0) rmdirSync(own);
  }
  return done;
}
