/** Which file git runs for a hook here: core.hooksPath, worktrees, submodules and husky considered. */
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ask, ownGit, type OwnOptions } from './own-git.ts';
import type { HookName } from './names.ts';

export interface HookFolder {
  /** Absolute. */
  readonly path: string;
  /** Top of the work tree; of a bare repository the folder itself. */
  readonly top: string;
  readonly isBare: boolean;
  /** Its files are in the work tree: others may get them too. */
  readonly isShared: boolean;
  /** husky's own scripts lie here; each runs the file of its name one folder up. */
  readonly isHusky: boolean;
}

/** Throws UserError where there is no repository. */
export function hookFolder(options: OwnOptions): HookFolder {
  const isBare = ask(['rev-parse', '--is-bare-repository'], options) === 'true';
  const asked = isBare ? '--absolute-git-dir' : '--show-toplevel';
  const top = ask(['rev-parse', asked], options);
  // A relative core.hooksPath counts from where git starts hooks.
  const path = resolve(top, ask(['rev-parse', '--git-path', 'hooks'], { ...options, cwd: top }));
  const gitDir = ask(['rev-parse', '--absolute-git-dir'], { ...options, cwd: top });
  const common = resolve(top, ask(['rev-parse', '--git-common-dir'], { ...options, cwd: top }));
  const isInside = (folder: string): boolean => `${path}${sep}`.startsWith(`${folder}${sep}`);
  return {
    path,
    top,
    isBare,
    isShared: !isBare && isInside(top) && !isInside(gitDir) && !isInside(common),
    isHusky: path.endsWith(join('.husky', '_')) && existsSync(join(path, 'h')),
  };
}

/** The file that a person would edit. */
export function hookFile({ path, isHusky }: HookFolder, name: HookName): string {
  return join(isHusky ? dirname(path) : path, name);
}

/** The folder of the person's own hooks for all repositories, if they have one. */
export function globalFolder(options: OwnOptions): string | undefined {
  const found = ownGit(['config', '--global', '--type=path', '--get', 'core.hooksPath'], options);
  return found.code === 0 ? found.stdout.replace(/\n$/, '') : undefined;
}

export type Existing =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly text: string; readonly mode: number }
  | { readonly kind: 'other'; readonly what: string };

/** Bytes as Latin-1 characters, so that they come back as they were. */
export function readHook(file: string): Existing {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return { kind: 'none' };
  if (stats.isSymbolicLink()) return { kind: 'other', what: 'a symbolic link' };
  if (!stats.isFile()) return { kind: 'other', what: 'no file' };
  return { kind: 'file', text: readFileSync(file, 'latin1'), mode: stats.mode & 0o7777 };
}
