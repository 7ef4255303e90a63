/**
 * Commits and trees of a repository, each read once from the packs, without git. `git log` compares the
 * trees of every commit with those of its parents and takes several times as long.
 */
import { openCore, type Core } from '../../../engine/core.ts';
import type { LooseObjects, ObjectAccess } from '../../../core/model/unit.ts';
import { readObjects } from '../cat-file.ts';
import type { CommitEntry } from '../commit-graph.ts';
import { planFamilies } from '../pack/families.ts';
import { objectTypes } from '../pack/object-types.ts';
import { idOf, type PackTable } from '../pack/pack-table.ts';
import type { IdBytes } from '../pack/sorted-ids.ts';
import { unpackFamilies } from '../pack/unpack-families.ts';
import { bytesOfIds, idTable } from './id-table.ts';
import { linkCheck, type LinkCheck, type LinksUnit } from './link-check.ts';
import { treeTable, type TreeTable } from './tree-table.ts';

/** Where commits and trees lie. */
export interface GraphSource {
  readonly access: ObjectAccess;
  readonly packs: readonly PackTable[];
  /** Ids of what no pack here has. */
  readonly loose: Pick<LooseObjects, 'commit' | 'tree'>;
}

export interface GraphCommit extends CommitEntry {
  /** Number of its tree in the table. */
  readonly tree: number;
}

export interface ObjectGraph {
  /** All of the database, each once. */
  readonly commits: readonly GraphCommit[];
  readonly trees: TreeTable;
  /** Whether all is there that commits, trees, tags and tips name. Absent when that was not asked. */
  readonly isLinked?: boolean;
}

/** Chosen: their tables take some 100 bytes each. */
const mostTrees = 1 << 20;

/**
 * Undefined when only git can tell: something cannot be unpacked here, is damaged, or is too much.
 * `blobs`: ids of those that are looked for. `links`: what else is to be checked on the way.
 */
export async function readGraph(
  { access, packs, loose }: GraphSource,
  blobs: readonly string[],
  idBytes: IdBytes,
  links?: LinksUnit,
): Promise<ObjectGraph | undefined> {
  const core = openCore();
  const known = core && numberTrees(packs, loose.tree, idBytes);
  if (!core || !known) return undefined;
  const treeCount = known.ids.length / idBytes;
  const first = [
    { ids: known.ids, types: new Uint8Array(treeCount).fill(objectTypes.tree) },
    { ids: bytesOfIds(blobs, idBytes), types: new Uint8Array(blobs.length).fill(objectTypes.blob) },
  ];
  const check = links && linkCheck(links, core, first);
  const ids =
    check?.ids ??
    idTable(
      core,
      idBytes,
      first.map((one) => one.ids),
    );
  const trees = treeTable(core, ids, treeCount, blobs.length);
  const commits = new Map<string, GraphCommit>();
  let isLinked = links?.tips.every((tip) => check?.isKnown(tip)) ?? true;
  const look: LinkCheck['isLinked'] = (type, oid, address, length, base) =>
    (isLinked &&= check?.isLinked(type, oid, address, length, base) ?? true);
  let isWhole = packs.every((pack, n) => {
    const numbers = known.numbers[n];
    return numbers !== undefined && readPack(core, pack, numbers, trees, commits, check && look);
  });
  const odd = (): void => void (isWhole = false);
  const others = links ? links.loose.tag : [];
  await readObjects(access, [...loose.commit, ...loose.tree, ...others], {
    object(oid, type, bytes) {
      // What is put there stays: only what the engine is to look at.
      const address = check || type === 'tree' ? core.reserve(bytes.length) : undefined;
      if (address !== undefined) core.bytes().set(bytes, address);
      if (check && address !== undefined) {
        look(objectTypes[type as keyof typeof objectTypes], () => oid, address, bytes.length);
      }
      if (type === 'commit') isWhole &&= takeCommit(oid, bytes, trees, commits);
      else if (address !== undefined && type === 'tree') {
        isWhole &&= takeTree(trees, oid, address, bytes.length);
      }
    },
    begin: () => ({ push: odd, end: odd }),
    missing: odd,
    corrupt: odd,
  });
  if (!isWhole) return undefined;
  return { commits: [...commits.values()], trees, ...(links ? { isLinked } : {}) };
}

interface NumberedTrees {
  /** One after the other: those of loose trees, then of those in packs. */
  readonly ids: Uint8Array;
  /** By pack and entry: the tree's number. One that is in several places has several. */
  readonly numbers: readonly Int32Array[];
}

