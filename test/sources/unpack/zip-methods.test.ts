/** Zips whose members are packed otherwise than by deflate: as programs write them, and such as lie. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { inflate64 } from '../../../src/sources/unpack/codecs/deflate64.ts';
import { decoded } from '../../support/decoded.ts';
import { has7zOf, hasProgram } from '../../support/has-program.ts';
import { makeZip } from '../../support/make-archive.ts';
import { memberBy, zipMethods } from '../../support/make-compressed.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';

const { seed, numRuns } = propertyRuns(150);
const random = seededRandom(`methods/${seed}`);
const noise = Buffer.from(Array.from({ length: 60_000 }, () => random(256)));
const lines = Array.from({ length: 9_000 }, (_, at) => `line ${at} of ${(at * 7919) % 10_007}\n`);
const text = Buffer.from(lines.join(''));
/** Copies that are long, and such that are far. */
const hard = Buffer.concat([text, noise, noise, Buffer.alloc(300_000), text, Buffer.from('end')]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keywarden-methods-'));
  writeFileSync(join(folder, 'hard.bin'), hard);
  writeFileSync(join(folder, 'a.txt'), 'alpha\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectHard(archive: Buffer): void {
  for (const { problems, documents } of [
    unpacked('x.zip', archive),
    unpackedStream('x.zip', archive, 9_001),
  ]) {
    expect(problems).toEqual([]);
    expect(documents.get('hard.bin') === hard.toString('latin1')).toBe(true);
    expect(documents.get('a.txt')).toBe('alpha\n');
  }
}

function expectBy7z(method: string): void {
  const file = `${method}.zip`;
  const args = ['a', '-tzip', `-mm=${method}`, file, 'hard.bin', 'a.txt'];
  execFileSync('7z', args, { cwd: folder, stdio: 'pipe' });
  const archive = readFileSync(join(folder, file));
  const number = { Deflate64: 9, LZMA: 14, BZip2: 12, xz: 95 }[method];
  expect(archive.readUInt16LE(archive.indexOf('hard.bin') - 22)).toBe(number);
  expectHard(archive);
}

describe('as programs write them', () => {
  it.skipIf(!hasProgram('7z')).each(['Deflate64', 'LZMA', 'BZip2'])('7z: %s', expectBy7z);

  it.skipIf(!has7zOf(22))('7z, where it is new enough: xz', () => expectBy7z('xz'));

  it.skipIf(!hasProgram('python3')).each(['LZMA', 'BZIP2'])('python: %s', (method) => {
    const script = `import zipfile\nwith zipfile.ZipFile("py.zip","w",zipfile.ZIP_${method}) as z:\n for n in ["hard.bin","a.txt"]: z.write(n)`;
    execFileSync('python3', ['-c', script], { cwd: folder, stdio: 'pipe' });
    expectHard(readFileSync(join(folder, 'py.zip')));
  });

  it.skipIf(!hasProgram('zip'))('zip: bzip2 to a stream, with sizes behind the data', () => {
    const args = ['-q', '-Z', 'bzip2', '-', 'hard.bin', 'a.txt'];
    const archive = execFileSync('zip', args, { cwd: folder, stdio: 'pipe' });
    expect([archive.readUInt16LE(8), archive.readUInt16LE(6) & 8]).toEqual([12, 8]);
    expectHard(archive);
  });
});

describe.each(['deflate64', 'bzip2', 'lzma', 'zstd', 'xz'] as const)('%s', (method) => {
  const member = memberBy(method, 'a', text);
  const whole = text.toString('latin1');

  it('with sizes before and behind the data, and with nothing in it', () => {
    for (const one of [member, { ...member, descriptor: true }]) {
      const { problems, documents } = unpacked(
        'x.zip',
        makeZip([one, { name: 'b', content: 'beta' }]),
      );
      expect(problems).toEqual([]);
      expect(documents.get('a') === whole).toBe(true);
      expect(documents.get('b')).toBe('beta');
    }
    const empty = makeZip([memberBy(method, 'a', Buffer.alloc(0))]);
    expect(unpacked('x.zip', empty).problems).toEqual([]);
  });

  it.each<[string, Partial<typeof member>, RegExp]>([
    ['a wrong checksum', { crc: 1 }, /a: its checksum is wrong/],
    ['a wrong checksum behind the data', { crc: 1, descriptor: true }, /a: its checksum is wrong/],
    ['a size that is too small', { unpacked: 99 }, /a: its size is not what|a: LZMA data/],
    ['a size that is too large', { unpacked: 9e8 }, /a: its size is not what|a: LZMA data/],
    ['a size that was cut', { packed: 700 }, /archive-damaged a: /],
    [
      'hidden bytes',
      { data: Buffer.concat([member.data ?? Buffer.alloc(0), Buffer.from('hidden')]) },
      /a: .*hidden/,
    ],
    [
      'bytes that are none of it',
      { data: Buffer.from('no such thing at all') },
      /archive-damaged a/,
    ],
  ])('%s is told, and the next member is looked at', (_, change, problem) => {
    const archive = makeZip([
      { ...member, ...change },
      { name: 'b', content: 'beta' },
    ]);
    const { problems, documents } = unpacked('x.zip', archive);
    expect(problems.join('\n')).toMatch(problem);
    expect(documents.get('b')).toBe('beta');
  });
});

describe('LZMA in a zip', () => {
  it('may end without a mark, where the directory says its size', () => {
    const { data, ...member } = memberBy('lzma', 'a', text, false);
    const { problems, documents } = unpacked('x.zip', makeZip([{ ...member, data: data ?? text }]));
    expect(problems).toEqual([]);
    expect(documents.get('a') === text.toString('latin1')).toBe(true);
  });

  it('asks for no more memory than there may be', () => {
    const member = memberBy('lzma', 'a', text);
    const data = Buffer.from(member.data ?? text);
    data.writeUInt32LE(0xf0000000, 5);
    expect(unpacked('x.zip', makeZip([{ ...member, data }])).problems.join()).toMatch(
      /^archive-limit a: .*of memory/,
    );
    data.writeUInt16LE(6, 2);
    expect(unpacked('x.zip', makeZip([{ ...member, data }])).problems.join()).toMatch(
      /^archive-damaged a: the header of LZMA/,
    );
  });
});

/** Writes bits the lowest first, and codes the highest first. */
function bitWriter() {
  let bits = '';
  return {
    put: (value: number, count: number) => {
      for (let bit = 0; bit < count; bit += 1) bits += (value >> bit) & 1;
    },
    code: (value: number, count: number) => {
      bits += value.toString(2).padStart(count, '0');
    },
    bytes: () =>
      Buffer.from(
        (bits.match(/.{1,8}/g) ?? []).map((one) => parseInt([...one].reverse().join(''), 2)),
      ),
  };
}

function stored(content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(content.length, 1);
  head.writeUInt16LE(content.length ^ 0xffff, 3);
  return Buffer.concat([head, content]);
}

/** A last block of copies, in the codes that need no table. */
function copyBlock(length: number, distanceCode: number, extra: number, times = 1): Buffer {
  const { put, code, bytes } = bitWriter();
  put(1, 1);
  put(1, 2);
  for (let time = 0; time < times; time += 1) {
    // 285 with 16 bits behind it: any length.
    code(0b11000101, 8);
    put(length - 3, 16);
    code(distanceCode, 5);
    if (distanceCode > 3) put(extra, 14);
  }
  code(0, 7);
  return bytes();
}

describe('deflate64', () => {
  it.each([
    [3, 30, 0, 32_769],
    [65_538, 30, 16_383, 49_152],
    [10_000, 31, 0, 49_153],
    [259, 31, 10_846, 59_999],
  ])('copies %i bytes by code %i and %i: from %i before', (length, code, extra, distance) => {
    const packed = Buffer.concat([stored(noise), copyBlock(length, code, extra)]);
    const all = Array.from(noise);
    for (let at = 0; at < length; at += 1) all.push(all[all.length - distance] as number);
    for (const piece of [1 << 20, 777]) {
      const { bytes, error, taken } = decoded(packed, inflate64, piece);
      expect(error).toBeUndefined();
      expect(taken).toBe(packed.length);
      expect(bytes.equals(Buffer.from(all))).toBe(true);
    }
  });

  it('refuses a copy of what is not there', () => {
    const packed = Buffer.concat([stored(noise), copyBlock(3, 31, 10_848)]);
    expect(String(decoded(packed, inflate64).error)).toContain('refer to what is not there');
  });

  it('unpacks what deflate does where both are the same, and leaves what is behind', () => {
    for (const level of [0, 1, 6, 9]) {
      const packed = deflateRawSync(text, { level });
      const behind = Buffer.concat([packed, Buffer.from('behind')]);
      for (const piece of [1 << 20, 1_009]) {
        const { bytes, error, taken } = decoded(behind, inflate64, piece);
        expect(error).toBeUndefined();
        expect(bytes.equals(text)).toBe(true);
        expect(taken).toBe(packed.length);
      }
    }
  });

  it('with changed bytes ends, or is told, and makes no more than its bits can', () => {
    const packed = deflateRawSync(hard.subarray(100_000, 330_000), { level: 6 });
    let told = 0;
    for (let round = 0; round < numRuns; round += 1) {
      const changed = Buffer.from(
        packed.subarray(0, random(8) ? packed.length : random(packed.length)),
      );
      for (let count = random(4); count >= 0; count -= 1) {
        changed[random(round % 2 ? changed.length : Math.min(200, changed.length))] = random(256);
      }
      const { bytes, error } = decoded(changed, inflate64);
      expect(bytes.length).toBeLessThan(64 << 20);
      if (error !== undefined) told += 1;
      if (error !== undefined) expect(error).toMatchObject({ name: 'ArchiveError' });
    }
    expect(told).toBeGreaterThan(numRuns / 10);
  });

  it('ends at the ratio where it is a bomb, and so does LZMA', () => {
    const data = Buffer.concat([stored(Buffer.alloc(1)), copyBlock(65_538, 0, 0, 1_100)]);
    const zeros = Buffer.alloc(1 + 1_100 * 65_538);
    const bombs = [
      { name: 'a', content: zeros, data, methodNumber: zipMethods.deflate64 },
      memberBy('lzma', 'a', zeros),
    ];
    for (const bomb of bombs) {
      expect(unpacked('x.zip', makeZip([bomb]), { maxRatio: 1e6 }).problems).toEqual([]);
      const result = unpacked('x.zip', makeZip([bomb]), { maxRatio: 10 });
      expect(result.problems.at(-1)).toMatch(/^archive-limit .*10 times its size/);
      expect(result.bytes).toBeLessThan(65 << 20);
    }
  });

  it('of many small members takes no memory for each', () => {
    const member = memberBy('deflate64', 'a', Buffer.from('alpha'));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const archive = makeZip(Array.from({ length: 5_000 }, () => member));
    expect(unpacked('x.zip', archive).bytes).toBe(25_000);
    expect(performance.now() - start).toBeLessThan(4_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it('of blocks without content ends soon', () => {
    const packed = Buffer.alloc(2 << 20);
    const start = performance.now();
    expect(decoded(packed, inflate64).error).toBeDefined();
    const empty = Buffer.concat([...Array<Buffer>(200_000).fill(stored(Buffer.alloc(0)))]);
    expect(String(decoded(empty, inflate64).error)).toMatch(/ends early|wrong size/);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

it('methods that are not read are no damage, and the next member is looked at', () => {
  for (const method of [1, 6, 10, 18, 19, 96, 97, 98]) {
    const archive = makeZip([
      { name: 'a', content: 'alpha', methodNumber: method },
      { name: 'b', content: 'beta' },
    ]);
    const { problems, documents } = unpacked('x.zip', archive);
    expect(problems).toEqual([
      `archive-not-opened a: it is packed by method ${method}, which is not read here`,
    ]);
    expect([...documents]).toEqual([['b', 'beta']]);
  }
  expect(Object.values(zipMethods)).not.toContain(98);
});
