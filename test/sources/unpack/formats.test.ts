import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  mkdirSync,
  symlinkSync,
  truncateSync,
  appendFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeAr,
  makeAsar,
  makeCpio,
  makeRpm,
  makeTar,
  makeZip,
  paxHeader,
} from '../../support/make-archive.ts';
import { unpacked, unpackedStream, type Unpacked } from '../../support/unpacked.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keywarden-unpack-'));
  mkdirSync(join(folder, 'in/deep'), { recursive: true });
  writeFileSync(join(folder, 'in/a.txt'), 'alpha\n');
  writeFileSync(join(folder, 'in/deep/b.txt'), 'beta\n'.repeat(2_000));
  writeFileSync(join(folder, 'in', `${'long-'.repeat(40)}name.txt`), 'gamma\n');
  symlinkSync('a.txt', join(folder, 'in/link'));
  writeFileSync(join(folder, 'in/holes'), '');
  truncateSync(join(folder, 'in/holes'), 1 << 20);
  appendFileSync(join(folder, 'in/holes'), 'behind the hole\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function made(tool: string, args: readonly string[], file: string): Buffer {
  execFileSync(tool, args, { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, file));
}

function piped(tool: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(tool, args, { input, maxBuffer: 1 << 28 });
}

function expectTree({ documents, problems }: Unpacked): void {
  expect(problems).toEqual([]);
  expect(documents.get('in/a.txt')).toBe('alpha\n');
  expect(documents.get('in/deep/b.txt')).toBe('beta\n'.repeat(2_000));
  expect(documents.get(`in/${'long-'.repeat(40)}name.txt`)).toBe('gamma\n');
}

describe('archives of the usual tools', () => {
  it.each([
    ['gnu', ['--format=gnu']],
    ['pax', ['--format=pax']],
    ['posix with holes', ['--format=pax', '--sparse']],
    ['pax with holes 0.0', ['--format=pax', '--sparse', '--sparse-version=0.0']],
    ['pax with holes 0.1', ['--format=pax', '--sparse', '--sparse-version=0.1']],
    ['old GNU with holes', ['--format=gnu', '--sparse']],
  ])('tar, %s', (_, flags) => {
    const archive = made('tar', [...flags, '-cf', 'out.tar', 'in'], 'out.tar');
    const result = unpacked('out.tar', archive);
    expectTree(result);
    expect(result.documents.get('in/link')).toBe('a.txt');
    expect(result.documents.get('in/holes')).toBe(`${(1 << 20) + 16} bytes`);
    expectTree(unpackedStream('out.tar', archive, 1_000));
  });

  it('zip, with a symbolic link', () => {
    const result = unpacked('out.zip', made('zip', ['-qry', 'out.zip', 'in'], 'out.zip'));
    expectTree(result);
    expect(result.documents.get('in/link')).toBe('a.txt');
  });

  it('zip that was written to a stream, with sizes behind the data', () => {
    const archive = execFileSync('zip', ['-qr', '-', 'in'], { cwd: folder, maxBuffer: 1 << 26 });
    expectTree(unpacked('out.zip', archive));
  });

  it('wheel and jar', () => {
    const script =
      'import zipfile,sys\nwith zipfile.ZipFile("out.whl","w",zipfile.ZIP_DEFLATED) as z:\n for n in ["in/a.txt","in/deep/b.txt","in/' +
      `${'long-'.repeat(40)}name.txt"]: z.write(n)\n with z.open("streamed.txt","w",force_zip64=True) as f: f.write(b"delta")`;
    const wheel = unpacked('out.whl', made('python3', ['-c', script], 'out.whl'));
    expectTree(wheel);
    expect(wheel.documents.get('streamed.txt')).toBe('delta');
    expectTree(unpacked('out.jar', made('jar', ['cf', 'out.jar', 'in'], 'out.jar')));
  });

  it('Debian package', () => {
    mkdirSync(join(folder, 'deb/DEBIAN'), { recursive: true });
    mkdirSync(join(folder, 'deb/etc'), { recursive: true });
    writeFileSync(
      join(folder, 'deb/DEBIAN/control'),
      'Package: p\nVersion: 1\nArchitecture: all\nMaintainer: m <m@example.org>\nDescription: d\n',
    );
    writeFileSync(join(folder, 'deb/etc/p.conf'), 'conf\n');
    for (const kind of ['xz', 'gzip', 'zstd']) {
      const archive = made(
        'dpkg-deb',
        [`-Z${kind}`, '--root-owner-group', '-b', 'deb', 'p.deb'],
        'p.deb',
      );
      const { documents, problems } = unpacked('p.deb', archive);
      expect(problems).toEqual([]);
      const name = [...documents.keys()].find(
        (key) => key.startsWith('data.tar') && key.endsWith('!./etc/p.conf'),
      );
      expect(documents.get(name ?? '')).toBe('conf\n');
    }
  });

  it('npm package', () => {
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"p","version":"1.0.0","files":["in/a.txt"]}',
    );
    const archive = made(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--offline'],
      'p-1.0.0.tgz',
    );
    const { documents, problems } = unpacked('p-1.0.0.tgz', archive);
    expect(problems).toEqual([]);
    expect(documents.get('package/in/a.txt')).toBe('alpha\n');
  });
});

