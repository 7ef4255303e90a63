/**
 * zlib streams (RFC 1950 and 1951) → bytes. Accepts what zlib accepts, but for preset dictionaries.
 * Made for many small streams, as git's objects are: tables are built quickly or not at all.
 */

/** The stream goes on behind the end of the source. */
export const inputEnded: i32 = -1;
/** The stream holds more than the target has room for. */
export const outputFull: i32 = -2;
/** Not a zlib stream, or a damaged one. */
export const badData: i32 = -3;
/** Everything is well formed, but the bytes do not have the sum that the stream names. */
export const badChecksum: i32 = -4;

const ok: i32 = 0;

/**
 * Inflates the one complete stream that starts at `source`; other bytes may follow it. Returns how many
 * bytes were written, or one of the codes above; the target may have been written to then, too.
 * Of the source nothing outside [source, sourceEnd) is read. Up to 16 bytes behind targetEnd are read and
 * written: leave 64 there.
 */
export function inflate(source: usize, sourceEnd: usize, target: usize, targetEnd: usize): i32 {
  openInput(source, sourceEnd);
  outputStart = target;
  output = target;
  outputEnd = targetEnd;
  let result = readHeader();
  if (result == ok) result = readBlocks();
  // Bits that are not there read as zeros: whatever they led to, the reason is their absence.
  if (isOverrun()) return inputEnded;
  if (result == ok) result = readChecksum();
  return result == ok ? <i32>(output - target) : result;
}

/** The address right behind the stream that the last call inflated. */
export function inflatedFrom(): usize {
  return at - <usize>(held >> 3) + movedBy;
}

// Input: `held` bits wait in `bits`, the lowest first; the next byte to fetch is at `at`. Bits above
// `held` may be set, and are then those of the bytes at `at`: fetching them again changes nothing.
let bits: u64 = 0;
let held: u64 = 0;
let at: usize = 0;
let inputEnd: usize = 0;
/** Two refills that start here, or before, stay inside the input. */
let lastRefill: usize = 0;
/** What was subtracted from addresses in the source when its last bytes moved to `tail`. */
let movedBy: usize = 0;

let outputStart: usize = 0;
let output: usize = 0;
let outputEnd: usize = 0;

/** How far two refills reach: the first moves by up to seven bytes, the second fetches eight. */
const refillReach: usize = 16;
/** The last bytes of the source, then zeros, so that refills need not look where the source ends. */
const tail: usize = memory.data(64, 16);

function openInput(source: usize, sourceEnd: usize): void {
  bits = 0;
  held = 0;
  at = source;
  inputEnd = sourceEnd;
  lastRefill = sourceEnd < refillReach ? 0 : sourceEnd - refillReach;
  movedBy = 0;
}

/** False when the input is used up: call it before each one or two refills. */
function mayRefill(): bool {
  if (at <= lastRefill) return true;
  if (movedBy != 0) return false;
  moveToTail();
  return true;
}

function moveToTail(): void {
  // Whole bytes that are held go along: what is not in bits is read from where they lie.
  const first = at - <usize>(held >> 3);
  const size = inputEnd > first ? inputEnd - first : 0;
  memory.fill(tail, 0, 64);
  memory.copy(tail, first, size);
  movedBy = first - tail;
  at -= movedBy;
  inputEnd = tail + size;
  // Up to seven bytes behind the end may be held while the stream is still whole.
  lastRefill = inputEnd + 7;
}

/** Afterwards at least 56 bits are held. */
function refill(): void {
  bits |= load<u64>(at) << held;
  at += <usize>((63 - held) >> 3);
  held |= 56;
}

function take(count: u64): u32 {
  const taken = (<u32>bits) & ((1 << (<u32>count)) - 1);
  bits >>= count;
  held -= count;
  return taken;
}

function isOverrun(): bool {
  return at - <usize>(held >> 3) > inputEnd;
}

