/** A PDF file → its objects: all that are written in it, the older ones too; no table of places is believed. */
import { ArchiveError, damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import { filters, unpredict } from './filters.ts';
import { createRoom, createSmallRoom, sizes, type Room } from './room.ts';
import { createLexer, isArray, isDictionary, isWord, nameOf, refOf } from './values.ts';
import type { Dictionary, PdfString, PdfValue } from './values.ts';

export interface PdfObject {
  readonly id: number;
  readonly value: PdfValue;
  /** Of a stream: its packed bytes in the file. */
  readonly stream?: { readonly from: number; readonly to: number };
  readonly strings: readonly PdfString[];
  /** Of what came out of a stream of objects: that stream's bytes. */
  readonly packedIn?: { readonly from: number; readonly to: number };
}

export interface PdfDocument {
  /** In their order in the file. */
  readonly objects: readonly PdfObject[];
  /** The newest of an id. */
  object(id: number): PdfObject | undefined;
  /** What a value is, or what it refers to. */
  resolve(value: PdfValue | undefined): PdfValue | undefined;
  /** Undefined where it holds no text. Throws ArchiveError where it cannot be unpacked. */
  unpack(object: PdfObject): Buffer | undefined;
}

const mostObjects = 2_000_000;
const mostFilters = 8;

export function openDocument(
  bytes: Buffer,
  budget: Budget,
  onDamage: (error: ArchiveError) => void,
): PdfDocument {
  const objects: PdfObject[] = [];
  const byId = new Map<number, PdfObject>();
  const room = createRoom();
  const ends: number[] = [];
  for (const at of placesOf(bytes, 'endstream')) {
    room.take(sizes.item);
    ends.push(at);
  }
  const document = { objects, object: (id: number) => byId.get(id), resolve, unpack };

  function resolve(value: PdfValue | undefined): PdfValue | undefined {
    const id = refOf(value);
    if (id === undefined) return value;
    const found = byId.get(id)?.value;
    // What refers to a reference is no sensible object.
    return refOf(found) === undefined ? found : undefined;
  }

  function unpack({ value, stream }: PdfObject): Buffer | undefined {
    if (!stream || !isDictionary(value)) return undefined;
    const named = resolve(value.get('Filter') ?? value.get('F'));
    const names = (isArray(named) ? named : [named]).flatMap((one) => nameOf(resolve(one)) ?? []);
    const parms = resolve(value.get('DecodeParms') ?? value.get('DP'));
    if (names.length > mostFilters)
      throw new ArchiveError('archive-limit', 'a stream in it is packed too often');
    let found = bytes.subarray(stream.from, stream.to);
    for (const [index, name] of names.entries()) {
      const filter = filters[name];
      if (!filter) return undefined;
      found = filter(found, () => onDamage(damaged('a stream in it is damaged')));
      budget.spend(found.length);
      found = withoutPredictor(found, resolve(isArray(parms) ? parms[index] : parms));
    }
    return found;
  }

  function withoutPredictor(found: Buffer, parms: PdfValue | undefined): Buffer {
    if (!isDictionary(parms)) return found;
    const number = (name: string, otherwise: number): number => {
      const value = resolve(parms.get(name));
      return typeof value === 'number' && value > 0 && value < 100_000 ? value : otherwise;
    };
    if (number('Predictor', 1) < 10) return found;
    const bits = number('Colors', 1) * number('BitsPerComponent', 8);
    return unpredict(found, number('Columns', 1), Math.max(1, Math.ceil(bits / 8)));
  }

  function keep(object: PdfObject): void {
    if (objects.length >= mostObjects) {
      throw new ArchiveError('archive-limit', `more than ${mostObjects} objects in it`);
    }
    room.take(sizes.object);
    objects.push(object);
    byId.set(object.id, object);
  }

  for (const direct of directObjects(bytes, ends, room, resolve)) keep(direct);
  refuseEncrypted(bytes, objects, room, resolve);
  // What comes out is no stream itself.
  for (const packed of objects.slice()) {
    if (!isDictionary(packed.value) || nameOf(packed.value.get('Type')) !== 'ObjStm') continue;
    try {
      for (const one of objectsIn(packed, packed.value, room, unpack(packed))) keep(one);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.endsAll) throw error;
      onDamage(error);
    }
  }
  return document;
}

