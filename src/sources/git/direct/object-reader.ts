/**
 * Single objects from their files, loose or packed, without git. Small ones only: whatever is large,
 * damaged or stored in an unusual way is left for git, which can also say what is wrong with it.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectAccess } from '../../../core/model/unit.ts';
import { openCore, type Core } from '../../../engine/core.ts';
import { openIndexes, type PackedAt } from '../pack-lookup.ts';
import { namesIn } from '../pack/loose-objects.ts';
import { objectFolders } from '../pack/object-folders.ts';
import { errorCode, withFile } from '../pack/open-file.ts';
import { PackError } from '../pack/pack-error.ts';
import { entryReader, type Entry } from './read-entry.ts';

export interface DirectObject {
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ObjectReader {
  /** `oid` in hexadecimal. Undefined: ask git. */
  read(oid: string): DirectObject | undefined;
  /** Whether a file or an index has it. */
  has(oid: string): boolean;
}

/** Undefined where nothing can be read without git, else what `use` makes of it. */
export function withObjects<T>(
  access: ObjectAccess,
  use: (objects: ObjectReader) => T,
): T | undefined {
  const core = openCore();
  const folders = core && foldersOf(access);
  if (!core || !folders) return undefined;
  const indexes = openIndexes(folders.flatMap(packsIn));
  const entries = entryReader();
  try {
    return use(objectReader(core, folders, indexes.find, entries.read));
  } finally {
    indexes.close();
    entries.close();
  }
}

/** Undefined when variables or a list of borrowed folders say something that only git should follow. */
function foldersOf({ gitDir, env, byGit }: ObjectAccess): readonly string[] | undefined {
  if (byGit) return undefined;
  const isMoved = Object.keys(env).some(
    (name) => name !== 'GIT_INDEX_FILE' && name !== 'GIT_WORK_TREE',
  );
  return isMoved ? undefined : orUndefined(() => objectFolders({ gitDir, place: { env } }).folders);
}

const indexEnding = '.idx';

