/** Archives made to hurt: each is told, quickly and in little memory, and nothing is written anywhere. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  makeAr,
  makeAsar,
  makeCpio,
  makeTar,
  makeZip,
  paxHeader,
  tarHeader,
} from '../../support/make-archive.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';

function tool(name: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(name, args, { input, maxBuffer: 1 << 28 });
}

/** Above what may always be unpacked. */
const zeros = Buffer.alloc(66 << 20);
const small = makeZip([{ name: 'a', content: 'alpha' }]);

describe('bombs', () => {
  const packed = deflateRawSync(Buffer.alloc(16 << 20));

  it.each<[string, string, Buffer]>([
    [
      'zip of zips',
      'b.zip',
      makeZip(
        Array.from({ length: 16 }, (_, at) => ({
          name: `${at}.zip`,
          content: makeZip(
            Array.from({ length: 16 }, (_, index) => ({
              name: `${index}`,
              content: '',
              data: packed,
              crc: 0,
              unpacked: 16 << 20,
            })),
          ),
        })),
      ),
    ],
    ['gzip of gzip', 'b.gz', gzipSync(gzipSync(zeros))],
    ['bzip2', 'b.bz2', tool('bzip2', ['-c'], zeros)],
    ['xz', 'b.xz', tool('xz', ['-0c'], zeros)],
    ['zstd', 'b.zst', tool('zstd', ['-c'], zeros)],
    [
      'brotli',
      'b.br',
      brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    ],
  ])('%s ends at the ratio', (_, name, archive) => {
    const result = unpacked(name, archive, { maxRatio: 10 });
    expect(result.problems.at(-1)).toMatch(
      /^archive-limit .*: it unpacks to more than 10 times its size \(--max-ratio\)/,
    );
    expect(result.bytes).toBeLessThan(65 << 20);
  });

  it('one in a member ends all of the archive', () => {
    const bomb = gzipSync(zeros);
    const archive = makeTar([
      { name: 'a.gz', content: bomb },
      { name: 'b.gz', content: bomb },
      { name: 'c', content: 'c' },
    ]);
    const result = unpacked('x.tar', archive, { maxTotalBytes: 1 << 20 });
    expect(result.problems).toEqual([
      'archive-limit : it unpacks to more than 1048576 bytes (--max-total); the rest was not looked at',
    ]);
    expect([...result.documents.keys()]).not.toContain('c');
  });

  it('a chain of archives ends at the depth, and its last link is looked at as it is', () => {
    let chain: Buffer = Buffer.from('core');
    for (let depth = 0; depth < 40; depth += 1)
      chain = depth % 2 ? gzipSync(chain) : makeZip([{ name: `z${depth}`, content: chain }]);
    const result = unpacked('x.zip', chain);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatch(/^archive-limit z39?.*deeper than 8 \(--max-depth\)$/);
    expect(result.documents.size).toBe(1);
  });

  it('an archive that names itself as its member is told', () => {
    // The stored member would reach from the start of the archive to its end.
    const self = makeZip([
      { name: 'self.zip', content: '', method: 0, packed: 120, unpacked: 120 },
    ]);
    expect(unpacked('self.zip', self).problems).toContain(
      'archive-damaged self.zip: it reaches into the directory',
    );
  });

  it('a hundred thousand gzip members, all empty, are passed over', () => {
    const empty = gzipSync(Buffer.alloc(0));
    const archive = Buffer.concat([
      ...Array.from({ length: 100_000 }, () => empty),
      gzipSync('end'),
    ]);
    const start = performance.now();
    expect([...unpacked('x.gz', archive).documents]).toEqual([['(gzip)', 'end']]);
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it('members beyond the limit are told', () => {
    const archive = makeTar(
      Array.from({ length: 50 }, (_, at) => ({ name: `${at}`, content: 'x' })),
    );
    const result = unpacked('x.tar', archive, { maxEntries: 20 });
    expect(result.problems).toEqual([
      'archive-limit : more than 20 members (--max-entries); the rest was not looked at',
    ]);
    expect(result.documents.size).toBe(19);
  });

  it('time is limited', () => {
    const archive = makeTar(
      Array.from({ length: 500 }, (_, at) => ({ name: `${at}`, content: gzipSync('x') })),
    );
    const result = unpacked('x.tar', archive, { maxTimeMs: -1 });
    expect(result.problems[0]).toContain('(--max-time)');
  });

  it('windows that decoders ask for are limited', () => {
    // A window of 1 GB, of which nothing is ever filled.
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (30 - 10) << 3, 1, 0, 0]);
    expect(unpacked('x.zst', header).problems[0]).toMatch(
      /^archive-limit .*more than 134217728 bytes of memory/,
    );
    const frames = Buffer.concat(
      Array.from({ length: 20_000 }, () =>
        Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (20 - 10) << 3, 9, 0, 0, 65]),
      ),
    );
    expect(unpacked('x.zst', frames).documents.get('(zstd)')).toHaveLength(20_000);
  });
});

