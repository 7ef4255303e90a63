/** Inflating equals node:zlib's, byte for byte and error for error, and touches nothing else. */
import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contents, noise, random, source } from './support/contents.ts';
import {
  blockStart,
  codeOf,
  dynamicCodes,
  dynamicCounts,
  fixedDistances,
  fixedLiterals,
  withChecksum,
  zlibStream,
  type Field,
} from './support/deflate-writer.ts';
import { firstFree, loadCore } from './support/load-core.ts';
import { randomBlocks } from './support/random-deflate.ts';

const largest = 1 << 18;
const spare = 64;
/** As far from the target and the source it is checked that nothing was written. */
const near = 4096;
const { core, memory, clear, isClear } = loadCore(2 * largest);
const codes = {
  [core.inputEnded.value]: 'input ended',
  [core.outputFull.value]: 'output full',
  [core.badData.value]: 'bad data',
  [core.badChecksum.value]: 'bad checksum',
};

type Outcome = Buffer | string;

/** The stream lies where memory ends, so that a read behind it would trap. */
function inflate(stream: Uint8Array, room = largest): Outcome {
  const start = memory.length - stream.length;
  const target = firstFree + spare;
  memory.set(stream, start);
  const started = performance.now();
  const result = core.inflate(start, memory.length, target, target + room);
  const took = performance.now() - started;

  const behind = target + room + 16;
  const isWithin =
    isClear(firstFree, target) && isClear(behind, behind + near) && isClear(start - near, start);
  const isSourceIntact = memory.subarray(start).equals(stream);
  const made = Buffer.from(memory.subarray(target, target + Math.max(0, result)));
  clear(target, behind);
  clear(start, memory.length);
  if (!isWithin) throw new Error('wrote outside the target');
  if (!isSourceIntact) throw new Error('wrote to the source');
  if (took > 1000) throw new Error(`took ${took} ms`);
  return codes[result] ?? made;
}

function inflateByNode(stream: Uint8Array): Buffer | undefined {
  try {
    return inflateSync(stream, { maxOutputLength: largest });
  } catch {
    return undefined;
  }
}

/** What zlib says; where it fails, any of our reasons. */
function expectLikeNode(stream: Uint8Array): void {
  const outcome = inflate(stream);
  const expected = inflateByNode(stream);
  if (expected) expect(expected.equals(Buffer.from(outcome))).toBe(true);
  else expect(Object.values(codes)).toContain(outcome);
}

const strategies = ['DEFAULT_STRATEGY', 'FILTERED', 'HUFFMAN_ONLY', 'RLE', 'FIXED'] as const;
const levels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe.each(Object.entries(contents))('inflate, of %s', (_, content) => {
  it.each(strategies)('inflates every level of strategy %s', (strategy) => {
    for (const level of levels) {
      const stream = deflateSync(content, { level, strategy: constants[`Z_${strategy}`] });
      expect(content.equals(Buffer.from(inflate(stream, content.length)))).toBe(true);
    }
  });

  it('inflates every size of window and of internal state', () => {
    for (let windowBits = 9; windowBits <= 15; windowBits += 1) {
      for (let memLevel = 1; memLevel <= 9; memLevel += 1) {
        const stream = deflateSync(content, { windowBits, memLevel });
        expect(content.equals(Buffer.from(inflate(stream, content.length)))).toBe(true);
      }
    }
  });

  it('says where the stream ends when more follows', () => {
    const stream = deflateSync(content);
    for (const more of [0, 1, 7, 8, 9, 15, 16, 17, 100]) {
      const made = inflate(Buffer.concat([stream, noise(more)]), content.length);
      expect(content.equals(Buffer.from(made))).toBe(true);
      expect(core.inflatedFrom()).toBe(memory.length - more);
    }
  });

  it('refuses to go on when one byte of room is missing', () => {
    const room = Math.max(0, content.length - 1);
    const streams = levels.map((level) => deflateSync(content, { level }));
    const outcomes = new Set(streams.map((stream) => inflate(stream, room).toString()));
    expect([...outcomes]).toStrictEqual([content.length === 0 ? '' : 'output full']);
  });
});

