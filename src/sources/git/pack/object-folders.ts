/** Where a repository's objects are: its own folder and all that it borrows from. */
import { isUtf8 } from 'node:buffer';
import { realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Problem } from '../../../core/model/problem.ts';
import { bytesOf } from '../../files/path-text.ts';
import type { Repository } from '../repository.ts';
import { parseAlternates } from './alternates-list.ts';
import { errorCode, withFile } from './open-file.ts';
import { PackError } from './pack-error.ts';

export interface ObjectFolders {
  /** Absolute and without symbolic links, each once; the repository's own comes first. */
  readonly folders: readonly string[];
  /** Folders that are borrowed from and cannot be. */
  readonly problems: readonly Problem[];
}

/** Throws PackError when a list of borrowed folders cannot be read or has a path that is not UTF-8. */
export function objectFolders(repository: Place): ObjectFolders {
  const { place, top } = repository;
  const env = place.env ?? {};
  // Where git runs, which is what it takes relative paths to be relative to.
  const base = top ?? place.cwd ?? '.';
  const own = env['GIT_OBJECT_DIRECTORY'] ?? join(commonFolder(repository, env, base), 'objects');
  const found: Found = { folders: new Set(), problems: [] };
  const folder = addFolder(found, resolve(base, own), 'is the folder of all objects');
  const fromEnvironment = env['GIT_ALTERNATE_OBJECT_DIRECTORIES'];
  if (fromEnvironment !== undefined) {
    const paths = parseAlternates(Buffer.from(fromEnvironment).toString('latin1'), delimiter);
    addAll(found, paths, base, 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 0);
  }
  if (folder !== undefined) addAlternates(found, folder, 0);
  return { folders: [...found.folders], problems: found.problems };
}

type Place = Pick<Repository, 'gitDir' | 'place' | 'top'>;

interface Found {
  readonly folders: Set<string>;
  readonly problems: Problem[];
}

/** Files that only name paths are small. */
const mostBytes = 1 << 20;

/** git goes no deeper. */
const deepest = 5;

/** A linked work tree has a .git folder of its own and the objects in the main one. */
function commonFolder(
  { gitDir }: Place,
  env: Readonly<Record<string, string>>,
  base: string,
): string {
  const named = env['GIT_COMMON_DIR'];
  if (named !== undefined) return resolve(base, named);
  const text = readText(join(gitDir, 'commondir'));
  return text === undefined ? gitDir : resolve(gitDir, pathOf(gitDir, text.replace(/\s+$/, '')));
}

/** The folder's real path; undefined when it was there already or cannot be looked into. */
function addFolder({ folders, problems }: Found, path: string, role: string): string | undefined {
  try {
    const real = realpathSync(path);
    if (folders.has(real)) return undefined;
    if (statSync(real).isDirectory()) {
      folders.add(real);
      return real;
    }
    problems.push(unreadable(path, `${role} but no folder`));
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    problems.push(unreadable(path, `${role} and cannot be read (${code})`));
  }
  return undefined;
}

function addAlternates(found: Found, folder: string, depth: number): void {
  const file = join(folder, 'info/alternates');
  const text = readText(file);
  if (text === undefined || text === '') return;
  if (depth > deepest) {
    found.problems.push(
      unreadable(file, 'borrows objects too many steps away; git stops here too'),
    );
    return;
  }
  addAll(found, parseAlternates(text, '\n'), folder, file, depth);
}

function addAll(
  found: Found,
  paths: readonly string[],
  base: string,
  source: string,
  depth: number,
): void {
  for (const path of paths) {
    const absolute = resolve(base, pathOf(source, path));
    const folder = addFolder(found, absolute, `has objects by ${source}`);
    if (folder !== undefined) addAlternates(found, folder, depth + 1);
  }
}

/** The text of a byte string. */
function pathOf(source: string, bytes: string): string {
  const path = bytesOf(bytes);
  if (!isUtf8(path)) throw new PackError(source, 'names a path that is not UTF-8');
  return path.toString();
}

/** As a byte string. Undefined when there is no such file. */
function readText(path: string): string | undefined {
  try {
    return withFile(path, (file) => {
      if (file.bytes > mostBytes) throw new PackError(path, 'is larger than any list of paths');
      return file.read(0, file.bytes).toString('latin1');
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function unreadable(where: string, message: string): Problem {
  return { kind: 'unreadable-folder', where, message };
}
