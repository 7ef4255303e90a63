/**
 * A folder → its files, everything synchronous: measured, asynchronous reading of folders is six
 * times slower. Reads no file but git's ignore files; knows no units and no rules.
 */
import { lstatSync, type Stats } from 'node:fs';
import type { Problem, ProblemKind } from '../../core/model/problem.ts';
import type { FileEntry } from '../../core/model/unit.ts';
import {
  bytesOfName,
  compact,
  folderIn,
  openPath,
  rootFolder,
  shownFolder,
  shownPath,
  type Folder,
} from './folder.ts';
import { isIgnored } from './gitignore.ts';
import { listFolder, type Entry } from './list-folder.ts';
import { readSmall } from './read-small.ts';
import { levelOf, repositoryAbove, repositoryAt, type Standing } from './repository.ts';

export interface WalkOptions {
  /** Honour .gitignore and .git/info/exclude inside repositories. */
  readonly gitignore: boolean;
  /**
   * Tracked paths of the repository whose work tree is `top`: relative to it, as `pathText` shows
   * them, submodules as the path of their folder. Asked once per repository, and only when
   * something in it is ignored. An empty answer hides tracked files, so failing is the caller's to report.
   */
  readonly trackedIn: (top: string) => ReadonlySet<string>;
  /** False leaves a file out (`excluded`). Given the path that the entry would have. */
  readonly accepts?: (path: string) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Files and links under `root` (absolute), depth first, by the bytes of their names; what is left
 * out comes as a problem in its place. `base` is put before every path shown. Links are told,
 * never followed. Ignored folders are shown with a slash at the end.
 */
export function* walk(
  root: string,
  base: string,
  options: WalkOptions,
): Generator<FileEntry | Problem> {
  const prefix = base === '' || base.endsWith('/') ? base : `${base}/`;
  const first = openFolder(placeOfRoot(root, prefix, options), options);
  if ('kind' in first) {
    yield first;
    return;
  }
  // Not recursive: a tree can be deeper than the call stack.
  const open = [first];
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    if (options.signal?.aborted === true) {
      yield problem(
        'interrupted',
        base === '' ? '.' : base,
        'stopped before everything was listed',
      );
      return;
    }
    const entry = folder.entries[folder.next++];
    if (entry === undefined) {
      open.pop();
    } else if (entry.name === '.git') {
      yield problem(
        'git-folder',
        shownPath(folder.place, entry),
        'git data are not walked as files',
      );
    } else if (entry.kind === 'folder') {
      const below = enter(folder.place, entry, options);
      if ('kind' in below) yield below;
      else open.push(below);
    } else {
      yield look(folder.place, entry, options);
    }
  }
}

/** A folder and what git's rules say of it. */
interface Place extends Folder {
  readonly standing: Standing | undefined;
  /** Inside an ignored folder: only what is tracked is seen. */
  readonly isIgnored: boolean;
}

interface OpenFolder {
  readonly place: Place;
  readonly entries: readonly Entry[];
  next: number;
}

function placeOfRoot(root: string, prefix: string, options: WalkOptions): Place {
  const standing = options.gitignore ? repositoryAbove(root, options.trackedIn) : undefined;
  return { ...rootFolder(root, prefix), standing, isIgnored: false };
}

function enter(parent: Place, entry: Entry, options: WalkOptions): OpenFolder | Problem {
  const fate = fateOf(parent, entry);
  if (fate === 'left-out') return ignored(`${shownPath(parent, entry)}/`);
  const standing = parent.standing && {
    ...parent.standing,
    path: `${parent.standing.path}${bytesOfName(entry)}/`,
  };
  const isIgnored = fate === 'tracked';
  return openFolder({ ...folderIn(parent, entry), standing, isIgnored }, options);
}