describe('zips that lie', () => {
  const data = deflateRawSync(Buffer.from('alpha'));

  it.each<[string, Buffer, string]>([
    [
      'members that lie in the same place',
      makeZip([
        { name: 'a', content: 'alpha' },
        { name: 'b', content: 'alpha', sameAs: 0 },
      ]),
      'archive-damaged b: it overlaps another member',
    ],
    [
      'another name in the member',
      makeZip([{ name: 'a', localName: 'b', content: 'alpha' }]),
      'archive-damaged a: its own header names it "b"',
    ],
    [
      'fewer members than told',
      makeZip([{ name: 'a', content: 'alpha' }], { told: 2 }),
      'archive-damaged : its directory has 1 members and says 2',
    ],
    [
      'hidden bytes between members',
      makeZip([
        { name: 'a', content: 'alpha' },
        { name: 'b', content: 'beta', before: Buffer.from('hidden') },
      ]),
      'archive-damaged : 6 bytes are hidden between its members',
    ],
    [
      'hidden bytes behind the end',
      Buffer.concat([small, Buffer.from('hidden')]),
      'archive-damaged : 6 bytes are hidden between its members',
    ],
    [
      'hidden bytes behind the data',
      makeZip([
        { name: 'a', content: 'alpha', data: Buffer.concat([data, Buffer.from('hidden')]) },
      ]),
      'archive-damaged a: bytes are hidden behind its data',
    ],
    [
      'a wrong checksum',
      makeZip([{ name: 'a', content: 'alpha', crc: 1 }]),
      'archive-damaged a: its checksum is wrong',
    ],
    [
      'a wrong size',
      makeZip([{ name: 'a', content: 'alpha', unpacked: 4 }]),
      'archive-damaged a: its size is not what the directory says',
    ],
    [
      'a packed size beyond the end',
      makeZip([{ name: 'a', content: 'alpha', packed: 0x7fffffff }]),
      'archive-damaged a: it reaches into the directory',
    ],
    [
      'a directory outside of the file',
      makeZip([{ name: 'a', content: 'alpha' }], { directoryOffset: 1 << 20 }),
      'archive-damaged : its directory lies outside of it',
    ],
    [
      'an encrypted member',
      makeZip([{ name: 'a', content: 'alpha', flags: 1 }]),
      'archive-encrypted a: it is encrypted and was not looked at',
    ],
  ])('%s', (_, archive, problem) => {
    expect(unpacked('x.zip', archive).problems).toContain(problem);
  });

  it('what is hidden is looked at', () => {
    const archive = makeZip([{ name: 'b', content: 'beta', before: Buffer.from('hidden') }]);
    expect(
      unpacked('x.zip', archive).documents.get('(before the archive)') ??
        unpacked('x.zip', archive).documents.get('(hidden bytes)'),
    ).toBe('hidden');
  });

  it('reads zip64 fields, and does not believe them', () => {
    expect(
      unpacked('x.zip', makeZip([{ name: 'a', content: 'alpha', zip64: true }])).documents.get('a'),
    ).toBe('alpha');
    const archive = makeZip([
      { name: 'a', content: 'alpha', zip64: true },
      { name: 'b', content: 'beta' },
    ]);
    const at = archive.indexOf(Buffer.from([1, 0, 24, 0]));
    archive.writeBigUInt64LE(2n ** 62n, at + 12);
    expect(unpacked('x.zip', archive).problems).toEqual([
      'archive-damaged : it states a size that cannot be',
    ]);
    archive.writeBigUInt64LE(2n ** 40n, at + 12);
    const result = unpacked('x.zip', archive);
    expect(result.problems).toContain('archive-damaged a: it reaches into the directory');
    expect(result.documents.get('b')).toBe('beta');
  });
});