describe('inflate, of damaged streams', () => {
  it.each([
    ['fixed', { strategy: constants.Z_FIXED }],
    ['dynamic', {}],
    ['stored', { level: 0 }],
    ['several dynamic blocks', { memLevel: 1 }],
  ])('misses the end of every truncation: %s', (_, options: ZlibOptions) => {
    const stream = deflateSync(Buffer.concat([source(1500), noise(100)]), options);
    const outcomes = Array.from(stream, (_, length) => inflate(stream.subarray(0, length)));
    expect(new Set(outcomes)).toStrictEqual(new Set(['input ended']));
  });

  it('finds every wrong bit of the checksum', () => {
    const stream = deflateSync(source(500));
    for (let bit = 0; bit < 32; bit += 1) {
      const damaged = Buffer.from(stream);
      flip(damaged, (stream.length - 4) * 8 + bit);
      expect(inflate(damaged)).toBe('bad checksum');
    }
  });

  it('judges every header as zlib does', () => {
    const stream = deflateSync(source(100));
    for (let header = 0; header < 65_536; header += 1) {
      // Of those with a wrong checksum, only the two nearest to a right one.
      if ((header + 1) % 31 > 2) continue;
      stream.writeUInt16BE(header);
      expectLikeNode(stream);
    }
    expect(inflate(deflateSync('k', { dictionary: Buffer.from('k') }))).toBe('bad data');
  });

  it('agrees with zlib on every single wrong bit', () => {
    for (const options of [{}, { strategy: constants.Z_FIXED }, { level: 0 }]) {
      const stream = deflateSync(Buffer.concat([source(300), noise(30)]), options);
      for (let bit = 0; bit < stream.length * 8; bit += 1) {
        const damaged = Buffer.from(stream);
        flip(damaged, bit);
        expectLikeNode(damaged);
      }
    }
  });

  it('agrees with zlib on random damage', () => {
    const kinds = Object.values(contents).filter(({ length }) => length < 10_000);
    const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) });
    const streams = fc.record({
      content: fc.constantFrom(...kinds),
      level: fc.nat(9),
      strategy: fc.nat(4),
      memLevel: fc.integer({ min: 1, max: 9 }),
      damages: fc.array(damage, { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(streams, ({ content, damages, ...options }) => {
        const stream = deflateSync(content, options);
        for (const { at, byte } of damages) stream[Math.floor(at * stream.length)] = byte;
        expectLikeNode(stream);
        // Else hardly any passes the checksum.
        expectLikeNode(withChecksum(stream.subarray(2)));
      }),
      { numRuns: 4000 },
    );
  });

  it('agrees with zlib on random bytes behind a good header', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 300 });
    const blocks = fc.constantFrom(0, 1, 2, 3, 4, 5);
    fc.assert(
      fc.property(bytes, blocks, (tail, block) => {
        if (tail.length > 0) tail[0] = ((tail[0] ?? 0) & ~7) | block;
        expectLikeNode(Buffer.concat([Buffer.from([0x78, 0x9c]), tail]));
      }),
      { numRuns: 4000 },
    );
  });
});

function flip(bytes: Buffer, bit: number): void {
  const at = bit >> 3;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
}

/** Code lengths by symbol from a list of [symbol, length]. */
function lengths(count: number, ...pairs: readonly Field[]): number[] {
  const list = Array.from({ length: count }, () => 0);
  for (const [symbol, length] of pairs) list[symbol] = length;
  return list;
}

const dynamic = blockStart('dynamic');
const fixed = blockStart('fixed');
const fixedEnd = codeOf(fixedLiterals, 256);
const fixedLiteral = codeOf(fixedLiterals, 107);
/** `k`, a length of three, end of block: one bit, two bits, two bits. */
const small = lengths(258, [107, 1], [256, 2], [257, 2]);
const [k, end, three] = [codeOf(small, 107), codeOf(small, 256), codeOf(small, 257)];
const everyByteOf15Bits = [
  ...Array.from({ length: 14 }, (_, i): Field => [i, i + 1]),
  [255, 15] as const,
  [256, 15] as const,
];
const long = lengths(257, ...everyByteOf15Bits);

