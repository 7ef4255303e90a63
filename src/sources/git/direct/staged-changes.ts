/**
 * The index against HEAD's tree, read from files: what `git diff-index --cached` says. Undefined
 * where git is to be asked: also where something is gone and something else is new, which may be renamed.
 */
import { join } from 'node:path';
import { withFile } from '../pack/open-file.ts';
import { PackError } from '../pack/pack-error.ts';
import type { Repository } from '../repository.ts';
import { parseIndex, type CachedTree, type IndexFile } from './index-file.ts';
import { withObjects, type ObjectReader } from './object-reader.ts';
import {
  hexOf,
  parseCommit,
  parseTree,
  submoduleMode,
  treeText,
  type TreeFile,
} from './parse-objects.ts';

/** A path that the next commit changes. */
export interface StagedChange {
  /** Latin-1 text of the path's bytes. */
  readonly path: string;
  readonly oid: string;
  /** The version in HEAD, if it has one. */
  readonly before?: string;
}

/** Nothing that is gone is among them. */
export function stagedChanges(repository: Repository): StagedChange[] | undefined {
  const { gitDir, head, place, idLength } = repository;
  const env = place.env ?? {};
  const index = readIndex(env['GIT_INDEX_FILE'] ?? join(gitDir, 'index'), idLength / 2);
  if (!index) return undefined;
  return withObjects({ gitDir, env }, (objects) => {
    if (head === undefined) return compare(index, undefined, objects);
    const commit = objects.read(head);
    const root = commit && parseCommit(commit)?.tree;
    return root === undefined ? undefined : compare(index, root, objects);
  });
}

/** Chosen: git's own indexes of a million files are smaller. */
const mostIndexBytes = 256 << 20;

function readIndex(path: string, idBytes: number): IndexFile | undefined {
  try {
    const bytes = withFile(path, (file) =>
      file.bytes > mostIndexBytes ? undefined : file.read(0, file.bytes),
    );
    return bytes && parseIndex(bytes, idBytes);
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

/** git takes no longer paths than 4,096 bytes. */
const deepest = 2_048;

function compare(
  index: IndexFile,
  root: string | undefined,
  objects: ObjectReader,
): StagedChange[] | undefined {
  const { paths, modes, idsAt, bytes, idBytes } = index;
  const changes: StagedChange[] = [];
  let isAnyNew = false;
  let isAnyGone = false;
  let isOdd = false;

  /** Entries [from, to) of the index are those below `prefix`. */
  function walk(
    tree: string | undefined,
    cached: CachedTree | undefined,
    prefix: string,
    from: number,
    to: number,
    depth: number,
  ): void {
    if (depth > deepest) isOdd = true;
    if (tree !== undefined && cached?.oid === tree && cached.entryCount === to - from) return;
    const object = tree === undefined ? undefined : objects.read(tree);
    const text = object && treeText(object);
    const before = text === undefined ? undefined : parseTree(text, idBytes);
    if (tree !== undefined && !before) isOdd = true;
    for (let at = from; at < to && !isOdd;) {
      const path = paths[at] as string;
      const slash = path.indexOf('/', prefix.length);
      const name = path.slice(prefix.length, slash < 0 ? undefined : slash);
      if (slash < 0) {
        note(at, path, before?.files.get(name));
        before?.files.delete(name);
        at += 1;
        continue;
      }
      const below = cached?.children.get(name);
      const folder = `${prefix}${name}/`;
      const end = endOfFolder(folder, at, to, below?.entryCount ?? -1);
      const older = before?.folders.get(name);
      walk(older === undefined ? undefined : hexOf(older), below, folder, at, end, depth + 1);
      before?.folders.delete(name);
      at = end;
    }
    if (before && before.files.size + before.folders.size > 0) isAnyGone = true;
  }

  function endOfFolder(folder: string, from: number, to: number, guess: number): number {
    const isIn = (at: number): boolean => paths[at]?.startsWith(folder) === true;
    const end = from + guess;
    if (guess > 0 && end <= to && isIn(end - 1) && (end === to || !isIn(end))) return end;
    let at = from;
    while (at < to && isIn(at)) at += 1;
    return at;
  }

  function note(at: number, path: string, before: TreeFile | undefined): void {
    const mode = (modes[at] as number).toString(8);
    const idAt = idsAt[at] as number;
    const id = bytes.toString('latin1', idAt, idAt + idBytes);
    if ((before?.id === id && before.mode === mode) || mode === submoduleMode) return;
    if (!before) isAnyNew = true;
    const wasContent = before && before.mode !== submoduleMode;
    changes.push({ path, oid: hexOf(id), ...(wasContent ? { before: hexOf(before.id) } : {}) });
  }

  walk(root, index.cached, '', 0, paths.length, 0);
  return isOdd || (isAnyNew && isAnyGone) ? undefined : changes;
}