const text = Buffer.from('one line of text, and another\n'.repeat(9_000));
const noise = Buffer.from(
  Array.from({ length: 70_000 }, (_, at) => (at * at * 31 + (at >> 3)) & 0xff),
);
const long = Buffer.concat([text, noise, Buffer.alloc(300_000), text, Buffer.from('the end')]);

describe('compressed files', () => {
  it.each<[string, string, (input: Buffer) => Buffer]>([
    ['gzip', 'a.gz', (input) => piped('gzip', ['-c'], input)],
    [
      'gzip',
      'a.gz',
      (input) => Buffer.concat([gzipSync(input.subarray(0, 999)), gzipSync(input.subarray(999))]),
    ],
    ['bzip2', 'a.bz2', (input) => piped('bzip2', ['-c'], input)],
    [
      'bzip2',
      'a.bz2',
      (input) =>
        Buffer.concat([
          piped('bzip2', ['-1c'], input.subarray(0, 999)),
          piped('bzip2', ['-c'], input.subarray(999)),
        ]),
    ],
    ['xz', 'a.xz', (input) => piped('xz', ['-c'], input)],
    ['xz', 'a.xz', (input) => piped('xz', ['-9c', '--check=sha256', '--block-size=100000'], input)],
    [
      'xz',
      'a.xz',
      (input) =>
        piped('xz', ['-c', '--check=crc32', '--lzma2=preset=6,lc=1,lp=2,pb=4,dict=64KiB'], input),
    ],
    [
      'xz',
      'a.xz',
      (input) =>
        Buffer.concat([
          piped('xz', ['-c', '--check=none'], input.subarray(0, 999)),
          Buffer.alloc(8),
          piped('xz', ['-0c'], input.subarray(999)),
        ]),
    ],
    ['zstd', 'a.zst', (input) => piped('zstd', ['-c'], input)],
    ['zstd', 'a.zst', (input) => piped('zstd', ['-19c', '--no-check'], input)],
    [
      'zstd',
      'a.zst',
      (input) =>
        Buffer.concat([
          Buffer.from('502a4d180300000078797a', 'hex'),
          piped('zstd', ['-c'], input.subarray(0, 9)),
          piped('zstd', ['-c'], input.subarray(9)),
        ]),
    ],
    ['brotli', 'a.br', (input) => brotliCompressSync(input)],
  ])('%s (%s), whole and in pieces, without its padding', (step, name, pack) => {
    for (const input of [long, Buffer.from('x'), Buffer.alloc(0)]) {
      const packed = pack(input);
      for (const result of [unpacked(name, packed), unpackedStream(name, packed, 4_096)]) {
        expect(result.problems).toEqual([]);
        expect([...result.documents.values()].join('') === input.toString('latin1')).toBe(true);
        expect([...result.documents.keys()]).toEqual([`(${step})`]);
      }
    }
  });

  it('xz that is longer than its window', () => {
    const lines = Array.from({ length: 400_000 }, (_, at) => `line ${at} is ${at * 7919} ago\n`);
    const input = Buffer.from(lines.join(''));
    const packed = piped('xz', ['-c', '--lzma2=preset=0,dict=64KiB,lc=2,lp=2'], input);
    const { bytes, problems } = unpacked('a.xz', packed);
    expect(problems).toEqual([]);
    expect(bytes).toBe(input.length);
  });

  it('adds no member, and a tar in it is opened', () => {
    const tar = makeTar([
      { name: 'a', content: 'alpha' },
      { name: 'b.gz', content: gzipSync('beta') },
    ]);
    const { documents } = unpacked('x.tar.gz.gz', gzipSync(gzipSync(tar)));
    expect([...documents]).toEqual([
      ['a', 'alpha'],
      ['b.gz(gzip)', 'beta'],
    ]);
  });
});

