/** What commits and trees say, from their bytes. */
import type { DirectObject } from './object-reader.ts';

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
}

const id = '[0-9a-f]{40}(?:[0-9a-f]{24})?';
const commitHeaders = new RegExp(`^tree (${id})\n((?:parent ${id}\n)*)author `);
const tagHeader = new RegExp(`^object (${id})\n`);

/** Undefined for what is no commit. */
export function parseCommit({ type, bytes }: DirectObject): Commit | undefined {
  if (type !== 'commit') return undefined;
  const [, tree, parents = ''] = commitHeaders.exec(bytes.toString('latin1')) ?? [];
  if (tree === undefined) return undefined;
  return {
    tree,
    parents: parents
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(7)),
  };
}

/** What a tag names; undefined for what is no tag. */
export function targetOfTag({ type, bytes }: DirectObject): string | undefined {
  return type === 'tag' ? tagHeader.exec(bytes.toString('latin1'))?.[1] : undefined;
}

/** Ids in trees are latin-1 text of their bytes: most are only compared. */
export function hexOf(id: string): string {
  return Buffer.from(id, 'latin1').toString('hex');
}

export interface Tree {
  /** By name (latin-1 text of its bytes): everything but folders, submodules too. */
  readonly files: Map<string, TreeFile>;
  /** By name: the id of the folder's tree. */
  readonly folders: Map<string, string>;
}

export interface TreeFile {
  /** In octal digits. */
  readonly mode: string;
  readonly id: string;
}

const folderMode = '40000';
export const submoduleMode = '160000';

/** Undefined for what is no tree or a damaged one. */
export function parseTree({ type, bytes }: DirectObject, idBytes: number): Tree | undefined {
  if (type !== 'tree') return undefined;
  const text = bytes.toString('latin1');
  const tree: Tree = { files: new Map(), folders: new Map() };
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(' ', at);
    const nameEnd = text.indexOf('\0', space);
    const end = nameEnd + 1 + idBytes;
    if (space < 0 || nameEnd < 0 || end > text.length) return undefined;
    const mode = text.slice(at, space);
    const name = text.slice(space + 1, nameEnd);
    const id = text.slice(nameEnd + 1, end);
    if (mode === folderMode || mode === `0${folderMode}`) tree.folders.set(name, id);
    else tree.files.set(name, { mode, id });
    at = end;
  }
  return tree;
}