/** Undefined when they are too many. */
function numberTrees(
  packs: readonly PackTable[],
  loose: readonly string[],
  idBytes: IdBytes,
): NumberedTrees | undefined {
  let count = loose.length;
  const numbers = packs.map(({ types }) =>
    Int32Array.from(types, (type) => (type === objectTypes.tree ? count++ : -1)),
  );
  if (count > mostTrees) return undefined;
  const ids = new Uint8Array(count * idBytes);
  ids.set(bytesOfIds(loose, idBytes));
  packs.forEach((pack, n) => {
    numbers[n]?.forEach((number, entry) => {
      if (number < 0) return;
      const from = entry * idBytes;
      const to = number * idBytes;
      // A view of each would take several times as long as the bytes.
      for (let at = 0; at < idBytes; at += 1) ids[to + at] = pack.ids[from + at] as number;
    });
  });
  return { ids, numbers };
}

/** False when not everything could be read. */
function readPack(
  core: Core,
  pack: PackTable,
  numbers: Int32Array,
  trees: TreeTable,
  commits: Map<string, GraphCommit>,
  look: LinkCheck['isLinked'] | undefined,
): boolean {
  const types = look ? (['tree', 'commit', 'tag'] as const) : (['tree', 'commit'] as const);
  const { order, isLast, odd } = planFamilies(pack, types, Infinity, core);
  // What cannot be unpacked is seen where it is needed, but what it names is not.
  let isWhole = !look || odd.length === 0;
  unpackFamilies<true>({ pack, order, isLast, from: 0, to: order.length }, core, {
    visit(entry, address, length, base) {
      if (!isWhole) return true;
      const type = pack.types[entry] as number;
      look?.(type, () => idOf(pack, entry), address, length, base);
      if (type === objectTypes.tag) return true;
      const number = numbers[entry] as number;
      if (number >= 0) {
        isWhole = trees.take(number, address, length);
      } else {
        const bytes = core.bytes().subarray(address, address + length);
        isWhole = takeCommit(idOf(pack, entry), bytes, trees, commits);
      }
      return true;
    },
    refuse() {
      isWhole = false;
    },
  });
  return isWhole;
}

function takeTree(trees: TreeTable, oid: string, address: number, length: number): boolean {
  const number = trees.numberOf(oid);
  return number < trees.treeCount && trees.take(number, address, length);
}

/** By lines of fixed lengths: a text of each commit, cut into pieces, would be kept as a whole. */
function takeCommit(
  oid: string,
  bytes: Buffer,
  trees: TreeTable,
  commits: Map<string, GraphCommit>,
): boolean {
  const tree = idAt(bytes, 0, treeWord, oid.length);
  if (tree === undefined) return false;
  const parents: string[] = [];
  let at = treeWord.length + oid.length + 1;
  for (;;) {
    const parent = idAt(bytes, at, parentWord, oid.length);
    if (parent === undefined) break;
    parents.push(parent);
    at += parentWord.length + oid.length + 1;
  }
  commits.set(oid, { id: oid, time: timeOf(bytes, at), parents, tree: trees.numberOf(tree) });
  return true;
}

const treeWord = 'tree ';
const parentWord = 'parent ';
const lineBreak = 10;

/** The id on a line that starts with this word. */
function idAt(bytes: Buffer, at: number, word: string, idLength: number): string | undefined {
  const start = at + word.length;
  const end = start + idLength;
  if (bytes[end] !== lineBreak) return undefined;
  for (let i = 0; i < word.length; i += 1) {
    if (bytes[at + i] !== word.charCodeAt(i)) return undefined;
  }
  return bytes.toString('latin1', start, end);
}

const committerWord = Buffer.from('\ncommitter ');

/** Of the line `committer NAME <ADDRESS> SECONDS ZONE`; 0 where it says nothing, as in git. */
function timeOf(bytes: Buffer, from: number): number {
  const start = bytes.indexOf(committerWord, from) + 1;
  if (start === 0) return 0;
  const end = bytes.indexOf(lineBreak, start);
  const address = bytes.lastIndexOf(addressEnd, end < 0 ? bytes.length : end);
  if (address < start || bytes[address + 1] !== blank) return 0;
  let time = 0;
  let at = address + 2;
  for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
    time = time * 10 + digit;
    at += 1;
  }
  return bytes[at] === blank ? time : 0;
}

const addressEnd = 0x3e;
const blank = 0x20;

function digitAt(bytes: Buffer, at: number): number {
  const digit = (bytes[at] ?? 0) - 0x30;
  return digit <= 9 ? digit : -1;
}
