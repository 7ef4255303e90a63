/** The first page's tree → names of tables and indexes, and the pages that their trees begin at. */
import type { Cell } from './cells.ts';
import { columnTypes, sizeOf } from './rows.ts';

export interface Tree {
  readonly name: string;
  readonly root: number;
}

/** Of a row of sqlite_schema: type, name, table, root page, SQL. Long SQL lies elsewhere, behind all that. */
export function treeIn(page: Buffer, cell: Cell, encoding: string): Tree | undefined {
  const row = page.subarray(cell.payloadAt, cell.payloadAt + cell.localBytes);
  const { types, end } = columnTypes(row);
  const [kindType = 0, nameType = 0, tableType = 0, rootType = 0] = types;
  const nameAt = end + sizeOf(kindType);
  const rootAt = nameAt + sizeOf(nameType) + sizeOf(tableType);
  const size = sizeOf(rootType);
  if (size === 0 || size > 6 || rootAt + size > row.length) return undefined;
  const root = row.readUIntBE(rootAt, size);
  const bytes = row.subarray(nameAt, nameAt + sizeOf(nameType));
  const text =
    encoding === 'utf-8'
      ? bytes.toString('utf8')
      : (encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  return root > 0 ? { name: text, root } : undefined;
}