function openFolder(place: Place, options: WalkOptions): OpenFolder | Problem {
  let entries: readonly Entry[];
  try {
    entries = listFolder(place.open);
  } catch (error) {
    return unreadable('unreadable-folder', shownFolder(place), error);
  }
  // A folder that is only dressed up as a repository hides nothing: what git tracks is walked.
  if (isBareRepository(entries) && !isTracked(place)) {
    return problem('git-folder', shownFolder(place), 'a bare repository is not walked as files');
  }
  const inside = options.gitignore ? withOwnRules(place, entries, options) : place;
  return { place: inside, entries, next: 0 };
}

function isTracked({ standing }: Place): boolean {
  if (standing === undefined || standing.path === '') return false;
  return standing.repository.isTracked(standing.path.slice(0, -1), true);
}

/** The place after a look at the folder's own .git and .gitignore. */
function withOwnRules(place: Place, entries: readonly Entry[], options: WalkOptions): Place {
  let { standing, isIgnored } = place;
  if (entries.some(({ name }) => name === '.git')) {
    // git cannot be asked about a top that has no text: then nothing in it is ignored.
    const own =
      typeof place.open === 'string'
        ? repositoryAt(place.open.slice(0, -1), options.trackedIn)
        : undefined;
    if (own !== undefined || typeof place.open !== 'string') {
      standing = own;
      isIgnored = false;
    }
  }
  if (standing === undefined) return { ...place, standing, isIgnored };
  if (!isIgnored && entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file')) {
    const file = openPath(place, { name: '.gitignore' });
    const text = readSmall(file, { follow: false });
    standing = { ...standing, levels: levelOf(text, standing.path, standing.levels) };
  }
  return { ...place, standing, isIgnored };
}

function isBareRepository(entries: readonly Entry[]): boolean {
  const has = (wanted: string, isFolder: boolean) =>
    entries.some(({ name, kind }) => name === wanted && (kind === 'folder') === isFolder);
  return has('HEAD', false) && has('objects', true) && has('refs', true);
}

function look(parent: Place, entry: Entry, options: WalkOptions): FileEntry | Problem {
  const path = shownPath(parent, entry);
  if (entry.kind !== 'file' && entry.kind !== 'link') {
    return problem('special-file', path, `a ${entry.kind} is not read`);
  }
  if (fateOf(parent, entry) === 'left-out') return ignored(path);
  if (options.accepts?.(path) === false) {
    return problem('excluded', path, 'left out by the path filters');
  }
  const open = openPath(parent, entry);
  let stat: Stats | undefined;
  try {
    stat = lstatSync(open, ONLY_IF_THERE);
  } catch (error) {
    return unreadable('unreadable-file', path, error);
  }
  if (stat?.isSymbolicLink() === true) {
    return { path, open: compact(open), bytes: stat.size, isLink: true };
  }
  if (stat?.isFile() === true) return { path, open: compact(open), bytes: stat.size };
  return problem('vanished-file', path, 'was there when its folder was listed, and no longer');
}

const ONLY_IF_THERE = { throwIfNoEntry: false } as const;

/** `tracked`: ignored by the rules, and yet to be seen because git has it or something inside. */
function fateOf(parent: Place, entry: Entry): 'seen' | 'tracked' | 'left-out' {
  if (parent.standing === undefined) return 'seen';
  const { repository, levels, path: above } = parent.standing;
  if (levels === undefined && !parent.isIgnored) return 'seen';
  const isFolder = entry.kind === 'folder';
  const path = above + bytesOfName(entry);
  if (!parent.isIgnored && !isIgnored(levels, path, isFolder)) return 'seen';
  return repository.isTracked(path, isFolder) ? 'tracked' : 'left-out';
}

function ignored(where: string): Problem {
  return problem('ignored', where, 'left out by git ignore rules');
}

function unreadable(kind: ProblemKind, where: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const isGone = code === 'ENOENT' || code === 'ENOTDIR';
  return problem(isGone ? 'vanished-file' : kind, where, `cannot be read (${code})`);
}

function problem(kind: ProblemKind, where: string, message: string): Problem {
  return { kind, where, message };
}
