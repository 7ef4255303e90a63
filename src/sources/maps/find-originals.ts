/**
 * Documents that keys were found in → where the keys stand in the originals, and whose value they are. Each
 * document is read once more, then the map that it names or that lies beside it: on disk within what is
 * scanned, in the same archive, in the tree of the same commit. What cannot be had is left out.
 */
import type { ArchiveLimits } from '../../core/model/archive-limits.ts';
import type { Origin } from '../../core/model/origin.ts';
import type { ObjectAccess } from '../../core/model/unit.ts';
import { dataOf } from '../../core/source-map/data-url.ts';
import { besides } from '../../core/source-map/shown-source.ts';
import { reread, type Rereading } from '../reread.ts';
import { tellByMap, tellByText, tellWithin, type Answers, type BuiltDocument } from './document.ts';
import { lookAgain, type Looked } from './look-again.ts';
import { readMapOnDisk } from './map-on-disk.ts';
import { isMap, mapNames, nameBeside } from './names.ts';

export interface MapPlaces {
  /** Real paths of the folders that are scanned. */
  readonly roots: readonly string[];
  readonly access: ObjectAccess | undefined;
  /** Absent: no archive was opened. */
  readonly archives: ArchiveLimits | undefined;
  readonly maxBytes: number;
  /** What came by standard input, if it was kept. */
  readonly stream: readonly Buffer[];
}

/** A document whose map is still to be found. */
interface Waiting {
  readonly document: BuiltDocument;
  readonly looked: Looked;
  /** From the document's folder, the likeliest first. */
  readonly names: readonly string[];
}

export async function findOriginals(
  documents: readonly BuiltDocument[],
  places: MapPlaces,
): Promise<Answers> {
  const answers: Answers = new Map();
  const packed = documents.filter(({ origin }) => origin.inside !== undefined);
  const inGit = documents.filter(({ origin }) => !origin.inside && 'oid' in origin);
  const rest = documents.filter(({ origin }) => !origin.inside && !('oid' in origin));
  // One by one: only one document and one map are in memory.
  for (const document of rest) {
    const waiting: Waiting[] = [];
    const look = lookInto(document, places, answers, waiting);
    if (document.origin.kind === 'stdin') replay(look, places.stream);
    else await reread([look], undefined);
    for (const one of waiting) settle(one, tellFromDisk(one, places, answers), answers);
  }
  await inObjects(inGit, places, answers);
  if (places.archives) await inArchives(packed, places, places.archives, answers);
  return answers;
}

function replay({ push, end }: Rereading, stream: readonly Buffer[]): void {
  if (stream.length === 0) return;
  for (const chunk of stream) push(chunk);
  end?.();
}

/** Reads a document; what its text tells is answered at once, a map to be looked for is put into `waiting`. */
function lookInto(
  document: BuiltDocument,
  { maxBytes }: MapPlaces,
  answers: Answers,
  waiting: Waiting[],
): Rereading {
  const { origin, name, matches } = document;
  const offsets = matches.map(({ start }) => start.byte).sort((a, b) => a - b);
  const look = lookAgain({ offsets, keepsWhole: isMap(name), maxBytes });
  return {
    origin,
    push: look.push,
    end() {
      const looked = look.end();
      const { address, whole } = looked;
      if (whole) {
        tellWithin(document, whole, answers);
        tellByText(document, looked, false, answers);
        return;
      }
      const data = address === undefined ? undefined : dataOf(address);
      if (data && tellByMap(document, data, name, answers)) {
        tellByText(document, looked, true, answers);
        return;
      }
      waiting.push({ document, looked, names: mapNames(name, address) });
    },
  };
}

function settle({ document, looked }: Waiting, hasMap: boolean, answers: Answers): void {
  tellByText(document, looked, hasMap, answers);
}

function tellFromDisk({ document, names }: Waiting, places: MapPlaces, answers: Answers): boolean {
  const { origin } = document;
  const open = origin.kind === 'file' ? origin.open : undefined;
  if (typeof open !== 'string') return false;
  return names.some((name) => {
    const bytes = readMapOnDisk(open, name, places.roots, places.maxBytes);
    return bytes !== undefined && tellByMap(document, bytes, besides(document.name, name), answers);
  });
}

