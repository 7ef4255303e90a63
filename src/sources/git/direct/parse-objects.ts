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
  /** How much of the text, from its end, was left out. */
  readonly left: number;
}

export interface TreeFile {
  /** In octal digits. */
  readonly mode: string;
  readonly id: string;
}

const folderMode = '40000';
export const submoduleMode = '160000';

/** A tree's text, if it is one. */
export function treeText({ type, bytes }: DirectObject): string | undefined {
  return type === 'tree' ? bytes.toString('latin1') : undefined;
}

/** How much the two have in common at their start and at their end, less than a step told short. */
export interface Common {
  readonly start: number;
  readonly end: number;
}

const step = 256;

export function commonEnds(a: string, b: string): Common {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start + step <= most && a.slice(start, start + step) === b.slice(start, start + step)) {
    start += step;
  }
  const fromEnd = (text: string, end: number): string =>
    text.slice(text.length - end - step, text.length - end);
  let end = 0;
  while (start + end + step <= most && fromEnd(a, end) === fromEnd(b, end)) end += step;
  return { start, end };
}

const nothingCommon: Common = { start: 0, end: 0 };

/**
 * The entries of a tree's text but for those that lie wholly in `common`, and of these perhaps some.
 * Undefined for a damaged one.
 */
export function parseTree(text: string, idBytes: number, common = nothingCommon): Tree | undefined {
  const entries = { files: new Map<string, TreeFile>(), folders: new Map<string, string>() };
  const until = text.length - common.end;
  let at = 0;
  while (at < until) {
    const nameEnd = text.indexOf('\0', at);
    const end = nameEnd + 1 + idBytes;
    if (nameEnd < 0 || end > text.length) return undefined;
    if (end > common.start && !addEntry(entries, text, at, nameEnd, end)) return undefined;
    at = end;
  }
  return { ...entries, left: text.length - at };
}

function addEntry(
  tree: Omit<Tree, 'left'>,
  text: string,
  at: number,
  nameEnd: number,
  end: number,
): boolean {
  const space = text.indexOf(' ', at);
  if (space < 0 || space > nameEnd) return false;
  const mode = text.slice(at, space);
  const name = text.slice(space + 1, nameEnd);
  const id = text.slice(nameEnd + 1, end);
  if (mode === folderMode || mode === `0${folderMode}`) tree.folders.set(name, id);
  else tree.files.set(name, { mode, id });
  return true;
}
