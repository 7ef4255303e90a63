/** Traps that others built before: archives that hold themselves, that overlap, that are encrypted. */
import { deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unseenContent } from '../../../src/core/detect/unseen-content.ts';
import { gzipQuine } from '../../support/gzip-quine.ts';
import { makeTar, makeZip, type ZipMember } from '../../support/make-archive.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';
import { quineName, zipQuine } from '../../support/zip-quine.ts';

describe('a gzip that unpacks to itself', () => {
  const quine = gzipQuine();

  it('is one', () => {
    expect(gunzipSync(quine).equals(quine)).toBe(true);
  });

  it.each([1, 8, 40])('ends at a depth of %i, which is told', (maxDepth) => {
    const { problems, documents, formats } = unpacked('r.gz', quine, { maxDepth });
    expect(problems).toEqual([
      `archive-limit ${'(gzip)'.repeat(maxDepth)}: archives within archives deeper than ${maxDepth} (--max-depth)`,
    ]);
    expect(formats).toHaveLength(maxDepth);
    expect(documents.size).toBe(1);
  });

  it('ends as well in a stream, and takes nothing with it that stands beside', () => {
    const archive = makeTar([
      { name: 'r.gz', content: quine },
      { name: 'b', content: 'beta' },
    ]);
    const { problems, documents } = unpackedStream('x.tar', archive, 100);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('--max-depth');
    expect(documents.get('b')).toBe('beta');
  });

  it('ends at the bytes where the depth allows more', () => {
    const { problems } = unpacked('r.gz', quine, { maxDepth: 1_000, maxTotalBytes: 100_000 });
    expect(problems.join()).toContain('(--max-total); the rest was not looked at');
  });
});

describe('a zip that is its own member', () => {
  const quine = zipQuine();

  it('is one', () => {
    const dataAt = 30 + quine.readUInt16LE(26) + quine.readUInt16LE(28);
    const packed = quine.subarray(dataAt, dataAt + quine.readUInt32LE(18));
    expect(inflateRawSync(packed).equals(quine)).toBe(true);
    expect(quine.readUInt32LE(22)).toBe(quine.length);
  });

  it.each([1, 8, 40])('ends at a depth of %i, which is told', (maxDepth) => {
    const { problems, documents, formats } = unpacked('r.zip', quine, { maxDepth });
    const place = Array.from({ length: maxDepth }, () => quineName).join('!');
    // Its headers and sums are right at every depth, so that nothing else is.
    expect(problems).toEqual([
      `archive-limit ${place}: archives within archives deeper than ${maxDepth} (--max-depth)`,
    ]);
    expect(formats).toHaveLength(maxDepth);
    expect([...documents.values()]).toEqual([quine.toString('latin1')]);
  });

  it('ends as well in a stream, and takes nothing with it that stands beside', () => {
    const archive = makeTar([
      { name: 'r.zip', content: quine },
      { name: 'b', content: 'beta' },
    ]);
    const { problems, documents } = unpackedStream('x.tar', archive, 100);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('--max-depth');
    expect(documents.get('b')).toBe('beta');
  });

  it('ends at the members where the depth allows more', () => {
    const { problems } = unpacked('r.zip', quine, { maxDepth: 1_000, maxEntries: 50 });
    expect(problems).toEqual([
      'archive-limit : more than 50 members (--max-entries); the rest was not looked at',
    ]);
  });
});

describe('members that share their bytes', () => {
  const kernel = deflateRawSync(Buffer.alloc(1 << 20));
  const name = (at: number): string => String(at).padStart(4, '0');
  const headerBytes = 30 + 4;

  /** Each member holds, as stored bytes, the header of the next, and goes on with its data. */
  function quoting(count: number): Buffer {
    const quote = Buffer.from([0, headerBytes, 0, ~headerBytes & 0xff, 0xff]);
    const members = Array.from({ length: count }, (_, at): ZipMember => {
      const behind = count - 1 - at;
      return {
        name: name(at),
        content: '',
        data: behind === 0 ? kernel : quote,
        packed: kernel.length + behind * (quote.length + headerBytes),
        unpacked: (1 << 20) + behind * headerBytes,
      };
    });
    return makeZip(members);
  }

  it.each<[string, Buffer]>([
    [
      'all of them',
      makeZip(
        Array.from({ length: 300 }, (_, at) => ({
          name: name(at),
          content: '',
          ...(at > 0 ? { sameAs: 0 } : { data: kernel }),
          packed: kernel.length,
          unpacked: 1 << 20,
        })),
      ),
    ],
    ['those behind them, quoted', quoting(300)],
  ])('%s: unpacked once, and each of the others is told', (_, archive) => {
    const { problems, bytes } = unpacked('x.zip', archive);
    const overlapping = problems.filter((one) => one.endsWith('it overlaps another member'));
    expect(overlapping).toHaveLength(299);
    expect(bytes).toBeLessThan(2 << 20);
  });
});