describe('other archives', () => {
  it('cpio, three kinds', () => {
    for (const magic of ['070701', '070702', '070707'] as const) {
      const { documents, problems } = unpacked(
        'x',
        makeCpio(
          [
            { name: './a', content: 'alpha' },
            { name: 'b', content: 'beta!' },
          ],
          magic,
        ),
      );
      expect(problems).toEqual([]);
      expect([...documents]).toEqual([
        ['./a', 'alpha'],
        ['b', 'beta!'],
      ]);
    }
  });

  it('rpm', () => {
    const payload = gzipSync(makeCpio([{ name: './etc/p.conf', content: 'conf' }]));
    const { documents, problems } = unpacked('p.rpm', makeRpm(payload, 'echo post'));
    expect(problems).toEqual([]);
    expect(documents.get('./etc/p.conf')).toBe('conf');
    expect(documents.get('(header)')).toContain('echo post');
  });

  it('ar with long names of both kinds', () => {
    const archive = makeAr([
      { name: '//', content: 'a-name-longer-than-sixteen.txt/\n' },
      { name: '/0', content: 'alpha' },
      { name: '#1/20', content: 'another-long-name.txbeta' },
      { name: 'short/', content: 'gamma' },
    ]);
    const { documents, problems } = unpacked('lib.a', archive);
    expect(problems).toEqual([]);
    expect([...documents]).toEqual([
      ['a-name-longer-than-sixteen.txt', 'alpha'],
      ['another-long-name.tx', 'beta'],
      ['short', 'gamma'],
    ]);
  });

  it('asar', () => {
    const archive = makeAsar({ 'main.js': 'alpha', 'node_modules/p/index.js': 'beta' });
    for (const result of [unpacked('app.asar', archive), unpackedStream('app.asar', archive, 7)]) {
      expect(result.problems).toEqual([]);
      expect([...result.documents]).toEqual([
        ['main.js', 'alpha'],
        ['node_modules/p/index.js', 'beta'],
      ]);
    }
  });

  it('zip in tar in gzip in zip, in a stream', () => {
    const inner = makeZip([{ name: 'deep.txt', content: 'deep' }]);
    const tgz = gzipSync(makeTar([{ name: 'inner.jar', content: inner }]));
    const outer = makeZip([
      { name: 'x.tgz', content: tgz },
      { name: 'stored.zip', content: inner, method: 0 },
    ]);
    const expected = [
      ['x.tgz!inner.jar!deep.txt', 'deep'],
      ['stored.zip!deep.txt', 'deep'],
    ];
    expect([...unpacked('outer.zip', outer).documents]).toEqual(expected);
    expect([...unpackedStream('outer.zip', outer, 100).documents]).toEqual(expected);
  });

  it('a zip behind a program, known by its name, and a browser extension', () => {
    const archive = makeZip([{ name: 'a', content: 'alpha' }]);
    const result = unpacked(
      'run.pex',
      Buffer.concat([Buffer.from('#!/usr/bin/python\n'), archive]),
    );
    expect(result.problems).toEqual([]);
    expect([...result.documents]).toEqual([
      ['(before the archive)', '#!/usr/bin/python\n'],
      ['a', 'alpha'],
    ]);
    const crx = Buffer.concat([Buffer.from('Cr24\u0003\0\0\0\u0004\0\0\0abcd', 'latin1'), archive]);
    expect(unpacked('x.crx', crx).documents.get('a')).toBe('alpha');
  });

  it('old tar without a magic, tars one behind the other, pax names and sizes', () => {
    const old = makeTar([{ name: 'a', content: 'alpha', magic: 'old' }]);
    const pax = makeTar([
      paxHeader({ path: 'dir/née.txt', size: '4' }),
      { name: 'short', content: 'beta', size: 0 },
      paxHeader({ comment: 'x' }, 'g'),
      { name: 'last', content: 'gamma' },
    ]);
    const { documents, problems } = unpacked('x.tar', Buffer.concat([old, pax]));
    expect(problems).toEqual([]);
    expect([...documents]).toEqual([
      ['a', 'alpha'],
      ['dir/née.txt', 'beta'],
      ['last', 'gamma'],
    ]);
  });
});