function* directObjects(
  bytes: Buffer,
  ends: readonly number[],
  room: Room,
  resolve: PdfDocument['resolve'],
): Generator<PdfObject> {
  let done = 0;
  for (let at = bytes.indexOf('obj'); at >= 0; at = bytes.indexOf('obj', Math.max(at + 3, done))) {
    const before = /(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{0,8}$/.exec(
      bytes.toString('latin1', Math.max(done, at - 40), at),
    );
    if (!before) continue;
    const strings: PdfString[] = [];
    const lexer = createLexer(bytes, at + 3, room, (one) => strings.push(one));
    const value = lexer.next() ?? null;
    done = lexer.at();
    const stream = isDictionary(value)
      ? streamBehind(bytes, done, value, ends, resolve)
      : undefined;
    if (stream) done = stream.to;
    yield { id: Number(before[1]), value, strings, ...(stream ? { stream } : {}) };
  }
}

function streamBehind(
  bytes: Buffer,
  at: number,
  value: Dictionary,
  ends: readonly number[],
  resolve: PdfDocument['resolve'],
): { from: number; to: number } | undefined {
  const word = /^[\s\0]{0,16}stream(?:\r\n|\n|\r)?/.exec(bytes.toString('latin1', at, at + 24));
  if (!word) return undefined;
  const from = at + word[0].length;
  const told = resolve(value.get('Length'));
  if (typeof told === 'number' && told >= 0 && from + told <= bytes.length) {
    const behind = bytes.toString('latin1', from + told, from + told + 12);
    if (/^[\s\0]{0,3}endstream/.test(behind)) return { from, to: from + told };
  }
  // A length that lies, or that is not known yet.
  return { from, to: ends[firstFrom(ends, from)] ?? bytes.length };
}

function firstFrom(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* placesOf(bytes: Buffer, word: string): Generator<number> {
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + word.length)) yield at;
}

/** Also where what says so was packed. */
function refuseEncrypted(
  bytes: Buffer,
  objects: readonly PdfObject[],
  room: Room,
  resolve: PdfDocument['resolve'],
): void {
  const refuse = (one: PdfValue | undefined): void => {
    if (isDictionary(one) && isDictionary(resolve(one.get('Encrypt'))))
      throw new ArchiveError('archive-encrypted', 'it is encrypted');
  };
  for (const one of trailersOf(bytes, room)) refuse(one);
  for (const { value } of objects) {
    if (isDictionary(value) && nameOf(value.get('Type')) === 'XRef') refuse(value);
  }
}

/** One that stands in the value of another is none. */
function* trailersOf(bytes: Buffer, room: Room): Generator<PdfValue | undefined> {
  let done = 0;
  for (const at of placesOf(bytes, 'trailer')) {
    if (at < done) continue;
    const lexer = createLexer(bytes, at + 'trailer'.length, room);
    yield lexer.next();
    done = lexer.at();
  }
}

function* objectsIn(
  packed: PdfObject,
  value: Dictionary,
  room: Room,
  content: Buffer | undefined,
): Generator<PdfObject> {
  const { stream } = packed;
  const first = value.get('First');
  const count = value.get('N');
  if (!content || !stream || typeof first !== 'number' || typeof count !== 'number') return;
  const tableRoom = createSmallRoom();
  const table = createLexer(content.subarray(0, first), 0, tableRoom);
  for (let left = count; left > 0; left -= 1) {
    tableRoom.clear();
    const id = table.next();
    const at = table.next();
    if (typeof id !== 'number' || typeof at !== 'number') return;
    const strings: PdfString[] = [];
    const one =
      createLexer(content, first + at, room, (string) => strings.push(string)).next() ?? null;
    if (isWord(one, 'endobj')) continue;
    yield { id, value: one, strings, packedIn: stream };
  }
}