describe('tars that lie', () => {
  it.each<[string, Buffer, RegExp]>([
    [
      'a size beyond the end',
      makeTar([{ name: 'a', content: 'alpha', size: 1 << 30 }]),
      /a: it ends early/,
    ],
    [
      'a size of 2⁶² bytes',
      makeTar([
        {
          name: 'a',
          content: 'x',
          edit: (header) =>
            header.fill(0, 124, 136).writeUInt8(0x80, 124) &&
            header.writeBigUInt64BE(2n ** 62n, 128),
        },
      ]),
      /a size that cannot be/,
    ],
    [
      'a negative size',
      makeTar([{ name: 'a', content: 'x', edit: (header) => header.fill(0xff, 124, 136) }]),
      /a size that cannot be/,
    ],
    [
      'a size that is no number',
      makeTar([{ name: 'a', content: 'x', edit: (header) => header.write('zzzzzzz', 124) }]),
      /a size that is no number/,
    ],
    [
      'a size that jumps into a member',
      makeTar([
        { name: 'a', content: 'x'.repeat(2_000), size: 600 },
        { name: 'b', content: 'y' },
      ]),
      /wrong checksum/,
    ],
    [
      'a pax size that is none',
      makeTar([paxHeader({ size: '-5' }), { name: 'a', content: 'x' }]),
      /a pax header makes no sense/,
    ],
    [
      'a pax record that is longer than its header',
      makeTar([
        { name: 'p', type: 'x', content: '999 path=x\n' },
        { name: 'a', content: 'x' },
      ]),
      /a pax header makes no sense/,
    ],
    [
      'a long name of a gigabyte',
      Buffer.concat([tarHeader({ name: 'L', type: 'L', size: 1 << 30 }, 0), Buffer.alloc(1_024)]),
      /header is too long/,
    ],
    [
      'hidden bytes behind the end',
      Buffer.concat([makeTar([{ name: 'a', content: 'x' }]), Buffer.from('hidden')]),
      /6 bytes are hidden behind its members|ends early/,
    ],
    ['no end mark', makeTar([{ name: 'a', content: 'x' }], false), /its end mark is missing/],
    [
      'sparse pieces that overlap',
      makeTar([paxHeader({ 'GNU.sparse.map': '0,3,1,3' }), { name: 'a', content: 'xxxyyy' }]),
      /pieces of a sparse file overlap/,
    ],
  ])('%s', (_, archive, problem) => {
    const { problems } = unpacked('x.tar', archive);
    expect(problems.join('\n')).toMatch(problem);
  });

  it('a hole of a terabyte ends at the ratio', () => {
    const archive = makeTar([
      paxHeader({ 'GNU.sparse.map': '0,1,1000000000000,1' }),
      { name: 'a', content: 'xy' },
    ]);
    const result = unpacked('x.tar', archive, { maxRatio: 10 });
    expect(result.problems.join()).toContain('--max-ratio');
  });
});