function readHeader(): i32 {
  if (!mayRefill()) return inputEnded;
  refill();
  const method = take(8);
  const flags = take(8);
  const isDeflate = (method & 15) == 8 && method >> 4 <= 7;
  const hasDictionary = (flags & 32) != 0;
  if (!isDeflate || hasDictionary || ((method << 8) | flags) % 31 != 0) return badData;
  return ok;
}

function readBlocks(): i32 {
  let isLast = false;
  while (!isLast) {
    if (!mayRefill()) return inputEnded;
    refill();
    isLast = take(1) == 1;
    const kind = take(2);
    let result = badData;
    if (kind == 0) result = copyStored();
    else if (kind == 1) result = readFixed();
    else if (kind == 2) result = readDynamic();
    if (result != ok) return result;
  }
  return ok;
}

function readFixed(): i32 {
  const literalMask: u32 = (1 << fixedLiteralBits) - 1;
  const distanceMask: u32 = (1 << fixedDistanceBits) - 1;
  return readCodes(fixedLiterals, literalMask, fixedDistances, distanceMask);
}

function copyStored(): i32 {
  dropToByte();
  if (at + 4 > inputEnd) return inputEnded;
  const length = <usize>load<u16>(at);
  if (<u32>length != ((<u32>load<u16>(at, 2)) ^ 0xffff)) return badData;
  at += 4;
  if (length > inputEnd - at) return inputEnded;
  if (length > outputEnd - output) return outputFull;
  memory.copy(output, at, length);
  at += length;
  output += length;
  return ok;
}

/** Goes on at the first whole byte of which no bit was read. */
function dropToByte(): void {
  at -= <usize>(held >> 3);
  bits = 0;
  held = 0;
}

/** The four bytes behind the last block: the Adler-32 of everything written. */
function readChecksum(): i32 {
  dropToByte();
  if (at + 4 > inputEnd) return inputEnded;
  const expected = bswap(load<u32>(at));
  at += 4;
  return adler32(outputStart, output) == expected ? ok : badChecksum;
}

const adlerModulus: u32 = 65521;
/** As many bytes as can be summed before a 32-bit lane may overflow; a multiple of 16 (zlib: 5552). */
const adlerStretch: usize = 5552;
const adlerWeights: usize = memory.data<u16>([
  16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
]);

function adler32(from: usize, to: usize): u32 {
  let sum: u32 = 1;
  let sumOfSums: u32 = 0;
  const frontWeights = v128.load(adlerWeights);
  const backWeights = v128.load(adlerWeights, 16);
  while (from + 16 <= to) {
    const stretch = min(to - from, adlerStretch) & ~15;
    const stretchEnd = from + stretch;
    let sums = i32x4.splat(0);
    let sumsBefore = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    sumOfSums += sum * <u32>stretch;
    for (; from < stretchEnd; from += 16) {
      const bytes = v128.load(from);
      sumsBefore = i32x4.add(sumsBefore, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      const front = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), frontWeights);
      const back = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), backWeights);
      weighted = i32x4.add(weighted, i32x4.add(front, back));
    }
    sum = (sum + addLanes(sums)) % adlerModulus;
    weighted = i32x4.add(weighted, i32x4.shl(sumsBefore, 4));
    sumOfSums = (sumOfSums + addLanes(weighted)) % adlerModulus;
  }
  for (; from < to; from++) {
    sum += load<u8>(from);
    sumOfSums += sum;
  }
  return ((sumOfSums % adlerModulus) << 16) | (sum % adlerModulus);
}

