/** Bzip2: one stream or several in a row, a block at a time. Checksums of blocks and streams are checked. */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { bitReader, type BitReader } from './bits.ts';
import { bzip2Crc } from './bzip2-crc.ts';
import { readCodes, symbolReader } from './bzip2-codes.ts';
import type { Decoder } from './decoder.ts';

const blockMark = 0x314159265359;
const endMark = 0x177245385090;
const levelBytes = 100_000;
/** A block of 900 kB has at most so many bytes packed: each symbol in 20 bits, and the tables. */
const mostPacked = 2_400_000;
const nearFront = 48;
/** Of a block, which unfolds to at most 51 times its length, so much is given at once. */
const pieceBytes = 1 << 20;

/** The reader is left behind the last stream. */
export function bunzip2(reader: Reader, budget: Budget): Decoder {
  let blockBytes = 0;
  let streamCrc = 0;
  /** Bits of the byte at hand that were used. */
  let bit = 0;
  let isFirst = true;
  /** Used for one block after another. */
  let links = new Uint32Array(0);
  /** The block at hand, as far as it is still to be given. */
  let block: Unfolding | undefined;

  function* begin(): Steps<boolean> {
    const head = yield* reader.peek(4);
    const level = (head[3] ?? 0) - 0x30;
    const isStream = head.toString('latin1', 0, 3) === 'BZh' && level >= 1 && level <= 9;
    if (!isStream) {
      if (isFirst) throw damaged('it does not begin as bzip2');
      return false;
    }
    isFirst = false;
    reader.drop(4);
    blockBytes = level * levelBytes;
    streamCrc = 0;
    bit = 0;
    return true;
  }

  return {
    release: () => undefined,
    *next() {
      for (;;) {
        const piece = block && unfold(block, links);
        if (block && piece && piece.length > 0) {
          budget.spend(piece.length);
          block.sum = bzip2Crc(piece, block.sum);
          return piece;
        }
        if (block && block.sum !== block.crc) {
          throw damaged('the checksum of a bzip2 block is wrong');
        }
        block = undefined;
        if (blockBytes === 0 && !(yield* begin())) return undefined;
        const bits = bitReader(yield* reader.peek(mostPacked), bit);
        const mark = bits.read(24) * 2 ** 24 + bits.read(24);
        const crc = bits.read(16) * 2 ** 16 + bits.read(16);
        if (mark === endMark) {
          if (crc !== streamCrc) throw damaged('the checksum of the bzip2 data is wrong');
          reader.drop(bits.usedBytes());
          blockBytes = 0;
          continue;
        }
        if (mark !== blockMark) throw damaged('a bzip2 block does not begin as one');
        if (links.length < blockBytes) links = new Uint32Array(blockBytes);
        block = { ...readBlock(bits, links.subarray(0, blockBytes)), crc, sum: 0 };
        streamCrc = (((streamCrc << 1) | (streamCrc >>> 31)) ^ crc) >>> 0;
        reader.drop(bits.wholeBytes());
        bit = bits.bitInByte();
      }
    },
  };
}

/** How far a block was unfolded. */
interface Unfolding {
  /** The next link, and how many are left. */
  link: number;
  left: number;
  last: number;
  /** How many of `last` there were in a row. */
  repeated: number;
  /** As it is to be, and of what was given so far. */
  readonly crc: number;
  sum: number;
}

function readBlock(bits: BitReader, links: Uint32Array): Omit<Unfolding, 'crc' | 'sum'> {
  if (bits.read(1) !== 0)
    throw damaged('a bzip2 block is randomised, which nothing writes any more');
  const origin = bits.read(24);
  const codes = readCodes(bits);
  const counts = new Uint32Array(256);
  const length = readSymbols(bits, codes, links, counts);
  if (origin >= length) throw damaged('a bzip2 block points outside of itself');
  sortLinks(links, counts, length);
  return { link: (links[origin] as number) >>> 8, left: length, last: -1, repeated: 0 };
}

/** Runs and move-to-front positions → bytes, in the low 8 bits of `into`. Returns how many. */
function readSymbols(
  bits: BitReader,
  codes: ReturnType<typeof readCodes>,
  into: Uint32Array,
  counts: Uint32Array,
): number {
  const next = symbolReader(bits, codes);
  const front = Uint8Array.from(codes.bytes);
  const end = codes.bytes.length + 1;
  let length = 0;
  for (;;) {
    let symbol = next();
    let run = 0;
    for (let weight = 1; symbol <= 1; weight *= 2) {
      run += weight * (symbol + 1);
      if (run > into.length) throw damaged('a bzip2 block is longer than it may be');
      symbol = next();
    }
    if (length + run > into.length) throw damaged('a bzip2 block is longer than it may be');
    if (run > 0) {
      const byte = front[0] as number;
      counts[byte] = (counts[byte] as number) + run;
      into.fill(byte, length, length + run);
      length += run;
    }
    if (symbol === end) return length;
    if (length >= into.length) throw damaged('a bzip2 block is longer than it may be');
    const place = symbol - 1;
    const byte = front[place] as number;
    // Most are near the front: there a call takes longer than the loop.
    if (place > nearFront) front.copyWithin(1, 0, place);
    else for (let index = place; index > 0; index -= 1) front[index] = front[index - 1] as number;
    front[0] = byte;
    counts[byte] = (counts[byte] as number) + 1;
    into[length] = byte;
    length += 1;
  }
}

/** The inverse of the Burrows-Wheeler transform: puts above each byte which one follows it. */
function sortLinks(links: Uint32Array, counts: Uint32Array, length: number): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const count = counts[byte] as number;
    counts[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at += 1) {
    const byte = (links[at] as number) & 0xff;
    const place = counts[byte] as number;
    counts[byte] = place + 1;
    links[place] = (links[place] as number) | (at << 8);
  }
}

/** Follows the links on; four equal bytes are followed by how many more there are. Empty at the end of the block. */
function unfold(block: Unfolding, links: Uint32Array): Buffer {
  const mostOfRun = 255;
  const out = Buffer.allocUnsafe(Math.min(pieceBytes, block.left * mostOfRun) + mostOfRun);
  const full = out.length - mostOfRun;
  let { link, left, last, repeated } = block;
  let size = 0;
  for (; left > 0 && size < full; left -= 1) {
    const entry = links[link] as number;
    const byte = entry & 0xff;
    link = entry >>> 8;
    if (repeated === 4) {
      out.fill(last, size, size + byte);
      size += byte;
      repeated = 0;
      last = -1;
      continue;
    }
    repeated = byte === last ? repeated + 1 : 1;
    last = byte;
    out[size] = byte;
    size += 1;
  }
  Object.assign(block, { link, left, last, repeated });
  return out.subarray(0, size);
}
