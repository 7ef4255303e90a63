/** LZMA, lzip and compress in files of their own: what their programs write comes out, and what lies is told. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isLzma } from '../../../src/core/detect/lzma-header.ts';
import { recognise } from '../../../src/sources/unpack/recognise.ts';
import { makeTar } from '../../support/make-archive.ts';
import { xzKnows } from '../../support/has-program.ts';
import { makeCompress, makeLzip, makeLzma, withSize } from '../../support/make-compressed.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';

const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at} of ${(at * 7919) % 10_007}\n`);
const text = Buffer.from(lines.join(''));
const noise = Buffer.from(
  Array.from({ length: 90_000 }, (_, at) => (at * at * 31 + (at >> 3)) & 0xff),
);
const mixed = Buffer.concat([text, noise, Buffer.alloc(400_000), text.subarray(1), noise]);
const shown = [
  ['text', text],
  ['text, noise and zeros', mixed],
  ['one byte', Buffer.from('x')],
] as const;

function piped(tool: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(tool, args, { input, maxBuffer: 1 << 28 });
}

function expectSame(name: string, step: string, packed: Buffer, content: Buffer): void {
  const whole = unpacked(name, packed);
  for (const result of [whole, unpackedStream(name, packed, 4_099)]) {
    expect(result.problems).toEqual([]);
    expect(result.bytes).toBe(content.length);
    const [found] = result.documents.values();
    if (content.length < 1 << 20) expect(found === content.toString('latin1')).toBe(true);
    expect([...result.documents.keys()]).toEqual([`(${step})`]);
  }
}

describe.each(shown)('%s', (_, content) => {
  it.each([
    ['as xz packs it', []],
    ['with a small window', ['--lzma1=preset=1,dict=64KiB']],
    ['with a window of another kind of size', ['--lzma1=preset=1,dict=96KiB']],
    ['with other properties', ['--lzma1=preset=0,lc=0,lp=3,pb=4']],
  ])('LZMA %s', (_how, flags) => {
    const packed = makeLzma(content, ...flags);
    expectSame('a.lzma', 'lzma', packed, content);
    expectSame('a.lzma', 'lzma', withSize(packed, content.length), content);
    expect(piped('xz', ['-dc'], withSize(packed, content.length)).equals(content)).toBe(true);
  });

  it('lzip, of one member and of three', () => {
    const packed = makeLzip(content);
    // What is made here is what the program reads.
    if (xzKnows('lzip')) {
      expect(piped('xz', ['-dc', '--format=lzip'], packed).equals(content)).toBe(true);
    }
    expectSame('a', 'lzip', packed, content);
    const three = Buffer.concat([packed, makeLzip(Buffer.alloc(0)), makeLzip(Buffer.from('end'))]);
    expectSame('a.lz', 'lzip', three, Buffer.concat([content, Buffer.from('end')]));
  });

  it.each([
    [16, true],
    [12, true],
    [10, true],
    [16, false],
    [13, false],
  ])('compress of %i bits, with blocks: %s', (widest, isBlock) => {
    const packed = makeCompress(content, widest, 700, isBlock);
    expect(piped('gzip', ['-dc'], packed).equals(content)).toBe(true);
    expectSame('a.Z', 'compress', packed, content);
  });
});

describe('tars', () => {
  const tar = makeTar([{ name: 'a', content: 'alpha' }]);

  it.each([
    ['x.tar.lzma', makeLzma(tar)],
    ['x.tlz', makeLzma(tar)],
    ['x.tlz', makeLzip(tar)],
    ['x.tar.lz', makeLzip(tar)],
    ['x.tar.Z', makeCompress(tar)],
    ['no name', makeLzma(tar)],
  ])('%s', (name, packed) => {
    const { documents, problems } = unpacked(name, packed);
    expect(problems).toEqual([]);
    expect([...documents]).toEqual([['a', 'alpha']]);
  });
});

describe('what lies is told', () => {
  const packed = makeLzma(text);
  const known = withSize(packed, text.length);

  it.each<[string, string, Buffer, RegExp]>([
    [
      'a size that is too small',
      'a.lzma',
      withSize(packed, 999),
      /more bytes|refer to what is not there/,
    ],
    ['a size that is too large', 'a.lzma', withSize(packed, 9e6), /fewer bytes than they say/],
    ['a size of a terabyte', 'a.lzma', withSize(packed, 200n << 30n), /fewer bytes/],
    ['a cut', 'a.lzma', packed.subarray(0, -1), /end early/],
    ['a cut in the middle', 'a.lzma', packed.subarray(0, 9_000), /end early/],
    ['a cut, the size known', 'a.lzma', known.subarray(0, 9_000), /end early/],
    ['only a header', 'a.lzma', packed.subarray(0, 14), /ends? early/],
    ['hidden bytes', 'a.lzma', Buffer.concat([packed, Buffer.from('hid')]), /3 bytes are hidden/],
    ['hidden bytes', 'a.lz', Buffer.concat([makeLzip(text), Buffer.from('hid')]), /3 bytes/],
    ['a wrong checksum', 'a.lz', edited(makeLzip(text), -20), /checksum of the lzip/],
    ['a wrong size', 'a.lz', edited(makeLzip(text), -16), /size in the lzip/],
    ['a wrong size of a member', 'a.lz', edited(makeLzip(text), -8), /size in the lzip/],
    ['a window of 512 MB', 'a.lz', edited(makeLzip(text), 5, 29), /of memory/],
    ['a window of 3 GB', 'a.lzma', edited(edited(packed, 4, 0xc0), 3, 0), /of memory/],
    ['no version', 'a.lz', edited(makeLzip(text), 4, 7), /not what its name says/],
    [
      'a code that means nothing',
      'a.Z',
      Buffer.from('1f9d9061fe0361', 'hex'),
      /stands for nothing/,
    ],
    ['no LZMA', 'a.lzma', Buffer.from('plain text, and no more'), /not what its name says/],
  ])('%s: %s', (_, name, archive, problem) => {
    expect(unpacked(name, archive).problems.join('\n')).toMatch(problem);
    expect(unpackedStream(name, archive, 700).problems.join('\n')).toMatch(problem);
  });

  it('properties that are not read here are no damage', () => {
    const changed = edited(packed, 0, 4 + 9 * (1 + 5 * 2));
    expect(unpacked('a.lzma', changed).problems.join()).toMatch(/^archive-not-opened .*lc and lp/);
  });

  it('a size that is large takes no more memory than a window', () => {
    const before = process.memoryUsage().rss;
    expect(unpacked('a.lzma', withSize(packed, 100n << 30n)).problems).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 << 20);
  });

  it.each<[string, string, Buffer]>([
    ['LZMA', 'b.lzma', makeLzma(Buffer.alloc(66 << 20), '--lzma1=preset=0')],
    ['lzip', 'b.lz', makeLzip(Buffer.alloc(66 << 20))],
  ])('a bomb of %s ends at the ratio', (_, name, archive) => {
    const result = unpacked(name, archive, { maxRatio: 10 });
    expect(result.problems.at(-1)).toMatch(/^archive-limit .*10 times its size/);
    expect(result.bytes).toBeLessThan(66 << 20);
  });

  it('many small files take no memory for each', () => {
    const small = [
      makeLzma(Buffer.from('a')),
      makeLzip(Buffer.from('a')),
      makeCompress(Buffer.from('a')),
    ];
    const members = Array.from({ length: 3_000 }, (_, at) => ({
      name: `${at}`,
      content: small[at % 3] ?? '',
    }));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const { bytes, problems } = unpacked('x.tar', makeTar(members));
    expect([bytes, problems]).toEqual([3_000, []]);
    expect(performance.now() - start).toBeLessThan(4_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it('a bomb of compress ends at the limit', () => {
    const archive = makeCompress(Buffer.alloc(8 << 20));
    const result = unpacked('b.Z', archive, { maxTotalBytes: 1 << 20 });
    expect(result.problems.at(-1)).toMatch(/^archive-limit .*more than 1048576 bytes/);
    expect(result.bytes).toBeLessThan(2 << 20);
  });
});

describe('recognising', () => {
  it('takes no text for LZMA', () => {
    for (const start of [
      ']',
      ']\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
      '] = [0, 1, 2, 3, 4];\n',
      ']\0\0\u0080\0some text here',
      ']\n\0\0\u0080\0\0\0\0\0\0\0\0\0',
    ]) {
      expect(isLzma(Buffer.from(start, 'latin1'))).toBe(false);
      expect(recognise(Buffer.from(start, 'latin1'), 'a.txt')).toBeUndefined();
    }
    expect(isLzma(Buffer.from(']\u0000\u0000\u0000', 'utf16le'))).toBe(false);
  });

  it('takes other properties by name only', () => {
    const packed = makeLzma(text, '--lzma1=preset=0,lc=0,lp=3,pb=4');
    expect(recognise(packed, 'a.lzma')).toBe('lzma');
    expect(recognise(packed, 'a')).toBeUndefined();
    expect(recognise(makeLzma(text), '')).toBe('lzma');
  });

  it('takes what begins as compress and is none for what it is', () => {
    expect(recognise(Buffer.from([0x1f, 0x9d, 0x90, 0x41, 0x00]))).toBe('compress');
    expect(recognise(Buffer.from([0x1f, 0x9d, 0x9f, 0x41, 0x00]))).toBeUndefined();
    expect(recognise(Buffer.from([0x1f, 0x9d, 0x90, 0x41, 0x01]))).toBeUndefined();
    expect(recognise(Buffer.from('LZIP is a format'))).toBeUndefined();
  });
});

function edited(bytes: Buffer, at: number, value?: number): Buffer {
  const changed = Buffer.from(bytes);
  const place = at < 0 ? changed.length + at : at;
  changed[place] = value ?? (changed[place] ?? 0) ^ 1;
  return changed;
}
