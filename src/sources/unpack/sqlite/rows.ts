/** Rows → text: the columns that are text or bytes, on one line behind the number of the row. */
import { damaged } from '../archive-error.ts';
import { clean } from '../text/clean.ts';
import type { TextOut } from '../text/text-out.ts';
import { squeezeUtf16 } from '../../../core/detect/utf16.ts';
import type { Cell } from './cells.ts';
import { varint, type Database } from './database.ts';

/** A part of a row that lies in one piece. */
export interface Piece {
  readonly bytes: Buffer;
  /** In the file. */
  readonly at: number;
}

/** Where a row's bytes lie, page after page: each page of it is read when it is come to. */
export function* piecesOf(
  database: Database,
  page: Buffer,
  number: number,
  cell: Cell,
): Generator<Piece, void, undefined> {
  const { payloadAt, localBytes } = cell;
  const base = database.placeOf(number);
  yield { bytes: page.subarray(payloadAt, payloadAt + localBytes), at: base + payloadAt };
  let left = cell.payloadBytes - localBytes;
  let next = cell.overflow;
  while (left > 0) {
    if (next === 0) throw damaged('a row ends early');
    // A page belongs to one row: so no row leads in a circle.
    if (!database.visit(next)) throw damaged('two rows go on at the same page');
    const bytes = database.page(next);
    const size = Math.min(left, database.usable - 4);
    yield { bytes: bytes.subarray(4, 4 + size), at: database.placeOf(next) + 4 };
    left -= size;
    next = bytes.readUInt32BE(0);
  }
}

const mostColumns = 32_767;
const smallSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0] as const;

/** The list of columns must lie in the first piece, as it does but for thousands of columns. */
export function putRow(
  pieces: Iterable<Piece>,
  encoding: Database['encoding'],
  name: string,
  out: TextOut,
): void {
  let types: readonly number[] | undefined;
  let column = 0;
  let left = 0;
  let put = columnWriter(0, encoding, out);
  for (const { bytes, at } of pieces) {
    let from = 0;
    if (!types) {
      const header = columnTypes(bytes);
      types = header.types;
      from = header.end;
      left = sizeOf(types[0] ?? 0);
      put = columnWriter(types[0] ?? 0, encoding, out);
      out.say(name, at);
    }
    while (column < types.length) {
      const taken = Math.min(left, bytes.length - from);
      if (taken > 0) put(bytes.subarray(from, from + taken), at + from);
      from += taken;
      left -= taken;
      if (left > 0) break;
      if ((types[column] ?? 0) >= 12) out.say('\t', at + from);
      column += 1;
      left = sizeOf(types[column] ?? 0);
      put = columnWriter(types[column] ?? 0, encoding, out);
    }
  }
  if (types) out.say('\n', 0);
}

type WriteColumn = (bytes: Buffer, at: number) => void;

/** Numbers are passed over. */
export function columnWriter(
  type: number,
  encoding: Database['encoding'],
  out: TextOut,
): WriteColumn {
  if (type < 12) return () => undefined;
  if (type % 2 === 0 || encoding === 'utf-8') return (bytes, at) => out.add(clean(bytes), at);
  // The end of a page may part the two bytes of a unit.
  let half: { readonly byte: Buffer; readonly at: number } | undefined;
  return (bytes, at) => {
    const joined = half ? Buffer.concat([half.byte, bytes.subarray(0, 1)]) : undefined;
    if (half && joined) out.addPacked(clean(squeezeUtf16(joined, encoding)), half.at, 1);
    const rest = joined ? bytes.subarray(1) : bytes;
    const from = joined ? at + 1 : at;
    out.addWide(clean(squeezeUtf16(rest, encoding)), from);
    const even = rest.length & ~1;
    half = rest.length > even ? { byte: rest.subarray(even), at: from + even } : undefined;
  };
}

export function columnTypes(bytes: Buffer): { types: number[]; end: number } {
  const size = varint(bytes, 0);
  if (size.value < size.end || size.value > bytes.length) {
    throw damaged('a row has no sensible header');
  }
  const types: number[] = [];
  for (let at = size.end; at < size.value && types.length < mostColumns;) {
    const type = varint(bytes, at);
    types.push(type.value);
    at = type.end;
  }
  return { types, end: size.value };
}

export function sizeOf(type: number): number {
  return type < 12 ? (smallSizes[type] ?? 0) : Math.floor((type - 12) / 2);
}