async function inObjects(
  documents: readonly BuiltDocument[],
  places: MapPlaces,
  answers: Answers,
): Promise<void> {
  const { access, maxBytes } = places;
  if (!access || documents.length === 0) return;
  const waiting: Waiting[] = [];
  await reread(
    documents.map((one) => lookInto(one, places, answers, waiting)),
    access,
  );
  await fromTrees(waiting, access, maxBytes, answers);
}

/** The map must stand in the tree that holds this very document. */
async function fromTrees(
  waiting: readonly Waiting[],
  access: ObjectAccess,
  maxBytes: number,
  answers: Answers,
): Promise<void> {
  const asked = waiting.flatMap((one) => {
    const { tree, name } = one.document;
    if (tree === undefined) return [];
    const maps = one.names.flatMap((relative) => nameBeside(name, relative) ?? []);
    return maps.map((path, rank) => ({ one, tree, path, rank }));
  });
  const { blobsAt } = await import('../git/beside.ts');
  const documents = asked.map(({ one, tree }) => ({ tree, path: one.document.name }));
  const there = blobsAt(access, [...asked, ...documents]);
  const wanted = asked.flatMap(({ one, path, rank }, index): Wanted[] => {
    const { origin } = one.document;
    const map = there[index];
    const isSame = 'oid' in origin && origin.oid === there[asked.length + index]?.oid;
    if (!map || map.bytes > maxBytes || !isSame) return [];
    return [{ one, rank, path, origin: { kind: 'blob', oid: map.oid } }];
  });
  await tellByRank(waiting, wanted, maxBytes, answers, (readings) => reread(readings, access));
}

async function inArchives(
  documents: readonly BuiltDocument[],
  places: MapPlaces,
  limits: ArchiveLimits,
  answers: Answers,
): Promise<void> {
  if (documents.length === 0) return;
  const { access, maxBytes, stream } = places;
  const { rereadMembers } = await import('../reread-members.ts');
  const waiting: Waiting[] = [];
  const looks = documents.map((one) => lookInto(one, places, answers, waiting));
  await rereadMembers(looks, access, limits, stream);
  // A file that was compressed alone has its map beside the compressed one.
  const alone = waiting.filter(({ document }) => document.origin.inside?.members.length === 0);
  const members = waiting.filter((one) => !alone.includes(one));
  for (const one of alone) settle(one, tellFromDisk(one, places, answers), answers);
  const wanted = members.flatMap((one) =>
    one.names.flatMap((relative, rank): Wanted[] => {
      const { name, origin } = one.document;
      const path = nameBeside(name, relative);
      if (path === undefined) return [];
      const outer = origin.inside?.members.slice(0, -1) ?? [];
      return [
        {
          one,
          rank,
          path,
          origin: { ...origin, inside: { members: [...outer, path], decoded: [] } },
        },
      ];
    }),
  );
  await tellByRank(members, wanted, maxBytes, answers, (readings) =>
    rereadMembers(readings, access, limits, stream),
  );
}

interface Wanted {
  readonly one: Waiting;
  readonly rank: number;
  readonly path: string;
  readonly origin: Origin;
}

/** Reads all maps that are there, each once; of two for one document the likelier one counts. */
async function tellByRank(
  waiting: readonly Waiting[],
  wanted: readonly Wanted[],
  maxBytes: number,
  answers: Answers,
  read: (readings: readonly Rereading[]) => Promise<void>,
): Promise<void> {
  const groups = new Map<string, Wanted[]>();
  for (const one of wanted) {
    const id = JSON.stringify(one.origin);
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  const ranks = new Map<Waiting, number>();
  const readings = [...groups.values()].map((group): Rereading => {
    const parts: Buffer[] = [];
    let size = 0;
    return {
      origin: (group[0] as Wanted).origin,
      push(bytes) {
        size += bytes.length;
        if (size > maxBytes) parts.length = 0;
        else parts.push(Buffer.from(bytes));
        return size <= maxBytes;
      },
      end() {
        const map = Buffer.concat(parts.splice(0));
        for (const { one, rank, path } of group) {
          if ((ranks.get(one) ?? Infinity) <= rank) continue;
          if (tellByMap(one.document, map, path, answers)) ranks.set(one, rank);
        }
      },
    };
  });
  if (readings.length > 0) await read(readings);
  for (const one of waiting) settle(one, ranks.has(one), answers);
}
