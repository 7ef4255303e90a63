/** What stands at the start of a packed block of deflate64: its codes for lengths and for distances. */
import { damaged } from '../archive-error.ts';
import { codeTable, longCode, type CodeTable } from './deflate64-codes.ts';
import type { LowBits } from './low-bits.ts';

export interface Tables {
  /** Bytes, the end of the block, and lengths of copies. */
  readonly lengths: CodeTable;
  readonly distances: CodeTable;
}

/** In this order the lengths of the codes stand that the lengths of the codes are packed by. */
const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export function readTables(bits: LowBits): Tables {
  const lengthCount = 257 + bits.take(5);
  const distanceCount = 1 + bits.take(5);
  const orderCount = 4 + bits.take(4);
  const packed = new Uint8Array(19);
  for (const symbol of order.slice(0, orderCount)) packed[symbol] = bits.take(3);
  const table = codeTable(packed);
  const all = new Uint8Array(lengthCount + distanceCount);
  for (let at = 0; at < all.length;) {
    const found = longCode(table, bits.peek());
    bits.drop(found & 15);
    const symbol = found >> 4;
    if (symbol < 16) {
      all[at] = symbol;
      at += 1;
      continue;
    }
    if (symbol === 16 && at === 0) throw damaged('the codes of deflate64 data make no sense');
    const times =
      symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (at + times > all.length) throw damaged('the codes of deflate64 data make no sense');
    if (symbol === 16) all.fill(all[at - 1] as number, at, at + times);
    at += times;
  }
  return {
    lengths: codeTable(all.subarray(0, lengthCount)),
    distances: codeTable(all.subarray(lengthCount)),
  };
}

let fixed: Tables | undefined;

/** Those of blocks that bring none. */
export function fixedTables(): Tables {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  fixed ??= { lengths: codeTable(lengths), distances: codeTable(new Uint8Array(32).fill(5)) };
  return fixed;
}
