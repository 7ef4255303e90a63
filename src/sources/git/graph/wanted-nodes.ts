/**
 * What of a tree leads to wanted blobs, as a node: two trees that lead to the same blobs by the same
 * names are one node, so that most commits have the node of their parent.
 */
import { unknownTree, type TreeTable } from './tree-table.ts';

export interface WantedNodes {
  /** The node of a tree. Throws UnknownTree when a tree below it is not in the table. */
  nodeOf(tree: number): number;
  /**
   * Paths (as numbers of names) whose blob differs, with what `after` has there: the number of a
   * wanted blob, counted from 0, or −1. Ends early, with false, once `take` says false.
   */
  difference(before: number, after: number, take: TakeChange): boolean;
}

type TakeChange = (path: readonly number[], blob: number) => boolean;

/** Nothing wanted is below it. Other trees are positive, the n-th wanted blob is −1 − n. */
export const emptyNode = 0;

export class UnknownTree extends Error {
  override readonly name = 'UnknownTree';
}

const notYet = -1;
const onTheWay = -2;

export function wantedNodes(table: TreeTable): WantedNodes {
  const { treeCount, starts, counts } = table;
  const entries = table.entries();
  const nodes = new Int32Array(treeCount).fill(notYet);
  /** By node: names and nodes of what is below it, by turns, in the tree's order. */
  const children: (readonly number[])[] = [[]];
  /** By hash of what is below them: nodes. */
  const known = new Map<number, number[]>();
  // Who writes trees must not choose where they go.
  const seed = Math.floor(Math.random() * 2 ** 32);

  function intern(below: readonly number[]): number {
    if (below.length === 0) return emptyNode;
    const hash = hashOf(below, seed);
    const alike = known.get(hash) ?? [];
    for (const node of alike) if (areSame(children[node] ?? [], below)) return node;
    if (alike.length === 0) known.set(hash, alike);
    alike.push(children.length);
    children.push(below);
    return children.length - 1;
  }

  /** Undefined when a tree below it has to be settled first, which is then on the stack. */
  function settle(tree: number, stack: number[]): number | undefined {
    const below: number[] = [];
    let isOpen = false;
    const start = starts[tree] as number;
    const end = start + (counts[tree] as number) * 2;
    for (let at = start; at < end; at += 2) {
      const object = entries[at] as number;
      if (object === unknownTree || (object < treeCount && (counts[object] as number) < 0)) {
        throw new UnknownTree();
      }
      if (object >= treeCount) {
        below.push(entries[at + 1] as number, -1 - (object - treeCount));
        continue;
      }
      const node = nodes[object] as number;
      if (node === notYet) {
        isOpen = true;
        stack.push(object);
      } else if (node > emptyNode) {
        below.push(entries[at + 1] as number, node);
      }
    }
    return isOpen ? undefined : intern(below);
  }

  return {
    nodeOf(tree) {
      if (tree === unknownTree || (counts[tree] as number) < 0) throw new UnknownTree();
      const settled = nodes[tree] as number;
      if (settled >= emptyNode) return settled;
      const stack = [tree];
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const before = nodes[top] as number;
        if (before >= emptyNode) {
          stack.pop();
          continue;
        }
        // A tree cannot hold itself; ids that lie can make it look so.
        nodes[top] = onTheWay;
        const node = settle(top, stack);
        if (node === undefined) continue;
        nodes[top] = node;
        stack.pop();
      }
      return nodes[tree] as number;
    },
    difference: (before, after, take) => compare(children, before, after, [], take),
  };
}

function hashOf(numbers: readonly number[], seed: number): number {
  let hash = seed;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at]);
}

function compare(
  children: readonly (readonly number[])[],
  before: number,
  after: number,
  path: readonly number[],
  take: TakeChange,
): boolean {
  if (before === after) return true;
  const left = children[before] ?? [];
  const right = children[after] ?? [];
  const goOn = (name: number, older: number, newer: number): boolean => {
    if (older === newer) return true;
    const here = [...path, name];
    // A file in the place of a folder, or the other way round: both sides change.
    const isTaken = newer < 0 ? take(here, -1 - newer) : older >= 0 || take(here, -1);
    const [from, to] = [Math.max(older, emptyNode), Math.max(newer, emptyNode)];
    return isTaken && compare(children, from, to, here, take);
  };
  if (haveSameNames(left, right)) {
    for (let at = 0; at < right.length; at += 2) {
      if (!goOn(right[at] as number, left[at + 1] as number, right[at + 1] as number)) return false;
    }
    return true;
  }
  const older = byName(left);
  const newer = byName(right);
  const gone = [...older].filter(([name]) => !newer.has(name));
  return (
    [...newer].every(([name, node]) => goOn(name, older.get(name) ?? emptyNode, node)) &&
    gone.every(([name, node]) => goOn(name, node, emptyNode))
  );
}

function haveSameNames(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 2) if (left[at] !== right[at]) return false;
  return true;
}

function byName(below: readonly number[]): Map<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at < below.length; at += 2)
    map.set(below[at] as number, below[at + 1] as number);
  return map;
}
