/** Dynamic blocks with random codes, of up to 15 bits, and random symbols in them. */
import { blockStart, codesOf, dynamicCodes, type Field } from './deflate-writer.ts';

type Below = (limit: number) => number;

/** Sound blocks, or ones in which codes, symbols or distances may be wrong. */
export function randomBlocks(next: () => number, isSound: boolean): Field[] {
  const below: Below = (limit) => Math.floor(next() * limit);
  const fields: Field[] = [];
  const blocks = 1 + below(3);
  let made = 0;
  for (let block = 1; block <= blocks; block += 1) {
    const literals = withBlockEnd(randomCode(below, 257 + below(30), isSound));
    const distances = randomCode(below, 1 + below(30), isSound);
    fields.push(...blockStart('dynamic', block === blocks), ...dynamicCodes(literals, distances));
    const symbols = randomSymbols(below, literals, distances, isSound ? made : Infinity);
    fields.push(...symbols.fields);
    made += symbols.made;
  }
  return fields;
}

/** Lengths by symbol; a complete code when it is to be sound. */
function randomCode(below: Below, count: number, isSound: boolean): number[] {
  const leaves = [1, 1];
  const size = 2 + below(count - 1);
  while (leaves.length < size) {
    // The last leaf is the deepest: half of the time it is the one that is split.
    const at = below(2) ? leaves.length - 1 : below(leaves.length);
    const length = (leaves[at] ?? 0) + 1;
    if (length <= 15) leaves.splice(at, 1, length, length);
  }
  if (!isSound && below(2)) leaves[below(leaves.length)] = 1 + below(15);
  const lengths = Array.from({ length: count }, () => 0);
  for (const leaf of leaves.slice(0, count)) {
    let symbol = below(count);
    while (lengths[symbol] !== 0) symbol = (symbol + 1) % count;
    lengths[symbol] = leaf;
  }
  return lengths;
}

/** The end of the block takes another symbol's code when it has none. */
function withBlockEnd(lengths: number[]): number[] {
  const other = lengths.findIndex((length) => length > 0);
  const own = lengths[256] ?? 0;
  return own > 0 ? lengths : lengths.with(256, lengths[other] ?? 0).with(other, 0);
}

/** Distances stay within what was made before and here; `before` of Infinity allows any. */
function randomSymbols(
  below: Below,
  literals: readonly number[],
  distances: readonly number[],
  before: number,
): { readonly fields: Field[]; readonly made: number } {
  const [literalCodes, distanceCodes] = [codesOf(literals), codesOf(distances)];
  const used = literals.flatMap((length, symbol) => (length > 0 && symbol !== 256 ? symbol : []));
  const fields: Field[] = [];
  let made = 0;
  for (let i = used.length > 0 ? below(300) : 0; i > 0; i -= 1) {
    const symbol = used[below(used.length)] ?? 0;
    const code = literalCodes[symbol] ?? [0, 0];
    if (symbol < 256) {
      fields.push(code);
      made += 1;
      continue;
    }
    const near = distances.flatMap((length, distance) =>
      length > 0 && farthest(distance) <= before + made ? distance : [],
    );
    if (near.length === 0) continue;
    const distance = near[below(near.length)] ?? 0;
    const extra = below(32) & (2 ** lengthBits(symbol) - 1);
    fields.push(code, [extra, lengthBits(symbol)]);
    fields.push(distanceCodes[distance] ?? [0, 0], [below(8192), distanceBits(distance)]);
    made += shortest(symbol) + extra;
  }
  return { fields: [...fields, literalCodes[256] ?? [0, 0]], made };
}

function lengthBits(symbol: number): number {
  return symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2;
}

function shortest(symbol: number): number {
  if (symbol === 285) return 258;
  return symbol < 265 ? symbol - 254 : 3 + ((4 + ((symbol - 261) & 3)) << lengthBits(symbol));
}

function distanceBits(symbol: number): number {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

function farthest(symbol: number): number {
  return symbol < 4 ? symbol + 1 : (3 + (symbol & 1)) << distanceBits(symbol);
}
