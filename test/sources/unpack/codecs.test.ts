/** The codecs in WebAssembly beside those in JavaScript: the same bytes, and the same damage seen. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { crc64 } from '../../../src/sources/unpack/codecs/crc64.ts';
import { slowCrc64 } from '../../../src/sources/unpack/codecs/slow/crc64.ts';
import { slowBlocks } from '../../../src/sources/unpack/codecs/slow/zstd-blocks.ts';
import { borrowCodec } from '../../../src/sources/unpack/codecs/module.ts';
import { blockTypes, quickBlocks } from '../../../src/sources/unpack/codecs/zstd-blocks.ts';
import { openLzma, type Lzma } from '../../../src/sources/unpack/codecs/lzma.ts';
import { slowLzma } from '../../../src/sources/unpack/codecs/slow/lzma.ts';
import { makeLzma } from '../../support/make-compressed.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const { seed, numRuns } = propertyRuns(150);
const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at} of ${(at * 7919) % 10_007}\n`);
const text = Buffer.from(lines.join(''));

describe('the module', () => {
  it('is used here', () => {
    const codec = borrowCodec(0, 0);
    expect(codec).toBeDefined();
    codec?.giveBack();
  });
});

describe('CRC-64', () => {
  it.each([0, 1, 7, 8, 9, 65_536, 65_537, 200_003])('of %i bytes, in two pieces', (size) => {
    const bytes = text.subarray(0, size);
    const [quick, slow] = [crc64(), slowCrc64()];
    for (const sum of [quick, slow]) {
      sum.update(bytes.subarray(0, size / 3));
      sum.update(bytes.subarray(size / 3));
    }
    expect(quick.digest()).toEqual(slow.digest());
  });

  it('of the digits is what the specification says', () => {
    const sum = crc64();
    sum.update(Buffer.from('123456789'));
    expect(sum.digest().readBigUInt64LE()).toBe(0x995dc9bbdf1939fan);
  });
});

interface Block {
  readonly type: number;
  readonly size: number;
  readonly content: Buffer;
}

function blocksOf(level: string): readonly Block[] {
  const packed = execFileSync('zstd', [level, '-c', '--no-check'], { input: text });
  const [flags = 0] = packed.subarray(4);
  let at =
    5 +
    (flags & 0x20 ? 0 : 1) +
    (flags & 0x20 && flags < 0x40 ? 1 : ([0, 2, 4, 8][flags >> 6] ?? 0));
  const blocks: Block[] = [];
  for (let isLast = false; !isLast;) {
    const word = packed.readUIntLE(at, 3);
    isLast = (word & 1) === 1;
    const [type, size] = [(word >> 1) & 3, word >> 3];
    const content = packed.subarray(at + 3, at + 3 + (type === blockTypes.runLength ? 1 : size));
    at += 3 + content.length;
    blocks.push({ type, size, content });
  }
  return blocks;
}

const window = 1 << 20;

function quickly(blocks: readonly Block[]): string {
  const decoder = quickBlocks(window, true);
  if (!decoder) throw new Error('there is no WebAssembly');
  try {
    const made = blocks.map(({ type, size, content }) => decoder.unpack(type, size, content));
    return `${Buffer.concat(made).toString('latin1')} ${decoder.sum()}`;
  } finally {
    decoder.release();
  }
}

function slowly(blocks: readonly Block[]): string {
  const decoder = slowBlocks(window, true);
  const made = blocks.map(({ type, size, content }) => decoder.unpack(type, size, content));
  return `${Buffer.concat(made).toString('latin1')} ${decoder.sum()}`;
}

describe('zstd', () => {
  it.each(['-1', '-3', '-19'])('of level %s is unpacked alike, with the same sum', (level) => {
    const blocks = blocksOf(level);
    expect(blocks.length).toBeGreaterThan(2);
    expect(quickly(blocks)).toBe(slowly(blocks));
    expect(quickly(blocks).startsWith(text.toString('latin1'))).toBe(true);
  });

  it('with changed bytes gives no more than a block may, or is told, and what comes next is right', () => {
    const random = seededRandom(String(seed));
    const blocks = blocksOf('-3').slice(0, 1);
    const right = quickly(blocks);
    let told = 0;
    for (let round = 0; round < numRuns; round += 1) {
      const [first] = blocks;
      if (!first) throw new Error('there is no block');
      const content = Buffer.from(first.content);
      for (let change = random(4); change >= 0; change -= 1) {
        // Headers and tables are where it matters most.
        content[random(round % 2 ? content.length : 200)] = random(256);
      }
      try {
        expect(quickly([{ ...first, content }]).length).toBeLessThan((128 << 10) + 20);
      } catch (error) {
        expect(String(error)).toContain('a block cannot be unpacked');
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(numRuns / 4);
    expect(quickly(blocks)).toBe(right);
  });
});

function openSlow(room: number): Lzma {
  const window = { bytes: new Uint8Array(room), start: 0, end: 0, base: 0 };
  return { decoder: slowLzma(window), window, release: () => undefined };
}

describe('LZMA', () => {
  it('with any bytes as its data is refused by both for the same reason, or gives the same', () => {
    const random = seededRandom(String(seed));
    for (let round = 0; round < numRuns; round += 1) {
      const packed = Buffer.from(
        Array.from({ length: 6 + random(200) }, (_, at) => (at === 0 ? 0 : random(256))),
      );
      const size = 1 + random(400);
      const outcome = (kind: 'quick' | 'slow'): string => {
        const lzma = openLzma(4_096);
        const window = { bytes: new Uint8Array(4_096), start: 0, end: 0, base: 0 };
        const [decoder, at] =
          kind === 'quick' ? [lzma.decoder, lzma.window] : [slowLzma(window), window];
        try {
          at.bytes.set(text.subarray(0, 1_000));
          at.end = 1_000;
          decoder.reset(93);
          decoder.decode(packed, size);
          return Buffer.from(at.bytes.subarray(0, at.end)).toString('latin1');
        } catch (error) {
          return String(error);
        } finally {
          lzma.release();
        }
      };
      expect(outcome('quick')).toBe(outcome('slow'));
    }
  });

  it('that comes in pieces is unpacked alike by both, with the same end', () => {
    const packed = makeLzma(text.subarray(0, 200_000), '--lzma1=preset=1,lc=2,lp=2,dict=4MiB');
    const outcome = (open: (room: number) => Lzma): string => {
      const { decoder, window, release } = open(300_000);
      const said: unknown[] = [];
      try {
        decoder.reset(packed[0]);
        decoder.begin(packed.subarray(13, 18));
        for (let at = 18, used = 1; used > 0;) {
          const piece = packed.subarray(at, at + 997);
          const last = piece.length < 997 ? piece.length : piece.length - 32;
          const step = decoder.resume(piece, last, 1_000, 1_273);
          ({ used } = step);
          at += used;
          said.push(step, window.end, decoder.isSpent());
          if (step.hasEnded) break;
        }
        return JSON.stringify([said, Buffer.from(window.bytes.subarray(0, window.end))]);
      } finally {
        release();
      }
    };
    const quick = outcome(openLzma);
    expect(quick).toBe(outcome(openSlow));
    expect(quick).toContain('{"used":');
    expect(quick).toContain('"hasEnded":true},200000,true]');
  });
});