function addLanes(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

// A table's entry says what a code means and how many bits to drop for it:
//   literal      isLiteral | byte << 16 | bits of the code
//   length and   base << 16 | bits of the code << 8 | bits of the code and of the extra bits
//   distance
//   subtable     isSpecial | isSubtable | first entry << 16 | its bits << 8 | bits of the main table
//   other        isSpecial, with isBlockEnd or without (no such code), bits of the code
//   code length  length << 24, or repeatsLast, and like a length: how often << 16 ...
// A shift looks at the low five or six bits of its count, no more: `entry` and `entry >> 8` are counts.
const isLiteral: u32 = 0x8000_0000;
const isSpecial: u32 = 0x8000;
const isSubtable: u32 = 0x4000;
const isBlockEnd: u32 = 0x2000;
const repeatsLast: u32 = 0x8000_0000;

// Entries that lack the bits of their codes, by symbol. Each bit adds one to both counts of bits.
const literalCount: u32 = 288;
const distanceCount: u32 = 32;
const codeLengthCount: u32 = 19;
const literalMeanings: usize = memory.data(literalCount * 4, 16);
const distanceMeanings: usize = memory.data(distanceCount * 4, 16);
const codeLengthMeanings: usize = memory.data(codeLengthCount * 4, 16);
const codeBit: u32 = 0x101;

const fixedLiteralBits: u32 = 9;
const fixedDistanceBits: u32 = 5;
const fixedLiterals: usize = memory.data(4 << fixedLiteralBits, 16);
const fixedDistances: usize = memory.data(4 << fixedDistanceBits, 16);

// How many bits are looked up at once: more make larger tables, fewer make more subtables (measured:
// 9 to 11 differ by less than a tenth). A subtable of 2^n entries holds at least n + 1 codes, and n is at
// most 15 less the bits of the main table: so many subtables of so many entries are the most there can be.
const literalBits: u32 = 11;
const literals: usize = memory.data((2048 + (286 / 5 + 1) * 16) * 4, 16);
const distanceBits: u32 = 8;
const distances: usize = memory.data((256 + (30 / 8 + 1) * 128) * 4, 16);
const codeLengthBits: u32 = 7;
const codeLengthTable: usize = memory.data(4 << codeLengthBits, 16);

/**
 * Bits of each code of the block, by symbol: literals and lengths, then distances, then zeros. There is
 * room for the longest repeat behind the last.
 */
const codeLengthsSize: i32 = 480;
const codeLengths: usize = memory.data(codeLengthsSize, 16);
let lengthsRead: u32 = 0;
let lastLength: u32 = 0;
/** Stands for the length before the first; larger than any. */
const noLength: u32 = 0x80;

/** How many codes have a length, by length. */
const countsSize: i32 = 16 * 2;
const literalCounts: usize = memory.data(countsSize, 16);
const distanceCounts: usize = memory.data(countsSize, 16);
const codeLengthCounts: usize = memory.data(countsSize, 16);

/** Symbols by the length of their codes, then by number: the order of the codes. */
const sorted: usize = memory.data(literalCount * 2, 16);
/** Where in `sorted` the next symbol with a length goes, by length. */
const places: usize = memory.data(16 * 2, 16);
/** Bytes with their bits in reverse. */
const reversed: usize = memory.data(256, 16);
// What a main table has no room for: from this symbol and this code on.
let longSymbols: usize = 0;
let longCode: u32 = 0;

/** How the bytes at distance 1 to 15 before the output repeat: by distance, which of them come next. */
const patterns: usize = memory.data(16 * 16, 16);

/** The order in which a block names the lengths of the codes for code lengths. */
const codeLengthOrder: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

function readDynamic(): i32 {
  const usedLiterals = take(5) + 257;
  const usedDistances = take(5) + 1;
  const usedCodeLengths = take(4) + 4;
  if (usedLiterals > 286 || usedDistances > 30) return badData;
  const codeLengthMask = readCodeLengthCode(usedCodeLengths);
  if (codeLengthMask < 0) return badData;

  clear(codeLengths, codeLengthsSize);
  clear(literalCounts, countsSize);
  clear(distanceCounts, countsSize);
  lengthsRead = 0;
  lastLength = noLength;
  const used = usedLiterals + usedDistances;
  let result = readCodeLengths(usedLiterals, codeLengthMask, literalCounts);
  if (result != ok) return result;
  moveCounts(lengthsRead - usedLiterals);
  result = readCodeLengths(used, codeLengthMask, distanceCounts);
  if (result != ok) return result;
  if (lengthsRead != used || load<u8>(codeLengths + 256) == 0) return badData;

  const bitsOfLiterals = buildTable(
    codeLengths,
    usedLiterals,
    literalCounts,
    literalMeanings,
    literals,
    literalBits,
  );
  if (bitsOfLiterals < 0) return badData;
  const bitsOfDistances = buildTable(
    codeLengths + usedLiterals,
    usedDistances,
    distanceCounts,
    distanceMeanings,
    distances,
    distanceBits,
  );
  if (bitsOfDistances < 0) return badData;
  return readCodes(literals, (1 << bitsOfLiterals) - 1, distances, (1 << bitsOfDistances) - 1);
}

/** `size` is a multiple of 16. */
function clear(from: usize, size: usize): void {
  const end = from + size;
  for (; from < end; from += 16) v128.store(from, i32x4.splat(0));
}

/** Returns what to look up in codeLengthTable, as a mask, or -1. */
function readCodeLengthCode(used: u32): i32 {
  clear(codeLengths, 32);
  clear(codeLengthCounts, countsSize);
  for (let i: u32 = 0; i < used; i++) {
    // The first refill left 39 bits here; this one is for 18 lengths of three bits.
    if (i == 1) refill();
    const length = take(3);
    store<u8>(codeLengths + load<u8>(codeLengthOrder + i), <u8>length);
    addCount(codeLengthCounts, length, 1);
  }
  const found = buildTable(
    codeLengths,
    codeLengthCount,
    codeLengthCounts,
    codeLengthMeanings,
    codeLengthTable,
    codeLengthBits,
  );
  return found < 0 ? -1 : (1 << found) - 1;
}

function addCount(counts: usize, length: u32, added: u32): void {
  const count = counts + (length << 1);
  store<u16>(count, <u16>(load<u16>(count) + added));
}

/** Reads on until so many code lengths are there, or, by a repeat, more; counts them. */
function readCodeLengths(until: u32, mask: u32, counts: usize): i32 {
  let buffer = bits;
  let left = held;
  let from = at;
  let last = lastRefill;
  let i = lengthsRead;
  let length = lastLength;
  let all: u32 = 0;
  while (i < until) {
    if (from > last) {
      held = left & 63;
      at = from;
      if (!mayRefill()) return inputEnded;
      from = at;
      last = lastRefill;
    }
    buffer |= load<u64>(from) << left;
    from += <usize>(((63 - left) >> 3) & 7);
    left |= 56;
    const entry = load<u32>(codeLengthTable + (((<u32>buffer) & mask) << 2));
    const extra = ((<u32>buffer) & ((1 << entry) - 1)) >> (entry >> 8);
    const times = ((entry >> 16) & 255) + extra;
    buffer >>= <u64>entry;
    left -= entry;
    length = entry & repeatsLast ? length : entry >> 24;
    all |= length;
    // Without a loop: no length but zero is repeated more than six times, and zeros are there already.
    store<u64>(codeLengths + i, <u64>length * 0x0101_0101_0101_0101);
    addCount(counts, length & 15, times);
    i += times;
  }
  bits = buffer;
  held = left & 63;
  at = from;
  lengthsRead = i;
  lastLength = length;
  return all & noLength ? badData : ok;
}

/** A repeat may begin among the literals and end among the distances. */
function moveCounts(times: u32): void {
  if (times == 0) return;
  addCount(literalCounts, lastLength, <u32>-(<i32>times));
  addCount(distanceCounts, lastLength, times);
}

/**
 * Codes by their lengths → a table to look the next `tableBits` bits up in, with subtables behind it
 * for longer codes. Returns by how many bits to look up (fewer when all codes are shorter), or -1
 * when the lengths are no complete code. As in zlib, a single code of one bit passes, for literals
 * and distances, and no code at all for distances.
 */
function buildTable(
  lengths: usize,
  symbolCount: u32,
  counts: usize,
  meanings: usize,
  table: usize,
  tableBits: u32,
): i32 {
  let longest: u32 = 0;
  let unused: i32 = 1 << 15;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const count = <u32>load<u16>(counts + length * 2);
    store<u16>(places + length * 2, <u16>place);
    place += count;
    unused -= count << (15 - length);
    longest = count == 0 ? longest : length;
  }
  if (unused < 0) return -1;
  if (unused > 0) {
    if (meanings == codeLengthMeanings || longest > 1) return -1;
    if (meanings == literalMeanings && longest == 0) return -1;
    return buildIncomplete(lengths, symbolCount, meanings, table);
  }
  sortSymbols(lengths, symbolCount);
  const mainBits = min(tableBits, longest);
  fillTable(counts, meanings, table, mainBits);
  if (longest > mainBits) fillSubtables(counts, meanings, table, mainBits);
  return mainBits;
}

