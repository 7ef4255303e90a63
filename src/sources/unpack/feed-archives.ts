/** Archives that a unit's reader set aside → documents, each read in the way that suits where it lies. */
import { closeSync, fstatSync } from 'node:fs';
import type { ArchiveLimits } from '../../core/model/archive-limits.ts';
import type { Match } from '../../core/model/match.ts';
import type { Origin } from '../../core/model/origin.ts';
import type { DocumentStream, Sink } from '../../core/model/sink.ts';
import type { ChangedVersion, FileEntry, ObjectAccess, Unit } from '../../core/model/unit.ts';
import { asProblem, openFile } from '../files/open-file.ts';
import { readObjects } from '../git/cat-file.ts';
import { collectMembers, type Collected } from './collect-members.ts';
import { folderImages } from './folder-images.ts';
import type { LayerRecord } from './formats/layer.ts';
import { inFile, inMemory } from './random-access.ts';
import type { Steps } from './steps.ts';
import { unpack, unpackStream } from './unpack.ts';

export async function feedArchives(
  unit: Unit,
  origins: readonly Origin[],
  sink: Sink,
  limits: ArchiveLimits,
  signal?: AbortSignal,
): Promise<void> {
  switch (unit.kind) {
    case 'files': {
      const wanted = new Set(origins.map((origin) => ('path' in origin ? origin.path : '')));
      const images = folderImages(unit.files);
      const found: Match[] = [];
      for (const file of unit.files) {
        if (!wanted.has(file.path) || file.isLink) continue;
        const layer = images.layer(file);
        for (const match of await feedFile(file, sink, limits, signal, layer)) found.push(match);
      }
      return sink.keep(images.tell(found));
    }
    case 'objects':
    case 'families':
      return feedObjects(unit.access, origins, sink, limits);
    case 'changes':
      return feedChanges(unit.access, unit.versions, origins, sink, limits);
    case 'links':
    case 'ahead':
    case 'stdin':
      // Links have no documents, nor has a pack by itself; a stream is opened while it comes.
      return;
    default:
      unit satisfies never;
  }
}

/** An archive that comes in pieces. What is pushed must stay as it is. */
export function openArchive(origin: Origin, sink: Sink, limits: ArchiveLimits): DocumentStream {
  const collected = collectMembers(origin, sink);
  const stream = unpackStream(nameOf(origin), limits, collected.output);
  return {
    push: stream.push,
    end() {
      stream.end();
      sink.keep(collected.close());
    },
  };
}

async function feedFile(
  file: FileEntry,
  sink: Sink,
  limits: ArchiveLimits,
  signal: AbortSignal | undefined,
  layer: LayerRecord | undefined,
): Promise<Match[]> {
  const { path, open } = file;
  try {
    const fd = openFile(file);
    try {
      const origin = { kind: 'file', path, open } as const;
      const { output, close } = collectMembers(origin, sink);
      const steps = unpack(path, inFile(fd, fstatSync(fd).size), limits, output, layer);
      await inTurns(steps, signal);
      return close();
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    sink.problem(asProblem(path, error));
    return [];
  }
}

/** Signals and the progress line get their turn. Interrupted, what was found until then counts. */
async function inTurns(steps: Steps<void>, signal: AbortSignal | undefined): Promise<void> {
  while (!steps.next().done) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) steps.return();
  }
}

async function feedObjects(
  access: ObjectAccess,
  origins: readonly Origin[],
  sink: Sink,
  limits: ArchiveLimits,
): Promise<void> {
  const byOid = new Map(origins.flatMap((one) => ('oid' in one ? [[one.oid, one] as const] : [])));
  await eachArchive(access, [...byOid.keys()], limits, sink, (oid) => {
    const origin = byOid.get(oid) ?? { kind: 'blob', oid };
    const collected = collectMembers(origin, sink);
    return { name: '', collected, done: () => sink.keep(collected.close()) };
  });
}

interface Reading {
  readonly name: string;
  readonly collected: Collected;
  readonly done: () => void;
}

/** Reads objects, and unpacks each of them. */
async function eachArchive(
  access: ObjectAccess,
  oids: readonly string[],
  limits: ArchiveLimits,
  sink: Sink,
  begin: (oid: string) => Reading,
): Promise<void> {
  await readObjects(access, oids, {
    object(oid, _type, bytes) {
      const { name, collected, done } = begin(oid);
      const steps = unpack(name, inMemory(bytes), limits, collected.output);
      // The bytes are there only now: nobody else gets a turn.
      while (!steps.next().done);
      done();
    },
    begin(oid) {
      const { name, collected, done } = begin(oid);
      const stream = unpackStream(name, limits, collected.output);
      return {
        push: stream.push,
        end() {
          stream.end();
          done();
        },
      };
    },
    // They were read before: whatever is wrong with them was told then.
    missing: (oid) => sink.problem({ kind: 'missing-object', where: oid, message: 'is gone' }),
    corrupt: (oid, message) => sink.problem({ kind: 'corrupt-object', where: oid, message }),
  });
}

/** Members have no lines that were added: what counts is a key that no older version of the archive holds. */
async function feedChanges(
  access: ObjectAccess,
  versions: readonly ChangedVersion[],
  origins: readonly Origin[],
  sink: Sink,
  limits: ArchiveLimits,
): Promise<void> {
  const changes = origins.flatMap((origin) => (origin.kind === 'change' ? [origin] : []));
  for (const origin of changes) {
    const { path, oid, commit } = origin;
    const found: Match[] = [];
    await eachArchive(access, [oid], limits, sink, () => {
      const collected = collectMembers(origin, sink);
      return { name: path, collected, done: () => void found.push(...collected.close()) };
    });
    if (found.length === 0) continue;
    const version = versions.find(
      (one) => one.path === path && one.oid === oid && one.commit === commit,
    );
    const old = new Set<string>();
    await eachArchive(access, version?.parents ?? [], limits, sink, () => {
      // What is wrong with an older version is not asked.
      const listener = { ...sink, problem: ignore, opened: ignore, unpacking: ignore };
      const collected = collectMembers(origin, listener);
      const learn = (): void => {
        for (const match of collected.close()) old.add(keyOf(match));
      };
      return { name: path, collected, done: learn };
    });
    sink.keep(found.filter((match) => !old.has(keyOf(match))));
  }
}

function ignore(): void {}

function keyOf({ rule, secret }: Match): string {
  return `${rule}\0${secret}`;
}

function nameOf(origin: Origin): string {
  return 'path' in origin ? origin.path : '';
}
