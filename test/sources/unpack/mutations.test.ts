/** Archives with random bytes changed, cut and put in: never a crash or a hang, never more bytes, never silently less. */
import { execFileSync } from 'node:child_process';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unseenContent } from '../../../src/core/detect/unseen-content.ts';
import { seededRandom } from '../../../src/core/rules/random.ts';
import {
  makeAr,
  makeAsar,
  makeCpio,
  makeRpm,
  makeTar,
  makeZip,
  paxHeader,
} from '../../support/make-archive.ts';
import {
  makeCompress,
  makeLzip,
  makeLzma,
  memberBy,
  withSize,
} from '../../support/make-compressed.ts';
import { makeCompound } from '../../support/make-compound.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { ociImage } from '../../support/make-image.ts';
import { unpacked, unpackedStream, type Unpacked } from '../../support/unpacked.ts';

const text = Array.from({ length: 400 }, (_, at) => `line ${at} of ${at * 7919}\n`).join('');

function tool(name: string, args: readonly string[]): Buffer {
  return execFileSync(name, args, { input: text });
}

const members = [
  { name: 'a.txt', content: 'alpha' },
  { name: 'dir/b.txt', content: text },
  { name: 'c.bin', content: Buffer.from([0, 1, 2, 3, 255]) },
];
const tar = makeTar([
  paxHeader({ path: 'long/name' }),
  ...members,
  { name: 'l', type: '2', linkName: 'x' },
]);
const sparse = makeTar([
  paxHeader({ 'GNU.sparse.map': '0,3,100,2' }),
  { name: 's', content: 'abcde' },
  ...members,
]);

/** All that is unpacked of these is checked by sums that the format has. */
const summed: Readonly<Record<string, Buffer>> = {
  'x.zip': makeZip(members),
  'x.jar': makeZip(members.map((one) => ({ ...one, zip64: true, method: 0 as const }))),
  'x.gz': gzipSync(text),
  'x.bz2': tool('bzip2', ['-c']),
  'x.xz': tool('xz', ['-c']),
  'x86.xz': tool('xz', ['-c', '--x86', '--delta=dist=2', '--lzma2=preset=1']),
  'x.zst': tool('zstd', ['-c']),
  'x.tgz': gzipSync(tar),
  'x.lz': makeLzip(Buffer.from(text)),
  ...Object.fromEntries(
    (['deflate64', 'bzip2', 'lzma', 'zstd', 'xz'] as const).map((method) => [
      `${method}.zip`,
      makeZip([memberBy(method, 'a', Buffer.from(text)), ...members]),
    ]),
  ),
};

/** These have no sums: what is made of them is less, or other, and may be told by nothing. */
const others: Readonly<Record<string, Buffer>> = {
  'x.tar': tar,
  'x.lzma': makeLzma(Buffer.from(text)),
  'known.lzma': withSize(makeLzma(Buffer.from(text)), text.length),
  'x.Z': makeCompress(Buffer.from(text), 12),
  'sparse.tar': sparse,
  'x.br': brotliCompressSync(text),
  'x.deb': makeAr([
    { name: 'debian-binary', content: '2.0\n' },
    { name: 'data.tar.gz', content: gzipSync(tar) },
  ]),
  'x.cpio': makeCpio(members, '070702'),
  'old.cpio': makeCpio(members, '070707'),
  'x.rpm': makeRpm(gzipSync(makeCpio(members)), 'post'),
  'x.asar': makeAsar({ 'a.txt': 'alpha', 'dir/b.txt': text }),
  'image.tar': ociImage({
    layers: [members, [{ name: 'dir/.wh.b.txt', content: '' }]],
    env: ['A=b'],
  }),
};

const { numRuns: rounds, seed } = propertyRuns(250);

function mutated(archive: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(archive);
  const at = random(copy.length);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([
        copy.subarray(0, at),
        Buffer.from([random(256), random(256)]),
        copy.subarray(at),
      ]);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(20))]);
    case 3:
      // What sizes are made of.
      copy.subarray(at, at + 1 + random(8)).fill(random(2) ? 0xff : 0);
      return copy;
    default:
      for (let count = 1 + random(3); count > 0; count -= 1)
        copy[random(copy.length)] = random(256);
      return copy;
  }
}

function contentsOf({ documents }: Unpacked): string {
  return [...documents.values()].sort().join('|');
}

describe.each(Object.entries({ ...summed, ...others }))('%s', (name, archive) => {
  it('stays readable whatever is changed in it', () => {
    const random = seededRandom(`${name}/${seed}`);
    const whole = contentsOf(unpacked(name, archive));
    expect(unpacked(name, archive).problems).toEqual([]);
    let told = 0;
    for (let round = 0; round < rounds; round += 1) {
      const changed = mutated(archive, random);
      const start = performance.now();
      const result =
        round % 2 ? unpacked(name, changed) : unpackedStream(name, changed, 1 + random(5_000));
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(result.bytes).toBeLessThan(70 << 20);
      if (result.problems.length > 0) told += 1;
      else if (name in summed && changed.length > 0) expect(contentsOf(result)).toBe(whole);
    }
    expect(told).toBeGreaterThan(rounds / 10);
  }, 120_000);
});

const secret = Buffer.from(
  'the secret, packed and encrypted as nobody here can read it '.repeat(9),
);
/** What cannot be looked at stays told, whatever is changed: by the unpacking, or by whoever looks at the bytes as they are. */
const closed: Readonly<Record<string, Buffer>> = {
  'old.zip': makeZip([
    { name: 'a', content: secret, flags: 1, data: scrambled(secret, 7) },
    { name: 'b', content: secret, flags: 9, data: scrambled(secret, 8) },
    { name: 'c', content: secret, flags: 1, methodNumber: 99, data: scrambled(secret, 9) },
  ]),
  'x.docx': makeCompound({
    EncryptionInfo: Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]),
    EncryptedPackage: scrambled(Buffer.alloc(9_000), 10),
  }),
};

function scrambled(bytes: Buffer, from: number): Buffer {
  const random = seededRandom(`scrambled/${from}`);
  return Buffer.from(bytes.map(() => random(256)));
}

describe.each(Object.entries(closed))('%s, which is encrypted', (name, archive) => {
  it('stays told whatever is changed in it', () => {
    const random = seededRandom(`${name}/${seed}`);
    for (let round = 0; round < rounds; round += 1) {
      const changed = mutated(archive, random);
      const { problems, bytes } =
        round % 2 ? unpacked(name, changed) : unpackedStream(name, changed, 1 + random(5_000));
      expect(bytes).toBeLessThan(1 << 20);
      const isTold = problems.length > 0 || unseenContent(name, changed) !== undefined;
      expect(isTold).toBe(changed.length > 0);
    }
  }, 120_000);
});
