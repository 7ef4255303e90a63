/** Which repository a folder belongs to, as far as a walk must know: its ignore rules and tracked paths. */
import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { parseIgnore, type IgnoreLevel } from './gitignore.ts';
import { byteText, bytesOf, pathText } from './path-text.ts';
import { readSmall } from './read-small.ts';

interface Repository {
  /** The work tree. */
  readonly top: string;
  /** A file in the index, a submodule's folder, or a folder with one of these inside; asked lazily. */
  readonly isTracked: (path: string, isFolder: boolean) => boolean;
}

/** Where a folder stands in its repository. */
export interface Standing {
  readonly repository: Repository;
  /** Byte string from the top to the folder, with a slash at the end; empty at the top. */
  readonly path: string;
  /** The ignore files above the folder's own, .git/info/exclude outermost. */
  readonly levels: IgnoreLevel | undefined;
}

type TrackedIn = (top: string) => ReadonlySet<string>;

/** The repository whose work tree has its top in this folder, if git would see one there. */
export function repositoryAt(top: string, trackedIn: TrackedIn): Standing | undefined {
  const gitFolder = gitFolderOf(top);
  if (gitFolder === undefined) return undefined;
  const repository = { top, isTracked: lookUp(top, trackedIn) };
  const exclude = readSmall(`${commonFolderOf(gitFolder)}/info/exclude`, { follow: true });
  return { repository, path: '', levels: levelOf(exclude, '', undefined) };
}

/** The repository around a folder that is not itself a top. */
export function repositoryAbove(folder: string, trackedIn: TrackedIn): Standing | undefined {
  const real = realPath(folder);
  // A name that did not survive decoding cannot be compared with tracked paths: rather honour
  // no rule than leave out a tracked file.
  if (real === undefined || real.includes('\ufffd')) return undefined;
  for (let top = dirname(real), below = real; top !== below; below = top, top = dirname(top)) {
    const standing = repositoryAt(top, trackedIn);
    if (standing === undefined) continue;
    const names = relative(top, real).split(sep);
    return { ...standing, ...descendTo(names, top, standing.levels) };
  }
  return undefined;
}

/** `outer` with the rules of one ignore file in front; `path` is the folder's, slash at the end. */
export function levelOf(
  text: string | undefined,
  path: string,
  outer: IgnoreLevel | undefined,
): IgnoreLevel | undefined {
  if (text === undefined) return outer;
  const rules = parseIgnore(text);
  return rules.isEmpty ? outer : { rules, baseLength: path.length, outer };
}

function descendTo(
  names: readonly string[],
  top: string,
  exclude: IgnoreLevel | undefined,
): Pick<Standing, 'path' | 'levels'> {
  let levels = exclude;
  let path = '';
  let folder = top;
  for (const name of names) {
    levels = levelOf(readSmall(`${folder}/.gitignore`, { follow: false }), path, levels);
    path += `${byteText(name)}/`;
    folder += `/${name}`;
  }
  return { path, levels };
}

/** The folder that `.git` is or points to; undefined if git would not take it for a repository. */
function gitFolderOf(top: string): string | undefined {
  const dotGit = `${top}/.git`;
  const stat = statOf(dotGit, statSync);
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return isGitFolder(dotGit) ? dotGit : undefined;
  const pointer = readSmall(dotGit, { follow: true });
  if (pointer === undefined || !pointer.startsWith('gitdir: ')) return undefined;
  const target = resolve(top, textOf(pointer.slice('gitdir: '.length)));
  return isGitFolder(target) ? target : undefined;
}

function isGitFolder(folder: string): boolean {
  // HEAD may be a symbolic link to a branch that has no commit yet.
  if (statOf(`${folder}/HEAD`, lstatSync) === undefined) return false;
  const common = commonFolderOf(folder);
  return ['objects', 'refs'].every((name) => {
    return statOf(`${common}/${name}`, statSync)?.isDirectory() === true;
  });
}

/** What linked worktrees share: objects, refs and info/exclude stand there. */
function commonFolderOf(gitFolder: string): string {
  const pointer = readSmall(`${gitFolder}/commondir`, { follow: true });
  return pointer === undefined ? gitFolder : resolve(gitFolder, textOf(pointer));
}

function textOf(pointer: string): string {
  return bytesOf(pointer.replace(/[\r\n]+$/, '')).toString('utf8');
}

function lookUp(top: string, trackedIn: TrackedIn): Repository['isTracked'] {
  let files: ReadonlySet<string> | undefined;
  let folders: ReadonlySet<string> | undefined;
  return (path, isFolder) => {
    files ??= trackedIn(top);
    const shown = pathText(bytesOf(path));
    if (files.has(shown)) return true;
    if (!isFolder) return false;
    folders ??= foldersOf(files);
    return folders.has(shown);
  };
}

function foldersOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      // Its parents came in together with it.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

function statOf(
  path: string,
  stat: (path: string, options: { throwIfNoEntry: false }) => Stats | undefined,
): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