/** The one code that there is, if any, is a zero bit. */
function buildIncomplete(lengths: usize, symbolCount: u32, meanings: usize, table: usize): i32 {
  store<u32>(table, isSpecial | 1);
  store<u32>(table, isSpecial | 1, 4);
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    if (load<u8>(lengths + symbol) != 1) continue;
    store<u32>(table, load<u32>(meanings + symbol * 4) + codeBit);
  }
  return 1;
}

/** Most symbols have no code: only those that have one are visited. */
function sortSymbols(lengths: usize, symbolCount: u32): void {
  for (let first: u32 = 0; first < symbolCount; first += 64) {
    let used = usedSymbols(lengths + first);
    if (symbolCount - first < 64) used &= ((<u64>1) << (symbolCount - first)) - 1;
    for (; used != 0; used &= used - 1) {
      const symbol = first + <u32>ctz(used);
      const place = places + ((<u32>load<u8>(lengths + symbol)) << 1);
      const position = <u32>load<u16>(place);
      store<u16>(place, <u16>(position + 1));
      store<u16>(sorted + (position << 1), <u16>symbol);
    }
  }
}

/** Of 64 symbols, those that have a code, as bits. */
function usedSymbols(lengths: usize): u64 {
  const zero = i32x4.splat(0);
  const first = <u64>i8x16.bitmask(i8x16.ne(v128.load(lengths), zero));
  const second = <u64>i8x16.bitmask(i8x16.ne(v128.load(lengths, 16), zero));
  const third = <u64>i8x16.bitmask(i8x16.ne(v128.load(lengths, 32), zero));
  const fourth = <u64>i8x16.bitmask(i8x16.ne(v128.load(lengths, 48), zero));
  return first | (second << 16) | (third << 32) | (fourth << 48);
}