describe('what is encrypted', () => {
  it.each<[string, ZipMember]>([
    ['the old way', { name: 'a', content: 'alpha', flags: 1 }],
    ['the old way, with a descriptor', { name: 'a', content: 'alpha', flags: 9 }],
    ['by AES', { name: 'a', content: 'alpha', flags: 1, methodNumber: 99 }],
    ['by AES, and does not say so', { name: 'a', content: 'alpha', methodNumber: 99 }],
    ['strongly', { name: 'a', content: 'alpha', flags: 0x41 }],
  ])('a member of a zip %s is told, and the next one is looked at', (_, member) => {
    const archive = makeZip([member, { name: 'b', content: 'beta' }]);
    const { problems, documents } = unpacked('x.zip', archive);
    expect(problems.filter((one) => one.startsWith('archive-encrypted a:'))).toHaveLength(1);
    expect(documents.get('b')).toBe('beta');
    expect(documents.has('a')).toBe(false);
  });

  it('an Office document with a password is told', () => {
    const compound = Buffer.alloc(4_096);
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(compound);
    expect(unseenContent('x.doc', compound)).toBeUndefined();
    Buffer.from('EncryptedPackage', 'utf16le').copy(compound, 1_024);
    expect(unseenContent('x.docx', compound)).toMatchObject({
      kind: 'archive-encrypted',
      where: 'x.docx',
    });
  });

  it.each([
    ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]],
    ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 7, 1, 0]],
    ['cab', [0x4d, 0x53, 0x43, 0x46, 0, 0, 0, 0, 1]],
    ['lz4', [0x04, 0x22, 0x4d, 0x18, 0x64]],
    ['lz4', [0x03, 0x21, 0x4c, 0x18, 0x64]],
    ['lzma', [0x5d, 0, 0, 0x80, 0, ...Array<number>(8).fill(0xff), 0]],
    ['lha', [0x20, 0x40, ...Buffer.from('-lh5-')]],
    ['zoo', [...Buffer.from('ZOO 2.10 Archive.\u001a\0\0'), 0xdc, 0xa7, 0xc4, 0xfd]],
    ['ace', [...Buffer.from('1234567**ACE**')]],
    ['lzop', [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['lrzip', [...Buffer.from('LRZI'), 0, 6]],
    ['zpaq', [0x37, 0x6b, 0x53, 0x74, 0xa0, 0x31, 0x83, 0xd3, 0x8c]],
    ['zpaq', [...Buffer.from('zPQ'), 1, 1]],
    ['lzfse', [...Buffer.from('bvx2'), 0, 0]],
    ['snappy', [0xff, 6, 0, 0, ...Buffer.from('sNaPpY')]],
    ['pack200', [0xca, 0xfe, 0xd0, 0x0d, 7]],
    ['szdd', [0x53, 0x5a, 0x44, 0x44, 0x88, 0xf0, 0x27, 0x33, 0x41]],
    ['kwaj', [0x4b, 0x57, 0x41, 0x4a, 0x88, 0xf0, 0x27, 0xd1]],
    ['chm', [...Buffer.from('ITSF'), 3, 0, 0, 0, 0x60]],
    ['cramfs', [0x45, 0x3d, 0xcd, 0x28, 0]],
    ['ubifs', [0x31, 0x18, 0x10, 0x06, 0]],
    ['erofs', [...Buffer.alloc(1_024), 0xe2, 0xe1, 0xf5, 0xe0]],
    ['vmdk', [...Buffer.from('KDMV'), 1, 0, 0, 0]],
    ['vhd', [...Buffer.from('conectix'), 0, 0, 0, 2]],
    ['vhdx', [...Buffer.from('vhdxfile'), 0x4d, 0]],
    [
      'vdi',
      [
        ...Buffer.from('<<< Oracle VM VirtualBox Disk Image >>>\n'.padEnd(64, '\0')),
        0x7f,
        0x10,
        0xda,
        0xbe,
      ],
    ],
    ['cab', [...Buffer.from('ISc('), 0x0c, 0, 0, 1]],
    ['split zip', [...Buffer.from('PK00PK'), 3, 4]],
    ['qcow', [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]],
    ['lzip', [0x4c, 0x5a, 0x49, 0x50, 1, 0]],
    ['squashfs', [0x68, 0x73, 0x71, 0x73, 0]],
  ])('%s stays closed, encrypted or not, and is told', (format, bytes) => {
    expect(unseenContent('x', Buffer.from(bytes))).toMatchObject({
      kind: 'archive-not-opened',
      format,
    });
  });
});

describe('texts', () => {
  it.each([
    '7z is a program',
    'Rar! said the lion',
    '] = 5;',
    'PK',
    'BZ',
    'a text -lh5- with a name',
    'x.dmg',
  ])('that begin as "%s" are no archives', (start) => {
    expect(
      unseenContent('notes.dmg', Buffer.from(start.padEnd(40_000, ' and more'))),
    ).toBeUndefined();
  });
});

describe('links in archives', () => {
  it('are text and lead nowhere', () => {
    const mode = 0o120777;
    const zip = makeZip([{ name: 'l', content: '/etc/passwd', mode }]);
    expect([...unpacked('x.zip', zip).documents]).toEqual([['l', '/etc/passwd']]);
    const tar = makeTar([
      { name: 'l', type: '2', linkName: '/etc/passwd' },
      { name: 'l/x', content: 'alpha' },
      { name: 'h', type: '1', linkName: '../../h' },
    ]);
    expect([...unpacked('x.tar', tar).documents]).toEqual([
      ['l', '/etc/passwd'],
      ['l/x', 'alpha'],
      ['h', '../../h'],
    ]);
  });
});
