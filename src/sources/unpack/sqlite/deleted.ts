/** Rows that were deleted and not yet overwritten: what is free of a page still holds them. */
import { squeezeUtf16 } from '../../../core/detect/utf16.ts';
import { clean } from '../text/clean.ts';
import type { TreePage } from './cells.ts';
import { varint, type Database } from './database.ts';
import { sizeOf } from './rows.ts';

/** A column that is text or bytes, in the page. */
export interface Column {
  readonly from: number;
  readonly to: number;
  readonly isText: boolean;
}

interface Row {
  readonly columns: readonly Column[];
  /** Behind it. */
  readonly end: number;
}

/** Deleted rows as far as they can be told: where sizes agree with what they are sizes of. */
export function* deletedRows(
  database: Database,
  page: Buffer,
  tree: TreePage,
): Generator<readonly Column[]> {
  yield* rowsIn(database, page, tree, tree.gap.from, tree.gap.to);
  // In order of their places, so that there is no circle.
  for (let at = tree.firstFreeBlock, last = 0; at > last && at + 4 <= database.usable;) {
    const to = Math.min(at + page.readUInt16BE(at + 2), database.usable);
    yield* rowsIn(database, page, tree, at, to);
    last = at;
    at = page.readUInt16BE(at);
  }
}

/** Whole cells, and blocks that were free on their own before they became a part of this. */
function* rowsIn(
  database: Database,
  page: Buffer,
  { isTable }: TreePage,
  from: number,
  to: number,
): Generator<readonly Column[]> {
  for (let at = from; at + 4 < to; at += 1) {
    const whole = page[at] === 0 ? undefined : wholeRow(page, at, to, isTable);
    const row = whole ?? rowOfBlock(page, at, to, database.encoding);
    if (!row) continue;
    yield row.columns;
    at = row.end - 1;
  }
}

/** Shorter ones hold no key. */
const leastRow = 16;

/** All sizes of a cell agree. Asked at every byte, so nothing is thrown. */
function wholeRow(page: Buffer, from: number, to: number, isTable: boolean): Row | undefined {
  if (from + leastRow > to) return undefined;
  const size = varint(page, from);
  const payloadAt = isTable && size.end + 9 <= to ? varint(page, size.end).end : size.end;
  const end = payloadAt + size.value;
  const headerBytes = page[payloadAt] ?? 0;
  if (size.value < leastRow || end > to || headerBytes < 2 || headerBytes > 127) return undefined;
  const types: number[] = [];
  let at = payloadAt + 1;
  for (const behind = payloadAt + headerBytes; at < behind;) {
    if (at + 9 > page.length) return undefined;
    const type = varint(page, at);
    types.push(type.value);
    at = type.end;
  }
  const columns = columnsOf(types, payloadAt + headerBytes, end);
  return columns && { columns, end };
}

/** A block's own header lies over the first bytes of its row: its sizes, and perhaps a type or two. */
const lostBytes = 4;
const leastBlock = leastRow;
const farthestTypes = 16;
const mostColumns = 64;
/** Columns whose types were lost are numbers, most often the row's own. */
const mostLostBytes = 8;

/** The list of columns is where, with all that is listed, it ends with the block. */
function rowOfBlock(
  page: Buffer,
  from: number,
  most: number,
  encoding: Database['encoding'],
): Row | undefined {
  const to = from + page.readUInt16BE(from + 2);
  const next = page.readUInt16BE(from);
  if (to > most || to < from + leastBlock || (next > 0 && next < from)) return undefined;
  let best: { columns: readonly Column[]; lost: number } | undefined;
  for (let start = from + lostBytes; start < Math.min(from + farthestTypes, to); start += 1) {
    const types: number[] = [];
    let size = 0;
    for (let at = start; types.length < mostColumns && at + 9 < to;) {
      const type = varint(page, at);
      types.push(type.value);
      size += sizeOf(type.value);
      at = type.end;
      const lost = to - at - size;
      if (lost < 0) break;
      if (lost > mostLostBytes || (best && lost >= best.lost)) continue;
      const columns = columnsOf(types, at + lost, to);
      if (columns?.every((column) => isReadable(page, column, encoding))) {
        best = { columns, lost };
      }
    }
  }
  return best && { columns: best.columns, end: to };
}

function isReadable(
  page: Buffer,
  { from, to, isText }: Column,
  encoding: Database['encoding'],
): boolean {
  const bytes = page.subarray(from, to);
  const text = isText && encoding !== 'utf-8' ? squeezeUtf16(bytes, encoding) : bytes;
  return clean(text) === text;
}

/** Undefined where they do not end at `to`, or none is text or bytes. */
function columnsOf(types: readonly number[], from: number, to: number): Column[] | undefined {
  const columns: Column[] = [];
  let at = from;
  for (const type of types) {
    const end = at + sizeOf(type);
    if (type >= 13 && end > at) columns.push({ from: at, to: end, isText: type % 2 === 1 });
    at = end;
  }
  return at === to && columns.length > 0 ? columns : undefined;
}
