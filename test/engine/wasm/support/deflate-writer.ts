/** Deflate streams written by hand: what no compressor writes. */
import { inflateRawSync } from 'node:zlib';

/** A value and how many bits it takes; the lowest is written first. */
export type Field = readonly [value: number, bits: number];

export function packBits(fields: readonly Field[]): Buffer {
  const length = fields.reduce((sum, [, bits]) => sum + bits, 0);
  const bytes = Buffer.alloc(Math.ceil(length / 8));
  let at = 0;
  for (const [value, bits] of fields) {
    for (let i = 0; i < bits; i += 1, at += 1) {
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (((value >> i) & 1) << (at & 7));
    }
  }
  return bytes;
}

/** With the checksum of what node:zlib makes of them; with none when it makes nothing. */
export function zlibStream(fields: readonly Field[]): Buffer {
  return withChecksum(packBits(fields));
}

/** Blocks without a header → a stream with the right checksum, behind their end as node:zlib sees it. */
export function withChecksum(blocks: Buffer): Buffer {
  const header = Buffer.from([0x78, 0x9c]);
  const checksum = Buffer.alloc(4);
  try {
    const { buffer, engine } = inflateRawSync(blocks, { info: true }) as unknown as Inflated;
    checksum.writeUInt32BE(adler32(buffer));
    return Buffer.concat([header, blocks.subarray(0, engine.bytesWritten), checksum]);
  } catch {
    // Nobody will come to read it.
    return Buffer.concat([header, blocks, checksum]);
  }
}

/** What node:zlib returns for `info: true`, which its types do not tell. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

export function adler32(bytes: Uint8Array): number {
  let sum = 1;
  let sumOfSums = 0;
  for (const byte of bytes) {
    sum = (sum + byte) % 65_521;
    sumOfSums = (sumOfSums + sum) % 65_521;
  }
  return sumOfSums * 65_536 + sum;
}

/** The first bits of a block. */
export function blockStart(kind: 'stored' | 'fixed' | 'dynamic' | 'none', isLast = true): Field[] {
  return [
    [isLast ? 1 : 0, 1],
    [['stored', 'fixed', 'dynamic', 'none'].indexOf(kind), 2],
  ];
}

/** A code for code lengths in which each length from 0 to 15 has four bits, and no repeats exist. */
const flatCode = Array.from({ length: 19 }, (_, symbol) => (symbol < 16 ? 4 : 0));
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The codes of a dynamic block, by symbol, as their lengths; 257 to 286 literals, 1 to 30 distances. */
export function dynamicCodes(literals: readonly number[], distances: readonly number[]): Field[] {
  const lengths = [...literals, ...distances];
  return [
    ...dynamicCounts(literals.length, distances.length, flatCode),
    ...lengths.map((length): Field => [reverse(length, 4), 4]),
  ];
}

/** What comes before the lengths of the codes themselves. */
export function dynamicCounts(
  literals: number,
  distances: number,
  codeLengths: readonly number[],
): Field[] {
  return [
    [literals - 257, 5],
    [distances - 1, 5],
    [15, 4],
    ...codeLengthOrder.map((symbol): Field => [codeLengths[symbol] ?? 0, 3]),
  ];
}

/** The canonical code with these lengths, by symbol. */
export function codesOf(lengths: readonly number[]): Field[] {
  const codes = lengths.map((): Field => [0, 0]);
  let code = 0;
  for (let length = 1; length <= 15; length += 1, code <<= 1) {
    for (const [symbol, own] of lengths.entries()) {
      if (own === length) codes[symbol] = [reverse(code++, length), length];
    }
  }
  return codes;
}

export function codeOf(lengths: readonly number[], symbol: number): Field {
  return codesOf(lengths)[symbol] ?? [0, 0];
}

function reverse(code: number, bits: number): number {
  let reversed = 0;
  for (let i = 0; i < bits; i += 1) reversed |= ((code >> i) & 1) << (bits - 1 - i);
  return reversed;
}

/** The lengths of the codes of a fixed block. */
export const fixedLiterals: readonly number[] = Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
export const fixedDistances: readonly number[] = Array.from({ length: 32 }, () => 5);