/** Of each pack its path without ending. */
function packsIn(folder: string): string[] {
  return namesIn(join(folder, 'pack'), () => undefined)
    .filter((name) => name.endsWith(indexEnding))
    .map((name) => join(folder, 'pack', name.slice(0, -indexEnding.length)));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PackError || errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** Chosen: what is larger is waited for long enough for git not to matter. */
const mostBytes = 4 << 20;
const mostPackedBytes = 1 << 20;
/** git makes chains of up to 50. */
const mostDeltas = 64;
const leastDelta = 4;
/** Of unpacked objects that others may be made from. */
const keptBytes = 16 << 20;

function objectReader(
  core: Core,
  folders: readonly string[],
  find: (oid: string) => PackedAt | undefined,
  readEntry: ReturnType<typeof entryReader>['read'],
): ObjectReader {
  const { run } = core;
  const memory = memoryOf(core);
  const kept = keptObjects();
  const loose = looseFiles(folders);

  function readLoose(oid: string): DirectObject | undefined {
    for (const path of loose(oid)) {
      const packed = withFile(path, (file) =>
        file.bytes > mostPackedBytes ? undefined : file.read(0, file.bytes),
      );
      if (!packed) continue;
      const unpacked = inflate(packed, mostBytes);
      const found = unpacked && parseLoose(unpacked);
      if (found) return found;
    }
    return undefined;
  }

  function inflate(packed: Buffer, room: number): Buffer | undefined {
    core.bytes().set(packed, memory.source);
    const end = memory.source + packed.length;
    const length = run.inflate(memory.source, end, memory.target, memory.target + room);
    return length < 0 ? undefined : copyOf(memory.target, length);
  }

  /** Follows the chain to what is whole or known, and comes back along it. */
  function readPacked(oid: string): DirectObject | undefined {
    const chain: { readonly at: PackedAt; readonly entry: Entry }[] = [];
    let at = find(oid);
    let object: DirectObject | undefined;
    while (at && !object) {
      object = kept.get(at);
      const entry = object ? undefined : readEntry(at, oid.length / 2, mostBytes, mostPackedBytes);
      if (!entry) break;
      if (entry.base === undefined) {
        const bytes = inflate(entry.packed, entry.bytes);
        if (bytes?.length !== entry.bytes) return undefined;
        object = { type: entry.type, bytes };
        kept.put(at, object);
      } else {
        chain.push({ at, entry });
        if (chain.length > mostDeltas) return undefined;
        at = typeof entry.base === 'string' ? find(entry.base) : { ...at, offset: entry.base };
      }
    }
    for (const link of chain.reverse()) {
      object = object && applyTo(object, link.entry);
      if (object) kept.put(link.at, object);
    }
    return object;
  }

  function applyTo({ type, bytes: base }: DirectObject, entry: Entry): DirectObject | undefined {
    const delta = inflate(entry.packed, entry.bytes);
    if (delta?.length !== entry.bytes || delta.length < leastDelta) return undefined;
    core.bytes().set(delta, memory.source);
    core.bytes().set(base, memory.base);
    const length = run.applyDelta(
      memory.base,
      base.length,
      memory.source,
      delta.length,
      memory.target,
      mostBytes,
      memory.segments,
      0,
    );
    return length < 0 ? undefined : { type, bytes: copyOf(memory.target, length) };
  }

  /** What is made next takes its place, and memory that grows takes its place away. */
  function copyOf(address: number, length: number): Buffer {
    return Buffer.from(core.bytes().subarray(address, address + length));
  }

  return {
    read: (oid) => orUndefined(() => readLoose(oid) ?? readPacked(oid)),
    has: (oid) => loose(oid).length > 0 || find(oid) !== undefined,
  };
}

/** Files of an object that no pack need have. Which folders there are at all is asked once. */
function looseFiles(folders: readonly string[]): (oid: string) => string[] {
  const starts = folders.map((folder) => new Set(namesIn(folder, () => undefined)));
  return (oid) => {
    const start = oid.slice(0, 2);
    return folders.flatMap((folder, at) => {
      if (!starts[at]?.has(start)) return [];
      const path = `${folder}/${start}/${oid.slice(2)}`;
      return statSync(path, { throwIfNoEntry: false }) ? [path] : [];
    });
  };
}

interface ReaderMemory {
  /** Packed bytes, or a delta. */
  readonly source: number;
  readonly base: number;
  readonly target: number;
  readonly segments: number;
}

let known: ReaderMemory | undefined;

/** Reserved once a thread. Only what is written to takes memory. */
function memoryOf(core: Core): ReaderMemory {
  known ??= {
    source: core.reserve(mostBytes),
    base: core.reserve(mostBytes),
    target: core.reserve(mostBytes),
    segments: core.reserve(0),
  };
  return known;
}

const looseHeader = /^(blob|tree|commit|tag) (\d+)$/;
const mostLooseHeader = 32;

function parseLoose(all: Buffer): DirectObject | undefined {
  const end = all.subarray(0, mostLooseHeader).indexOf(0);
  const [, type = '', size] = looseHeader.exec(all.toString('latin1', 0, Math.max(0, end))) ?? [];
  const bytes = all.subarray(end + 1);
  return Number(size) === bytes.length ? { type, bytes } : undefined;
}

/** Objects by their place, up to `keptBytes` together; the oldest go first. */
function keptObjects() {
  const byPlace = new Map<string, DirectObject>();
  let held = 0;
  const keyOf = ({ stem, offset }: PackedAt): string => `${offset} ${stem}`;
  return {
    get: (at: PackedAt) => byPlace.get(keyOf(at)),
    put(at: PackedAt, object: DirectObject): void {
      byPlace.set(keyOf(at), object);
      held += object.bytes.length;
      for (const [key, { bytes }] of byPlace) {
        if (held <= keptBytes) break;
        byPlace.delete(key);
        held -= bytes.length;
      }
    },
  };
}
