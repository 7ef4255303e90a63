/** The Huffman codes of deflate64, whose bits come the lowest first. Knows nothing of what the symbols mean. */
import { damaged } from '../archive-error.ts';

const longestCode = 15;
/** Shorter codes, nearly all, are looked up by so many bits. */
export const quickBits = 10;

export interface CodeTable {
  /** By the next bits: symbol × 16 + length; 0 where the code is longer, or is none. */
  readonly quick: Uint16Array;
  /** By length: how many codes; and all symbols in the order of their codes. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** `lengths`: of each symbol's code in bits, 0 for none. */
export function codeTable(lengths: Uint8Array): CodeTable {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const nextCode = new Uint16Array(longestCode + 2);
  const nextPlace = new Uint16Array(longestCode + 2);
  for (let length = 1; length <= longestCode; length += 1) {
    const count = counts[length] as number;
    const end = (nextCode[length] as number) + count;
    if (end > 1 << length) throw damaged('the codes of deflate64 data make no sense');
    nextCode[length + 1] = end << 1;
    nextPlace[length + 1] = (nextPlace[length] as number) + count;
  }
  const quick = new Uint16Array(1 << quickBits);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const place = nextPlace[length] as number;
    nextPlace[length] = place + 1;
    symbols[place] = symbol;
    const code = nextCode[length] as number;
    nextCode[length] = code + 1;
    if (length > quickBits) continue;
    const entry = (symbol << 4) | length;
    for (let at = reversed(code, length); at < quick.length; at += 1 << length) quick[at] = entry;
  }
  return { quick, counts, symbols };
}

/** Bit by bit: symbol × 16 + length. Throws where there is no such code. */
export function longCode({ counts, symbols }: CodeTable, bits: number): number {
  let code = 0;
  let first = 0;
  let place = 0;
  for (let length = 1; length <= longestCode; length += 1) {
    code |= (bits >>> (length - 1)) & 1;
    const count = counts[length] as number;
    if (code - first < count) return ((symbols[place + code - first] as number) << 4) | length;
    place += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw damaged('a code of deflate64 data is none');
}

function reversed(code: number, length: number): number {
  let found = 0;
  for (let bit = 0; bit < length; bit += 1) found |= ((code >> bit) & 1) << (length - 1 - bit);
  return found;
}
