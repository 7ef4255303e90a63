/**
 * Whether all that new tips reach is there, told from files. Trees are compared with those of the
 * parents, so that only what a commit changed is looked at: git walks all of the parents' trees.
 */
import type { ObjectAccess } from '../../../core/model/unit.ts';
import { withObjects, type ObjectReader } from './object-reader.ts';
import {
  commonEnds,
  hexOf,
  parseCommit,
  parseTree,
  submoduleMode,
  targetOfTag,
  treeText,
  type Tree,
} from './parse-objects.ts';

export interface NewHistory {
  readonly tips: readonly string[];
  /** Tips all of whose history was there before. */
  readonly known: ReadonlySet<string>;
  /** Objects that are new, whatever reaches them. */
  readonly fresh: ReadonlySet<string>;
}

export interface CompleteHistory {
  /** Ids of trees that were met; not all of them are new. */
  readonly trees: ReadonlySet<string>;
}

/** Undefined: something is missing, or only git can tell (a tip of older commits, for instance). */
export function checkNew(access: ObjectAccess, history: NewHistory): CompleteHistory | undefined {
  return withObjects(access, (objects) => check(objects, history));
}

/** Chosen: with more to read, a git of its own is as fast. */
const mostReads = 4_096;

function check(
  objects: ObjectReader,
  { tips, known, fresh }: NewHistory,
): CompleteHistory | undefined {
  const idBytes = (tips[0]?.length ?? 0) / 2;
  const texts = new Map<string, string | undefined>();
  const complete = new Set<string>();

  function textAt(oid: string): string | undefined {
    if (!texts.has(oid) && texts.size < mostReads) {
      const object = objects.read(oid);
      texts.set(oid, object && treeText(object));
    }
    return texts.get(oid);
  }

  function isThere(oid: string): boolean {
    return fresh.has(oid) || objects.has(oid);
  }

  /** `before`: complete trees of the same folder. */
  function isTreeComplete(oid: string, before: readonly string[]): boolean {
    if (complete.has(oid) || before.includes(oid)) return true;
    const text = textAt(oid);
    if (text === undefined) return false;
    const [first = '', ...others] = before.flatMap((one) => textAt(one) ?? []);
    const [tree, newest] = parseBoth(text, first, idBytes);
    const older = [newest, ...others.map((one) => parseTree(one, idBytes))].filter(
      (one) => one !== undefined,
    );
    if (!tree) return false;
    complete.add(oid);
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
    if (!object) return undefined;
    const commit = parseCommit(object);
    if (commit && !isCommitComplete(commit.tree, commit.parents)) return undefined;
    if (object.type === 'tree' && !isTreeComplete(oid, [])) return undefined;
    if (object.type === 'tag') {
      const target = targetOfTag(object);
      if (target === undefined) return undefined;
      meet(target);
    }
  }
  return { trees: complete };
}

/** Without what both have in common, where that is whole entries of both. */
function parseBoth(
  text: string,
  older: string,
  idBytes: number,
): readonly [Tree | undefined, Tree | undefined] {
  const common = commonEnds(text, older);
  const [tree, other] = [parseTree(text, idBytes, common), parseTree(older, idBytes, common)];
  // The same bytes could end an entry in one and be in the middle of one in the other.
  return tree?.left === other?.left
    ? [tree, other]
    : [parseTree(text, idBytes), parseTree(older, idBytes)];
}
