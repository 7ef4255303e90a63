/**
 * Whether all that new tips reach is there, told from files. Trees are compared with those of the
 * parents, so that only what a commit changed is looked at: git walks all of the parents' trees.
 */
import type { ObjectAccess } from '../../../core/model/unit.ts';
import { withObjects, type ObjectReader } from './object-reader.ts';
import {
  hexOf,
  parseCommit,
  parseTree,
  submoduleMode,
  targetOfTag,
  type Tree,
} from './parse-objects.ts';

export interface NewHistory {
  readonly tips: readonly string[];
  /** Tips all of whose history was there before. */
  readonly known: ReadonlySet<string>;
  /** Objects that are new, whatever reaches them. */
  readonly fresh: ReadonlySet<string>;
}

/** False: something is missing, or only git can tell (a tip of older commits, for instance). */
export function isNewComplete(access: ObjectAccess, history: NewHistory): boolean {
  return withObjects(access, (objects) => check(objects, history)) === true;
}

/** Chosen: with more to read, a git of its own is as fast. */
const mostReads = 4_096;

function check(objects: ObjectReader, { tips, known, fresh }: NewHistory): boolean {
  const idBytes = (tips[0]?.length ?? 0) / 2;
  const trees = new Map<string, Tree | undefined>();
  const complete = new Set<string>();

  function treeAt(oid: string): Tree | undefined {
    if (!trees.has(oid) && trees.size < mostReads) {
      const object = objects.read(oid);
      trees.set(oid, object && parseTree(object, idBytes));
    }
    return trees.get(oid);
  }

  function isThere(oid: string): boolean {
    return fresh.has(oid) || objects.has(oid);
  }

  /** `before`: complete trees of the same folder. */
  function isTreeComplete(oid: string, before: readonly string[]): boolean {
    if (complete.has(oid) || before.includes(oid)) return true;
    const tree = treeAt(oid);
    if (!tree) return false;
    complete.add(oid);
    const older = before.flatMap((one) => treeAt(one) ?? []);
    const areFilesThere = [...tree.files].every(
      ([name, { mode, id }]) =>
        mode === submoduleMode ||
        older.some(({ files }) => files.get(name)?.id === id) ||
        isThere(hexOf(id)),
    );
    return (
      areFilesThere &&
      [...tree.folders].every(([name, id]) => {
        const below = older.flatMap(({ folders }) => folders.get(name) ?? []);
        return below.includes(id) || isTreeComplete(hexOf(id), below.map(hexOf));
      })
    );
  }

  const waiting = tips.filter((oid) => !known.has(oid));
  const met = new Set(waiting);
  const meet = (oid: string): void => {
    if (known.has(oid) || met.has(oid)) return;
    met.add(oid);
    waiting.push(oid);
  };

  /** Parents are complete once all that is met is. */
  function isCommitComplete(tree: string, parents: readonly string[]): boolean {
    parents.forEach(meet);
    const before = parents.map((oid) => {
      const object = objects.read(oid);
      return object && parseCommit(object)?.tree;
    });
    return (
      before.every((oid) => oid !== undefined) &&
      isTreeComplete(
        tree,
        before.flatMap((oid) => oid ?? []),
      )
    );
  }

  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    // What is older and no tip may have lost something while nothing reached it.
    const object = fresh.has(oid) && met.size < mostReads ? objects.read(oid) : undefined;
    if (!object) return false;
    const commit = parseCommit(object);
    if (commit && !isCommitComplete(commit.tree, commit.parents)) return false;
    if (object.type === 'tree' && !isTreeComplete(oid, [])) return false;
    if (object.type === 'tag') {
      const target = targetOfTag(object);
      if (target === undefined) return false;
      meet(target);
    }
  }
  return true;
}
