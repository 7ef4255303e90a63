/** SQLite databases: the text of tables and indexes, of pages that are free, and of deleted rows. */
import type { Steps } from '../steps.ts';
import { treePage, type Cell, type TreePage } from '../sqlite/cells.ts';
import { openDatabase, type Database } from '../sqlite/database.ts';
import { deletedRows, type Column } from '../sqlite/deleted.ts';
import { columnWriter, piecesOf, putRow } from '../sqlite/rows.ts';
import { treeIn, type Tree } from '../sqlite/schema.ts';
import type { TextOut } from '../text/text-out.ts';
import { compiled, isDamage, type CompiledFile } from './compiled.ts';

export const sqlite = compiled('sqlite', { isPlain: false }, readDatabase);

function* readDatabase(file: CompiledFile): Steps<void> {
  const { job, access } = file;
  const database = openDatabase(access);
  const wide = database.encoding === 'utf-8' ? undefined : database.encoding;
  const trees: Tree[] = [];
  let damage: unknown;

  /** Walks the pages below one, and gives all that is in them to a text of their own. */
  function* walk(name: string, roots: Iterable<number>, onCell?: OnCell): Steps<void> {
    const out = file.open(name, wide);
    try {
      for (const root of roots) {
        const left = [root];
        for (let number = left.pop(); number !== undefined; number = left.pop()) {
          if (!isPage(database, number) || !database.visit(number)) continue;
          job.budget.work(database.pageBytes);
          if (job.budget.isTurnOver()) yield;
          left.push(...putPage(database, number, out, onCell, (error) => (damage ??= error)));
        }
      }
    } finally {
      out.end();
    }
  }

  yield* walk('(schema)', [1], (page, cell) => {
    const tree = treeIn(page, cell, database.encoding);
    if (tree) trees.push(tree);
  });
  for (const { name, root } of trees) yield* walk(`(${name})`, [root]);
  // Pages of tables that were dropped, and others that no table leads to.
  yield* walk('(free pages)', unvisited(database));
  if (damage) throw damage;
}

type OnCell = (page: Buffer, cell: Cell) => void;

function isPage({ pages }: Database, number: number): boolean {
  return number >= 1 && number <= pages;
}

function* unvisited(database: Database): Generator<number> {
  for (let number = 1; number <= database.pages; number += 1) {
    if (!database.isVisited(number)) yield number;
  }
}

/** → the pages below. A row that is damaged ends there; the others follow. */
function putPage(
  database: Database,
  number: number,
  out: TextOut,
  onCell: OnCell | undefined,
  onDamage: (error: unknown) => void,
): readonly number[] {
  const page = database.page(number);
  const tree = treePage(database, number, page) ?? freePage(database);
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!isDamage(error)) throw error;
      onDamage(error);
    }
  };
  for (const cell of tree.cells) {
    guarded(() => {
      onCell?.(page, cell);
      const name = cell.rowId === undefined ? '' : `${cell.rowId}\t`;
      putRow(piecesOf(database, page, number, cell), database.encoding, name, out);
    });
  }
  guarded(() => {
    for (const columns of deletedRows(database, page, tree)) {
      putColumns(database, page, database.placeOf(number), columns, out);
    }
  });
  return tree.children;
}

/** The list of free pages is written over the start of some, and what is behind it stays. */
function freePage({ usable }: Database): TreePage {
  const gap = { from: 8, to: usable };
  return { isTable: true, cells: [], children: [], gap, firstFreeBlock: 0 };
}

function putColumns(
  { encoding }: Database,
  page: Buffer,
  base: number,
  columns: readonly Column[],
  out: TextOut,
): void {
  out.say('(deleted)', base);
  for (const { from, to, isText } of columns) {
    out.say('\t', base + from);
    columnWriter(isText ? 13 : 12, encoding, out)(page.subarray(from, to), base + from);
  }
  out.line(base);
}