describe('names that lead elsewhere', () => {
  const names = [
    '../../etc/passwd',
    '/etc/passwd',
    '..\\..\\x',
    'C:\\x',
    'a/../../b',
    '\u202etxt.exe',
  ];

  it.each([
    ['zip', 'x.zip', makeZip(names.map((name) => ({ name, content: 'alpha' })))],
    ['tar', 'x.tar', makeTar(names.map((name) => ({ name, content: 'alpha' })))],
    ['cpio', 'x.cpio', makeCpio(names.map((name) => ({ name, content: 'alpha' })))],
  ])('are shown as they are in %s, and nothing is written', (_, name, archive) => {
    const folder = mkdtempSync(join(tmpdir(), 'keywarden-names-'));
    const before = process.cwd();
    try {
      process.chdir(folder);
      const { documents, problems } = unpacked(name, archive);
      expect(problems).toEqual([]);
      expect([...documents.keys()].map((text) => Buffer.from(text).toString())).toEqual(names);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });

  it('a folder that is called __proto__ in an asar is a folder', () => {
    const archive = makeAsar(
      { x: 'alpha' },
      () => JSON.parse('{"files":{"__proto__":{"files":{"y":{"size":5,"offset":"0"}}}}}') as object,
    );
    expect([...unpacked('x.asar', archive).documents]).toEqual([['__proto__/y', 'alpha']]);
  });

  it.each<[string, object, RegExp]>([
    [
      'an offset beyond the end',
      { files: { a: { size: 5, offset: '99999' } } },
      /names a place outside of itself/,
    ],
    [
      'members that overlap',
      { files: { a: { size: 4, offset: '0' }, b: { size: 4, offset: '1' } } },
      /b: it overlaps another member/,
    ],
    ['a size that is none', { files: { a: { size: -1, offset: '0' } } }, /says nothing sensible/],
    ['a folder that is none', { files: 7 }, /hidden between its members/],
  ])('an asar with %s', (_, tree, problem) => {
    expect(
      unpacked(
        'x.asar',
        makeAsar({ x: 'alpha' }, () => tree),
      ).problems.join('\n'),
    ).toMatch(problem);
  });

  it('an ar whose size is none', () => {
    const archive = makeAr([{ name: 'a', content: 'alpha' }]);
    archive.write('zz', 8 + 48);
    expect(unpacked('x.a', archive).problems.join()).toContain('a size that is no number');
  });
});

describe('compressed files that are damaged', () => {
  const text = Buffer.from(
    Array.from({ length: 3_000 }, (_, at) => `line ${at * 7919}\n`).join(''),
  );
  const zstd = tool('zstd', ['-c'], text);

  it.each<[string, string, Buffer, number]>([
    ['gzip', 'x.gz', gzipSync(text), 6],
    ['bzip2', 'x.bz2', tool('bzip2', ['-c'], text), 12],
    ['xz', 'x.xz', tool('xz', ['-c'], text), 40],
    ['zstd', 'x.zst', zstd, 2],
  ])('%s: a wrong checksum, hidden bytes, and a cut', (_, name, archive, fromEnd) => {
    const wrong = Buffer.from(archive);
    wrong[wrong.length - fromEnd] = (wrong[wrong.length - fromEnd] ?? 0) ^ 1;
    expect(unpacked(name, wrong).problems.join()).toMatch(/^archive-damaged/);
    const behind = unpacked(name, Buffer.concat([archive, Buffer.from('hidden')]));
    expect(behind.problems.join()).toContain('6 bytes are hidden behind its data');
    expect(behind.documents.get('(hidden bytes)')).toBe('hidden');
    for (const cut of [archive.length - 1, archive.length >> 1, 20]) {
      expect(unpackedStream(name, archive.subarray(0, cut), 333).problems.join()).toMatch(
        /^archive-damaged/,
      );
    }
  });
});