/**
 * Goes through the codes in order. Codes of a length fill a table of that many bits, which is doubled
 * for each further bit: no entry is written one by one for all the bits that may follow its code.
 */
function fillTable(counts: usize, meanings: usize, table: usize, mainBits: u32): void {
  let next = sorted;
  let code: u32 = 0;
  for (let length: u32 = 1; length <= mainBits; length++) {
    const size: u32 = 1 << (length - 1);
    if (length > 1) double(table, size);
    code <<= 1;
    const end = next + ((<u32>load<u16>(counts + length * 2)) << 1);
    for (; next < end; next += 2, code++) {
      const meaning = load<u32>(meanings + ((<usize>load<u16>(next)) << 2));
      store<u32>(table + (reverse(code, length) << 2), meaning + length * codeBit);
    }
  }
  longSymbols = next;
  longCode = code;
}

/** Appends the first `size` entries of a table, a power of two, to themselves. */
function double(table: usize, size: u32): void {
  let from = table;
  let to = table + (size << 2);
  const end = to;
  if (size < 4) {
    v128.store(to, v128.load(from));
    return;
  }
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
}

/** Codes are read from their highest bit on, all else from the lowest. */
function reverse(code: u32, length: u32): u32 {
  const low = <u32>load<u8>(reversed + (code & 255));
  const high = <u32>load<u8>(reversed + (code >> 8));
  return ((low << 8) | high) >> (16 - length);
}

