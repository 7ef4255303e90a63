/**
 * Commits and trees of a repository, each read once from the packs, without git. `git log` compares the
 * trees of every commit with those of its parents and takes several times as long.
 */
import { openCore, type Core } from '../../../engine/core.ts';
import type { ObjectAccess } from '../../../core/model/unit.ts';
import { readObjects } from '../cat-file.ts';
import type { CommitEntry } from '../commit-graph.ts';
import { planFamilies } from '../pack/families.ts';
import { objectTypes } from '../pack/object-types.ts';
import { idOf, type PackTable } from '../pack/pack-table.ts';
import type { IdBytes } from '../pack/sorted-ids.ts';
import { unpackFamilies } from '../pack/unpack-families.ts';
import { treeTable, type TreeTable } from './tree-table.ts';

/** Where commits and trees lie. */
export interface GraphSource {
  readonly access: ObjectAccess;
  readonly packs: readonly PackTable[];
  /** Ids of commits and of trees that no pack here has. */
  readonly loose: { readonly commits: readonly string[]; readonly trees: readonly string[] };
}

export interface GraphCommit extends CommitEntry {
  /** Number of its tree in the table. */
  readonly tree: number;
}

export interface ObjectGraph {
  /** All of the database, each once. */
  readonly commits: readonly GraphCommit[];
  readonly trees: TreeTable;
}

/** Chosen: their tables take some 100 bytes each. */
const mostTrees = 1 << 20;

/**
 * Undefined when only git can tell: something cannot be unpacked here, is damaged, or is too much.
 * `blobs`: ids of those that are looked for.
 */
export async function readGraph(
  { access, packs, loose }: GraphSource,
  blobs: readonly string[],
  idBytes: IdBytes,
): Promise<ObjectGraph | undefined> {
  const core = openCore();
  const ids = core && treeIds(packs, loose.trees, idBytes);
  if (!core || !ids) return undefined;
  const trees = treeTable(core, idBytes, ids, bytesOfIds(blobs, idBytes));
  const commits = new Map<string, GraphCommit>();
  let isWhole = packs.every((pack) => readPack(core, pack, trees, commits));
  const odd = (): void => void (isWhole = false);
  await readObjects(access, [...loose.commits, ...loose.trees], {
    object(oid, type, bytes) {
      if (type === 'commit') isWhole &&= takeCommit(oid, bytes, trees, commits);
      else isWhole &&= takeTree(core, trees, oid, bytes);
    },
    begin: () => ({ push: odd, end: odd }),
    missing: odd,
    corrupt: odd,
  });
  return isWhole ? { commits: [...commits.values()], trees } : undefined;
}

/** Undefined when they are too many. */
function treeIds(
  packs: readonly PackTable[],
  loose: readonly string[],
  idBytes: IdBytes,
): Uint8Array | undefined {
  let count = loose.length;
  for (const { types } of packs)
    for (const type of types) if (type === objectTypes.tree) count += 1;
  if (count > mostTrees) return undefined;
  const all = new Uint8Array(count * idBytes);
  all.set(bytesOfIds(loose, idBytes));
  let at = loose.length * idBytes;
  for (const { types, ids } of packs) {
    for (let entry = 0; entry < types.length; entry += 1) {
      if (types[entry] !== objectTypes.tree) continue;
      all.set(ids.subarray(entry * idBytes, (entry + 1) * idBytes), at);
      at += idBytes;
    }
  }
  return all;
}

function bytesOfIds(oids: readonly string[], idBytes: IdBytes): Uint8Array {
  const bytes = Buffer.alloc(oids.length * idBytes);
  oids.forEach((oid, at) => bytes.write(oid, at * idBytes, 'hex'));
  return bytes;
}

/** False when not everything could be read. */
function readPack(
  core: Core,
  pack: PackTable,
  trees: TreeTable,
  commits: Map<string, GraphCommit>,
): boolean {
  const { order, isLast } = planFamilies(pack, ['tree', 'commit'], Infinity);
  const { idBytes } = pack;
  let isWhole = true;
  const scratch = core.reserve(idBytes);
  unpackFamilies<true>({ pack, order, isLast, from: 0, to: order.length }, core, {
    visit({ entry, address, length }) {
      if (!isWhole) return true;
      if (pack.types[entry] === objectTypes.tree) {
        core.bytes().set(pack.ids.subarray(entry * idBytes, (entry + 1) * idBytes), scratch);
        isWhole = trees.take(core.run.numberOfId(scratch), address, length);
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

function takeTree(core: Core, trees: TreeTable, oid: string, bytes: Buffer): boolean {
  const number = trees.numberOf(oid);
  const address = core.reserve(bytes.length);
  core.bytes().set(bytes, address);
  return number < trees.treeCount && trees.take(number, address, bytes.length);
}

/** What stands before the date: a person's name and address. */
const usualHead = 700;
const headers =
  /^tree ([0-9a-f]+)\n((?:parent [0-9a-f]+\n)*)author [^\n]*\ncommitter [^\n]*?(?:> (\d+) [^\n>]*)?\n/;

function takeCommit(
  oid: string,
  bytes: Buffer,
  trees: TreeTable,
  commits: Map<string, GraphCommit>,
): boolean {
  const [, tree, parents = '', time = '0'] =
    headers.exec(bytes.toString('latin1', 0, usualHead)) ??
    headers.exec(bytes.toString('latin1')) ??
    [];
  if (tree?.length !== oid.length) return false;
  commits.set(oid, {
    id: oid,
    time: Number(time),
    parents: parents === '' ? [] : parentIds(parents),
    tree: trees.numberOf(tree),
  });
  return true;
}

const parentWord = 'parent '.length;

function parentIds(lines: string): string[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => line.slice(parentWord));
}
