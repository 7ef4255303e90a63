/** Packs that git would not write, byte by byte, each with an index (version 2) that fits. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

export interface PackEntry {
  /** 40 hexadecimal digits; nobody checks that it is the content's. */
  readonly id: string;
  /** Bits 4 to 6 of the header: 1 to 4 whole objects, 6 and 7 deltas. */
  readonly type: number;
  readonly content?: string | Uint8Array;
  /** Of the header; default: that of `content`. */
  readonly size?: number;
  /** Of type 7. */
  readonly baseId?: string;
  /** Of type 6: bytes back, or the number of the base among the entries. */
  readonly distance?: number;
  readonly base?: number;
}

export interface MadePack {
  readonly pack: string;
  readonly index: string;
  readonly offsets: readonly number[];
}

export function makePack(folder: string, entries: readonly PackEntry[], name = 'made'): MadePack {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.length, 8);
  const parts: Buffer[] = [head];
  const offsets: number[] = [];
  let at = head.length;
  for (const entry of entries) {
    offsets.push(at);
    const bytes = entryBytes(entry, at, offsets);
    parts.push(bytes);
    at += bytes.length;
  }
  const body = Buffer.concat(parts);
  const checksum = sha1(body);
  const made = { pack: join(folder, `${name}.pack`), index: join(folder, `${name}.idx`), offsets };
  writeFileSync(made.pack, Buffer.concat([body, checksum]));
  writeFileSync(
    made.index,
    indexBytes(
      entries.map(({ id }) => id),
      offsets,
      checksum,
    ),
  );
  return made;
}

/** Forty digits that start with these. */
export function idOf(start: string): string {
  return start.padEnd(40, '0');
}

function entryBytes(entry: PackEntry, at: number, offsets: readonly number[]): Buffer {
  const { type, content = '', baseId, base } = entry;
  const distance = entry.distance ?? (base === undefined ? undefined : at - (offsets[base] ?? 0));
  return Buffer.concat([
    sizeBytes(type, entry.size ?? content.length),
    distance === undefined ? Buffer.alloc(0) : distanceBytes(distance),
    Buffer.from(baseId ?? '', 'hex'),
    deflateSync(content),
  ]);
}

function sizeBytes(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest % 128);
  }
  return Buffer.from(bytes);
}

function distanceBytes(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift(0x80 | (rest % 128));
  }
  return Buffer.from(bytes);
}

function indexBytes(ids: readonly string[], offsets: readonly number[], packSum: Buffer): Buffer {
  const sorted = ids
    .map((id, n) => ({ id, offset: offsets[n] ?? 0 }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const fanout = Array.from(
    { length: 256 },
    (_, byte) => sorted.filter(({ id }) => parseInt(id.slice(0, 2), 16) <= byte).length,
  );
  const body = Buffer.concat([
    words([0xff744f63, 2, ...fanout]),
    Buffer.from(sorted.map(({ id }) => id).join(''), 'hex'),
    words(sorted.map(() => 0)),
    words(sorted.map(({ offset }) => offset)),
    packSum,
  ]);
  return Buffer.concat([body, sha1(body)]);
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, n) => bytes.writeUInt32BE(number, n * 4));
  return bytes;
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}
