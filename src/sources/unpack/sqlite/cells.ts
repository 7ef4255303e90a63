/** A page of a b-tree → its cells: where their rows lie, and the pages below. */
import { varint, type Database } from './database.ts';

export interface Cell {
  /** In the page. */
  readonly payloadAt: number;
  /** Bytes of the row, those on other pages included. */
  readonly payloadBytes: number;
  /** Bytes of it on this page. */
  readonly localBytes: number;
  /** The page on which it goes on; 0 where all of it is here. */
  readonly overflow: number;
  readonly rowId: number | undefined;
  /** Behind all of it. */
  readonly end: number;
}

export interface TreePage {
  /** Rows have numbers. */
  readonly isTable: boolean;
  readonly cells: readonly Cell[];
  readonly children: readonly number[];
  /** What lies between the list of cells and their contents. */
  readonly gap: { readonly from: number; readonly to: number };
  readonly firstFreeBlock: number;
}

const interiorIndex = 2;
const interiorTable = 5;
const leafIndex = 10;
const leafTable = 13;

/** Undefined where the page is none of a tree. Cells that cannot be are left out. */
export function treePage(database: Database, number: number, page: Buffer): TreePage | undefined {
  const head = number === 1 ? 100 : 0;
  const kind = page[head];
  const isInterior = kind === interiorIndex || kind === interiorTable;
  if (!isInterior && kind !== leafIndex && kind !== leafTable) return undefined;
  const count = page.readUInt16BE(head + 3);
  const listAt = head + (isInterior ? 12 : 8);
  const listEnd = listAt + count * 2;
  if (listEnd > database.usable) return undefined;
  const cells: Cell[] = [];
  const children = isInterior ? [page.readUInt32BE(head + 8)] : [];
  for (let entry = listAt; entry < listEnd; entry += 2) {
    const at = page.readUInt16BE(entry);
    if (at < listEnd || at + 4 > database.usable) continue;
    if (isInterior) children.push(page.readUInt32BE(at));
    if (kind === interiorTable) continue;
    const cell = cellAt(database, page, isInterior ? at + 4 : at, kind === leafTable);
    if (cell) cells.push(cell);
  }
  const contentAt = page.readUInt16BE(head + 5) || 65_536;
  return {
    isTable: kind === leafTable || kind === interiorTable,
    cells,
    children,
    gap: { from: listEnd, to: Math.min(contentAt, database.usable) },
    firstFreeBlock: page.readUInt16BE(head + 1),
  };
}

export function cellAt(
  { usable, pages, pageBytes }: Database,
  page: Buffer,
  at: number,
  isTable: boolean,
): Cell | undefined {
  if (at + 18 > page.length && at + 2 > usable) return undefined;
  const size = varint(page, at);
  const row = isTable ? varint(page, size.end) : undefined;
  const payloadAt = row?.end ?? size.end;
  const payloadBytes = size.value;
  if (payloadBytes > pages * pageBytes) return undefined;
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  let localBytes = payloadBytes;
  let overflow = 0;
  if (payloadBytes > most) {
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const kept = least + ((payloadBytes - least) % (usable - 4));
    localBytes = kept <= most ? kept : least;
    if (payloadAt + localBytes + 4 > usable) return undefined;
    overflow = page.readUInt32BE(payloadAt + localBytes);
  }
  const end = payloadAt + localBytes + (overflow > 0 ? 4 : 0);
  if (end > usable) return undefined;
  return { payloadAt, payloadBytes, localBytes, overflow, rowId: row?.value, end };
}
