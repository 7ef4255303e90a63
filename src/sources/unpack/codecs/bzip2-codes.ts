/** The tables of a bzip2 block: which bytes it has, its Huffman codes, and which of them is used when. */
import { damaged } from '../archive-error.ts';
import type { BitReader } from './bits.ts';

const longestCode = 20;
const groupSymbols = 50;

export interface BlockCodes {
  /** Bytes that the block holds, ascending. */
  readonly bytes: readonly number[];
  readonly tables: readonly CodeTable[];
  /** Which table each group of 50 symbols uses. */
  readonly selectors: Uint8Array;
}

interface CodeTable {
  /** By length: the highest code, −1 where there is none. */
  readonly most: Int32Array;
  /** By length: what is taken off a code for its place among the symbols. */
  readonly offset: Int32Array;
  readonly symbols: Uint16Array;
  readonly shortest: number;
}

export function readCodes(bits: BitReader): BlockCodes {
  const bytes: number[] = [];
  const ranges = bits.read(16);
  for (let high = 0; high < 16; high += 1) {
    if (!(ranges & (0x8000 >> high))) continue;
    const used = bits.read(16);
    for (let low = 0; low < 16; low += 1) if (used & (0x8000 >> low)) bytes.push(high * 16 + low);
  }
  const tableCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (bytes.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount === 0) {
    throw damaged('the tables of a bzip2 block make no sense');
  }
  const order = Array.from({ length: tableCount }, (_, index) => index);
  const selectors = Uint8Array.from({ length: selectorCount }, () => {
    let place = 0;
    while (bits.read(1) === 1)
      if ((place += 1) >= tableCount) throw damaged('a bzip2 selector makes no sense');
    const [table = 0] = order.splice(place, 1);
    order.unshift(table);
    return table;
  });
  const tables = Array.from({ length: tableCount }, () => readTable(bits, bytes.length + 2));
  return { bytes, tables, selectors };
}

function readTable(bits: BitReader, symbols: number): CodeTable {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (;;) {
      if (length < 1 || length > longestCode) throw damaged('a bzip2 code is too long');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const most = new Int32Array(longestCode + 2).fill(-1);
  const offset = new Int32Array(longestCode + 2);
  const sorted = new Uint16Array(symbols);
  let code = 0;
  let place = 0;
  for (let size = 1; size <= longestCode; size += 1) {
    offset[size] = code - place;
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      if (lengths[symbol] !== size) continue;
      sorted[place] = symbol;
      place += 1;
      code += 1;
    }
    most[size] = code - 1;
    code *= 2;
  }
  return { most, offset, symbols: sorted, shortest: Math.min(...lengths) };
}

/** Gives one symbol after another. Throws when there is no such code, or no selector left. */
export function symbolReader(bits: BitReader, { tables, selectors }: BlockCodes): () => number {
  let group = -1;
  let left = 0;
  let table = tables[0] as CodeTable;
  return () => {
    if (left === 0) {
      group += 1;
      if (group >= selectors.length) throw damaged('a bzip2 block has too few selectors');
      table = tables[selectors[group] as number] as CodeTable;
      left = groupSymbols;
    }
    left -= 1;
    const { most, offset, symbols, shortest } = table;
    let size = shortest;
    let code = bits.read(size);
    while (size <= longestCode) {
      if (code <= (most[size] as number)) {
        const place = code - (offset[size] as number);
        if (place >= 0 && place < symbols.length) return symbols[place] as number;
      }
      code = code * 2 + bits.read(1);
      size += 1;
    }
    throw damaged('a bzip2 code is none');
  };
}