function fillSubtables(counts: usize, meanings: usize, table: usize, mainBits: u32): void {
  const mainMask: u32 = (1 << mainBits) - 1;
  let code = longCode;
  let next = longSymbols;
  let prefix: u32 = u32.MAX_VALUE;
  let start: u32 = 0;
  let end: u32 = 1 << mainBits;
  for (let length = mainBits + 1; length <= 15; length++) {
    const subBits = length - mainBits;
    code <<= 1;
    for (let count: u32 = load<u16>(counts + length * 2); count > 0; count--, code++) {
      const readBits = reverse(code, length);
      if ((readBits & mainMask) != prefix) {
        prefix = readBits & mainMask;
        start = end;
        const size = bitsOfSubtable(counts, mainBits, length, count);
        end = start + (1 << size);
        const pointer = isSpecial | isSubtable | (start << 16) | (size << 8) | mainBits;
        store<u32>(table + (prefix << 2), pointer);
      }
      const meaning = load<u32>(meanings + ((<usize>load<u16>(next)) << 2));
      next += 2;
      for (let i = start + (readBits >> mainBits); i < end; i += 1 << subBits) {
        store<u32>(table + (i << 2), meaning + subBits * codeBit);
      }
    }
  }
}

/** As many as the longest code in the subtable needs; `count` codes of the first one's length are left. */
function bitsOfSubtable(counts: usize, mainBits: u32, length: u32, count: u32): u32 {
  let size = length - mainBits;
  let used = count;
  while (used < 1 << size) {
    size++;
    used = (used << 1) + load<u16>(counts + (mainBits + size) * 2);
  }
  return size;
}

/**
 * The codes of one block, up to its end. Longer than other functions, and with steps that are written
 * out: its state lives in local variables, which the machine keeps in registers.
 */
function readCodes(
  literalTable: usize,
  literalMask: u32,
  distanceTable: usize,
  distanceMask: u32,
): i32 {
  const start = outputStart;
  const end = outputEnd;
  let result = ok;
  let to = output;
  let buffer = bits;
  let left = held;
  let from = at;
  let last = lastRefill;
  while (to <= end) {
    if (from > last) {
      held = left & 63;
      at = from;
      if (!mayRefill()) {
        result = inputEnded;
        break;
      }
      from = at;
      last = lastRefill;
    }
    // 56 bits: two literals of the main table and a length with its extra bits, or three literals.
    buffer |= load<u64>(from) << left;
    from += <usize>(((63 - left) >> 3) & 7);
    left |= 56;
    let entry = load<u32>(literalTable + (((<u32>buffer) & literalMask) << 2));
    if (entry & isLiteral) {
      buffer >>= <u64>entry;
      left -= entry;
      store<u8>(to, <u8>(entry >> 16));
      to++;
      entry = load<u32>(literalTable + (((<u32>buffer) & literalMask) << 2));
      if (entry & isLiteral) {
        buffer >>= <u64>entry;
        left -= entry;
        store<u8>(to, <u8>(entry >> 16));
        to++;
        entry = load<u32>(literalTable + (((<u32>buffer) & literalMask) << 2));
      }
    }
    if (entry & isSubtable) {
      buffer >>= <u64>entry;
      left -= entry;
      const index = (entry >> 16) + ((<u32>buffer) & ((1 << (entry >> 8)) - 1));
      entry = load<u32>(literalTable + (index << 2));
    }
    if (entry & isLiteral) {
      buffer >>= <u64>entry;
      left -= entry;
      store<u8>(to, <u8>(entry >> 16));
      to++;
      continue;
    }
    const lengthBits = (<u32>buffer) & ((1 << entry) - 1);
    buffer >>= <u64>entry;
    left -= entry;
    if (entry & isSpecial) {
      if (!(entry & isBlockEnd)) result = badData;
      break;
    }
    const length = <usize>((entry >> 16) + (lengthBits >> (entry >> 8)));

    buffer |= load<u64>(from) << left;
    from += <usize>(((63 - left) >> 3) & 7);
    left |= 56;
    entry = load<u32>(distanceTable + (((<u32>buffer) & distanceMask) << 2));
    if (entry & isSubtable) {
      buffer >>= <u64>entry;
      left -= entry;
      const index = (entry >> 16) + ((<u32>buffer) & ((1 << (entry >> 8)) - 1));
      entry = load<u32>(distanceTable + (index << 2));
    }
    const distanceBits = (<u32>buffer) & ((1 << entry) - 1);
    buffer >>= <u64>entry;
    left -= entry;
    const distance = <usize>((entry >> 16) + (distanceBits >> (entry >> 8)));
    if (entry & isSpecial || distance > to - start) {
      result = badData;
      break;
    }

    const copyEnd = to + length;
    if (copyEnd > end) {
      result = outputFull;
      break;
    }
    let copied = to - distance;
    if (distance >= 16) {
      do {
        v128.store(to, v128.load(copied));
        to += 16;
        copied += 16;
      } while (to < copyEnd);
    } else {
      const pattern = i8x16.swizzle(v128.load(copied), v128.load(patterns + (distance << 4)));
      const step: usize = 16 - (16 % distance);
      do {
        v128.store(to, pattern);
        to += step;
      } while (to < copyEnd);
    }
    to = copyEnd;
  }
  bits = buffer;
  held = left & 63;
  at = from;
  output = to;
  return result == ok && to > end ? outputFull : result;
}