describe('inflate, of streams that no compressor writes', () => {
  it.each<[string, Field[], string]>([
    ['only the end, in a fixed block', [...fixed, fixedEnd], ''],
    ['empty stored blocks', [...stored(0, false), ...stored(0, false), ...stored(0)], ''],
    [
      'a code of one symbol',
      [...dynamic, ...dynamicCodes(lengths(257, [256, 1]), [0]), [0, 1]],
      '',
    ],
    ['no distances', [...dynamic, ...dynamicCodes(small, [0]), k, k, end], 'kk'],
    [
      'one distance of one bit',
      [...dynamic, ...dynamicCodes(small, [1]), k, three, [0, 1], end],
      'kkkk',
    ],
    [
      'codes of 15 bits',
      [
        ...dynamic,
        ...dynamicCodes(long, [0]),
        codeOf(long, 255),
        codeOf(long, 13),
        codeOf(long, 256),
      ],
      '\u00ff\r',
    ],
    [
      'distances of 15 bits',
      [...dynamic, ...dynamicCodes(small, deep(16, 0)), k, three, codeOf(deep(16, 0), 0), end],
      'kkkk',
    ],
    [
      '286 literals and 30 distances',
      [...dynamic, ...dynamicCodes(wide(286), wide(30)), codeOf(wide(286), 256)],
      '',
    ],
  ])('accepts %s', (_, fields, text) => {
    const stream = zlibStream(fields);
    expect(inflateByNode(stream)?.toString('latin1')).toBe(text);
    expect(inflate(stream).toString('latin1')).toBe(text);
  });

  it.each<[string, Field[]]>([
    ['a block of no kind', blockStart('none')],
    ['a lying length of a stored block', [...blockStart('stored'), [0, 5], [3, 16], [3, 16]]],
    ['symbol 286', [...fixed, codeOf(fixedLiterals, 286)]],
    ['symbol 287', [...fixed, codeOf(fixedLiterals, 287)]],
    [
      'distance 30',
      [...fixed, fixedLiteral, codeOf(fixedLiterals, 257), codeOf(fixedDistances, 30)],
    ],
    [
      'distance 31',
      [...fixed, fixedLiteral, codeOf(fixedLiterals, 257), codeOf(fixedDistances, 31)],
    ],
    [
      'a distance before the start',
      [...fixed, codeOf(fixedLiterals, 257), codeOf(fixedDistances, 0)],
    ],
    [
      'a distance before the start by one',
      [...fixed, fixedLiteral, codeOf(fixedLiterals, 257), codeOf(fixedDistances, 1)],
    ],
    ['287 literals', [...dynamic, ...dynamicCodes(wide(287), [1])]],
    ['31 distances', [...dynamic, ...dynamicCodes(small, wide(31))]],
    ['no end of block', [...dynamic, ...dynamicCodes(lengths(258, [107, 1], [257, 1]), [1])]],
    ['too many codes', [...dynamic, ...dynamicCodes(lengths(257, [0, 1], [1, 1], [256, 1]), [1])]],
    [
      'too many long codes',
      [...dynamic, ...dynamicCodes(lengths(257, ...everyByteOf15Bits, [50, 15]), [1])],
    ],
    ['too few codes', [...dynamic, ...dynamicCodes(lengths(257, [0, 1], [256, 2]), [1])]],
    ['a single code of two bits', [...dynamic, ...dynamicCodes(lengths(257, [256, 2]), [1])]],
    ['too many distances', [...dynamic, ...dynamicCodes(small, [1, 1, 1])]],
    ['too few distances', [...dynamic, ...dynamicCodes(small, [1, 2])]],
    ['a single distance of two bits', [...dynamic, ...dynamicCodes(small, [2])]],
    [
      'the other bit of a code of one symbol',
      [...dynamic, ...dynamicCodes(lengths(257, [256, 1]), [0]), [1, 1]],
    ],
    [
      'the other bit of a single distance',
      [...dynamic, ...dynamicCodes(small, [1]), k, three, [1, 1]],
    ],
    [
      'a distance where there are none',
      [...dynamic, ...dynamicCodes(small, [0]), k, three, [0, 1]],
    ],
    ['no code lengths', [...dynamic, ...dynamicCounts(257, 1, [])]],
    ['too many code lengths', [...dynamic, ...dynamicCounts(257, 1, [1, 1, 1])]],
    ['too few code lengths', [...dynamic, ...dynamicCounts(257, 1, [1, 2])]],
    [
      'a repeat of nothing',
      [...dynamic, ...dynamicCounts(257, 1, lengths(19, [0, 1], [16, 1])), [1, 1]],
    ],
    [
      'repeats beyond the last code',
      [...dynamic, ...dynamicCounts(257, 1, lengths(19, [0, 1], [18, 1])), ...repeats(3)],
    ],
  ])('refuses %s', (_, fields) => {
    const stream = Buffer.concat([zlibStream(fields), Buffer.alloc(100)]);
    expect(inflateByNode(stream)).toBeUndefined();
    expect(inflate(stream)).toBe('bad data');
  });

  it('refuses a stored block that is longer than the source', () => {
    expect(inflate(zlibStream([...blockStart('stored'), [0, 5], [9, 16], [~9, 16]]))).toBe(
      'input ended',
    );
  });

  it('accepts random sound codes, as zlib does', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const stream = zlibStream(randomBlocks(random(seed), true));
        expect(inflateByNode(stream)).toBeDefined();
        expectLikeNode(stream);
      }),
      { numRuns: 700 },
    );
  });

  it('agrees with zlib on random codes that may be wrong', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expectLikeNode(zlibStream(randomBlocks(random(seed), false)));
      }),
      { numRuns: 1000 },
    );
  });

  it('inflates many blocks that make nothing', () => {
    const block = [...blockStart('dynamic', false), ...dynamicCodes(lengths(257, [256, 1]), [0])];
    const blocks = Array.from({ length: 500 }, () => [...block, [0, 1] as const]).flat();
    expect(inflate(zlibStream([...blocks, ...fixed, fixedEnd]))).toStrictEqual(Buffer.alloc(0));
  });
});

function stored(length: number, isLast = true): Field[] {
  return [...blockStart('stored', isLast), [0, 5], [length, 16], [~length, 16]];
}

function repeats(count: number): Field[] {
  return Array.from({ length: count }, (): Field[] => [
    [1, 1],
    [127, 7],
  ]).flat();
}

/** A complete code that has a symbol for each length, the longest for `last`. */
function deep(count: number, last: number): number[] {
  const longest = count - 1;
  const list = Array.from({ length: count }, (_, i) => Math.min(longest, i + 1));
  return list.with(last, longest).with(longest, list[last] ?? 0);
}

/** A complete code in which all symbols have nearly the same length. */
function wide(count: number): number[] {
  const bits = Math.ceil(Math.log2(count));
  const short = 2 ** bits - count;
  return Array.from({ length: count }, (_, i) => (i < short ? bits - 1 : bits));
}
