/** Where a repository's objects lie: its packs by name and size, and the ids of loose ones. Opens no pack. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../core/model/problem.ts';
import { listLoose, namesIn } from './pack/loose-objects.ts';
import { objectFolders } from './pack/object-folders.ts';
import { PackError } from './pack/pack-error.ts';
import { readPackIndex } from './pack/pack-index.ts';
import { idBytesOf, type Repository } from './repository.ts';

export interface StoredObjects {
  readonly packs: readonly StoredPack[];
  /** In hexadecimal. */
  readonly loose: readonly string[];
  readonly problems: readonly Problem[];
}

export interface StoredPack {
  /** Absolute, without its ending. */
  readonly stem: string;
  readonly bytes: number;
}

/** Throws PackError when a list of borrowed folders cannot be read. */
export function listStored(repository: Repository): StoredObjects {
  const { folders, problems: unreadable } = objectFolders(repository);
  const problems = [...unreadable];
  const report = (problem: Problem): void => void problems.push(problem);
  // Loose ones first: a git at work beside us moves objects from there into packs.
  const loose = folders.flatMap((folder) => listLoose(folder, repository.idLength, report));
  const packs = folders.flatMap((folder) => packsIn(join(folder, 'pack'), report));
  return { packs, loose: [...new Set(loose)], problems };
}

/** Throws PackError when its index is not there or cannot be read. */
export function idsOfPack({ stem }: StoredPack, repository: Repository): string[] {
  const { ids, count, idBytes } = readPackIndex(`${stem}.idx`, idBytesOf(repository));
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  return Array.from({ length: count }, (_, at) =>
    bytes.toString('hex', at * idBytes, (at + 1) * idBytes),
  );
}

/** All packs, as far as they can be told. */
export function packsOf(repository: Repository): readonly StoredPack[] {
  try {
    const { folders } = objectFolders(repository);
    return folders.flatMap((folder) => packsIn(join(folder, 'pack'), () => undefined));
  } catch (error) {
    if (error instanceof PackError) return [];
    throw error;
  }
}

/** The same name with another size is another pack. */
export function packKey({ stem, bytes }: StoredPack): string {
  return `${bytes} ${stem}`;
}

const packEnding = '.pack';

function packsIn(folder: string, report: (problem: Problem) => void): StoredPack[] {
  const names = namesIn(folder, report).filter((name) => name.endsWith(packEnding));
  return names.sort().flatMap((name) => {
    const bytes = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    return bytes === undefined
      ? []
      : [{ stem: join(folder, name.slice(0, -packEnding.length)), bytes }];
  });
}