// What never changes, once for each instance.
fillReversed();
fillLiteralMeanings();
fillDistanceMeanings();
fillCodeLengthMeanings();
fillFixedTables();
fillPatterns();

function fillReversed(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let mirrored: u32 = 0;
    for (let i: u32 = 0; i < 8; i++) mirrored |= ((byte >> i) & 1) << (7 - i);
    store<u8>(reversed + byte, <u8>mirrored);
  }
}

function fillLiteralMeanings(): void {
  for (let symbol: u32 = 0; symbol < 256; symbol++) {
    store<u32>(literalMeanings + symbol * 4, isLiteral | (symbol << 16));
  }
  store<u32>(literalMeanings + 256 * 4, isSpecial | isBlockEnd);
  let base: u32 = 3;
  for (let symbol: u32 = 257; symbol < 285; symbol++) {
    const extra: u32 = symbol < 265 ? 0 : (symbol - 261) / 4;
    store<u32>(literalMeanings + symbol * 4, (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(literalMeanings + 285 * 4, 258 << 16);
  store<u32>(literalMeanings + 286 * 4, isSpecial);
  store<u32>(literalMeanings + 287 * 4, isSpecial);
}

function fillDistanceMeanings(): void {
  let base: u32 = 1;
  for (let symbol: u32 = 0; symbol < 30; symbol++) {
    const extra: u32 = symbol < 4 ? 0 : symbol / 2 - 1;
    store<u32>(distanceMeanings + symbol * 4, (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(distanceMeanings + 30 * 4, isSpecial);
  store<u32>(distanceMeanings + 31 * 4, isSpecial);
}

function fillCodeLengthMeanings(): void {
  for (let length: u32 = 0; length < 16; length++) {
    store<u32>(codeLengthMeanings + length * 4, (length << 24) | (1 << 16));
  }
  store<u32>(codeLengthMeanings + 16 * 4, repeatsLast | (3 << 16) | 2);
  store<u32>(codeLengthMeanings + 17 * 4, (3 << 16) | 3);
  store<u32>(codeLengthMeanings + 18 * 4, (11 << 16) | 7);
}

function fillFixedTables(): void {
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  store<u16>(literalCounts, 24, 7 * 2);
  store<u16>(literalCounts, 152, 8 * 2);
  store<u16>(literalCounts, 112, 9 * 2);
  buildTable(
    codeLengths,
    literalCount,
    literalCounts,
    literalMeanings,
    fixedLiterals,
    fixedLiteralBits,
  );
  memory.fill(codeLengths, 5, distanceCount);
  store<u16>(distanceCounts, 32, 5 * 2);
  buildTable(
    codeLengths,
    distanceCount,
    distanceCounts,
    distanceMeanings,
    fixedDistances,
    fixedDistanceBits,
  );
}

function fillPatterns(): void {
  for (let distance: usize = 1; distance < 16; distance++) {
    for (let i: usize = 0; i < 16; i++) store<u8>(patterns + distance * 16 + i, <u8>(i % distance));
  }
}
