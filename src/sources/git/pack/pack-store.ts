/** All objects of a repository as files say it: what is in which pack, and what in none. */
import { join } from 'node:path';
import type { Problem } from '../../../core/model/problem.ts';
import { openCore } from '../../../engine/core.ts';
import { idBytesOf, type Repository } from '../repository.ts';
import { listLoose, namesIn } from './loose-objects.ts';
import { readMultiPackIndex } from './multi-pack-index.ts';
import { objectFolders } from './object-folders.ts';
import { PackError } from './pack-error.ts';
import { readPackIndex, type PackIndex } from './pack-index.ts';
import { readPackTable, type PackTable } from './pack-table.ts';
import { repeatedIds } from './repeated-ids.ts';
import type { IdBytes, SortedIds } from './sorted-ids.ts';

export interface PackStore {
  readonly packs: readonly PackTable[];
  /** By pack and entry: 1 if an earlier pack of the list has the object too. Over shared memory. */
  readonly duplicates: readonly Uint8Array[];
  /** Ids of loose objects that no pack of the list has, each once. */
  readonly loose: readonly string[];
  /** Ids of all other objects that an index promises; its pack is not there or cannot be read. */
  readonly unusual: readonly string[];
  readonly problems: readonly Problem[];
}

/** Throws PackError when an index cannot be read or contradicts itself: only git can tell then. */
export function readPackStore(repository: Repository): PackStore {
  const idBytes = idBytesOf(repository);
  const { folders, problems: unreadable } = objectFolders(repository);
  const problems = [...unreadable];
  const report = (problem: Problem): void => void problems.push(problem);
  const opened: Opened[] = [];
  const unopened: PackIndex[] = [];
  const loose = new Set<string>();
  for (const folder of folders) {
    // Before the packs: a git at work beside us moves objects from the ones to the others.
    for (const id of listLoose(folder, repository.idLength, report)) loose.add(id);
    for (const { file, index } of listPacks(join(folder, 'pack'), idBytes, report)) {
      const table = tryTable(file, index);
      if (table) opened.push({ table, index });
      else unopened.push(index);
    }
  }
  const inFiles = sortedIds([...loose], idBytes);
  const lists = [...opened.map(({ index }) => index), inFiles, ...unopened];
  const repeated = repeatedIds(lists);
  const others = lists.flatMap((list, n) =>
    n < opened.length ? [] : [newIds(list, repeated[n] ?? new Uint8Array())],
  );
  return {
    packs: opened.map(({ table }) => table),
    duplicates: opened.map(({ index }, n) => inPackOrder(index, repeated[n] ?? new Uint8Array())),
    loose: others[0] ?? [],
    unusual: others.slice(1).flat(),
    problems,
  };
}

interface Opened {
  readonly table: PackTable;
  readonly index: PackIndex;
}

interface IndexedPack {
  /** Of the pack, which may not be there. */
  readonly file: string;
  readonly index: PackIndex;
}

const packEnding = '.pack';
const indexEnding = '.idx';
const multiPackIndex = 'multi-pack-index';

/** All packs of a folder, by name. Throws PackError. */
function listPacks(
  folder: string,
  idBytes: IdBytes,
  report: (problem: Problem) => void,
): IndexedPack[] {
  const names = namesIn(folder, report).sort();
  const indexes = new Set(names.filter((name) => name.endsWith(indexEnding)).map(stem));
  const packs = new Set(names.filter((name) => name.endsWith(packEnding)).map(stem));
  const found: IndexedPack[] = [...indexes].map((name) => {
    const file = join(folder, name + packEnding);
    return { file, index: readPackIndex(join(folder, name + indexEnding), idBytes) };
  });
  const rest = [...packs].filter((name) => !indexes.has(name));
  if (rest.length === 0) return found;
  if (names.includes(`${multiPackIndex}.d`)) {
    throw new PackError(join(folder, `${multiPackIndex}.d`), 'is an index in several files');
  }
  const inMulti = names.includes(multiPackIndex)
    ? readMultiPackIndex(join(folder, multiPackIndex), idBytes)
    : () => undefined;
  for (const name of rest) {
    const file = join(folder, name + packEnding);
    const index = inMulti(name);
    if (index) found.push({ file, index });
    else report({ kind: 'git-failed', where: file, message: withoutIndex });
  }
  return found;
}

const withoutIndex = 'a pack without an index, which git does not read either';

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function tryTable(file: string, index: PackIndex): PackTable | undefined {
  try {
    return readPackTable(file, index, openCore());
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

function sortedIds(hex: string[], idBytes: IdBytes): SortedIds {
  return { idBytes, count: hex.length, ids: Buffer.from(hex.sort().join(''), 'hex') };
}

/** In hexadecimal: those not flagged. */
function newIds({ ids, idBytes }: SortedIds, isRepeated: Uint8Array): string[] {
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  const found: string[] = [];
  isRepeated.forEach((flag, at) => {
    if (!flag) found.push(bytes.toString('hex', at * idBytes, (at + 1) * idBytes));
  });
  return found;
}

function inPackOrder({ byOffset }: PackIndex, isRepeated: Uint8Array): Uint8Array {
  const flags = new Uint8Array(new SharedArrayBuffer(byOffset.length));
  // Mostly there is none, and going through all costs more than looking for one.
  if (!isRepeated.includes(1)) return flags;
  byOffset.forEach((position, entry) => {
    flags[entry] = isRepeated[position] as number;
  });
  return flags;
}
