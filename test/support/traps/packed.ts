/** Small archives of enormous contents, archives in archives in archives, and archives of very many members. */
import { execFileSync } from 'node:child_process';
import { crc32, brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib';
import { makeTar, makeZip, tarHeader, type ZipMember } from '../make-archive.ts';

const mega = 1 << 20;

/** Deflated zeros: one piece, which stands as often as it must. */
export function deflatedZeros(bytes: number): Buffer {
  const piece = 16 * mega;
  const flush = constants.Z_FULL_FLUSH;
  const one = deflateRawSync(Buffer.alloc(piece), { level: 9, finishFlush: flush });
  const end = deflateRawSync(Buffer.alloc(0));
  return Buffer.concat([...Array.from({ length: bytes / piece }, () => one), end]);
}

/** Sixteen zips in each of sixteen, five times, and zeros in the innermost; 42.zip is made like that. */
export function nestedZips(zeros: number): Buffer {
  const same = 16;
  const innermost: ZipMember = {
    name: '0.dll',
    content: '',
    data: deflatedZeros(zeros),
    unpacked: zeros,
    crc: 0,
  };
  let zip = makeZip([innermost]);
  for (const level of ['lib', 'book', 'chapter', 'doc', 'page']) {
    const [data, crc] = [deflateRawSync(zip), crc32(zip)];
    zip = makeZip(
      Array.from({ length: same }, (_, at) => ({
        name: `${level} ${at.toString(16)}.zip`,
        content: '',
        data,
        unpacked: zip.length,
        crc,
      })),
    );
  }
  return zip;
}

/** Each member's data are the header of the next as stored bytes, and all that it holds. David Fifield's. */
export function overlappingMembers(count: number, zeros: number): Buffer {
  const kernel = deflateRawSync(Buffer.alloc(zeros), { level: 9 });
  const nameOf = (at: number): string => String(at).padStart(6, '0');
  const headerBytes = 30 + nameOf(0).length;
  const quote = Buffer.from([0, headerBytes, 0, ~headerBytes & 0xff, 0xff]);
  return makeZip(
    Array.from({ length: count }, (_, at): ZipMember => {
      const behind = count - 1 - at;
      return {
        name: nameOf(at),
        content: '',
        data: behind === 0 ? kernel : quote,
        packed: kernel.length + behind * (quote.length + headerBytes),
        unpacked: zeros + behind * headerBytes,
      };
    }),
  );
}

/** As many frames of the same compressed stream behind each other. */
export function repeated(stream: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => stream));
}

/** Frames of zstd whose blocks each say "128 KB of this byte"; the window is what the frame asks for. */
export function zstdBomb(bytes: number, windowLog: number): Buffer {
  const block = 128 << 10;
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3]);
  const count = Math.ceil(bytes / block);
  const blocks = Buffer.alloc(count * 4);
  for (let at = 0; at < count; at += 1) {
    blocks.writeUIntLE((block << 3) | 2 | (at === count - 1 ? 1 : 0), at * 4, 3);
  }
  return Buffer.concat([header, blocks]);
}

export function brotliBomb(bytes: number): Buffer {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(Buffer.alloc(bytes), { params });
}

/** Tars in zips in gzips, and so on. */
export function nested(
  levels: number,
  core: Buffer,
  by: readonly ('tar' | 'zip' | 'gzip')[],
): Buffer {
  let content = core;
  for (let level = 0; level < levels; level += 1) {
    const way = by[level % by.length];
    if (way === 'gzip') content = gzipSync(content, { level: 1 });
    else if (way === 'zip') content = makeZip([{ name: 'z', content, method: 0 }]);
    else content = makeTar([{ name: 't', content }]);
  }
  return content;
}

/** A tar of members that hold nothing, in pieces. */
export function* emptyMembers(count: number): Generator<Buffer> {
  const together = 1_000;
  const header = tarHeader({ name: 'an-empty-file-0000000' }, 0);
  const sum = header.reduce((total, byte) => total + byte, 0) - checksumBytes(header) + 8 * 32;
  const piece = Buffer.alloc(together * 512);
  for (let done = 0; done < count; done += together) {
    for (let at = 0; at < together; at += 1) {
      const digits = String(done + at).padStart(7, '0');
      header.write(digits, 14);
      const more = [...digits].reduce((total, digit) => total + Number(digit), 0);
      header.write(`${(sum + more).toString(8).padStart(6, '0')}\0 `, 148);
      header.copy(piece, at * 512);
    }
    yield Buffer.from(piece);
  }
  yield Buffer.alloc(1_024);
}

function checksumBytes(header: Buffer): number {
  return header.subarray(148, 156).reduce((total, byte) => total + byte, 0);
}

/** A zip of members that hold nothing. */
export function emptyZip(count: number, nameBytes = 8): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(nameBytes, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(nameBytes, 28);
  const [one, other] = [local.length + nameBytes, central.length + nameBytes];
  const start = count * one;
  const all = Buffer.alloc(start + count * other);
  for (let at = 0; at < count; at += 1) {
    const name = String(at).padStart(nameBytes, '0');
    local.copy(all, at * one);
    all.write(name, at * one + 30, 'latin1');
    central.writeUInt32LE(at * one, 42);
    central.copy(all, start + at * other);
    all.write(name, start + at * other + 46, 'latin1');
  }
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  for (const place of [24, 32]) end.writeBigUInt64LE(BigInt(count), place);
  end.writeBigUInt64LE(BigInt(count * other), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(all.length), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  return Buffer.concat([all, end]);
}

/** bzip2 of zeros: 45 MB take 45 bytes. Streams stand behind each other. */
export function bzip2Bomb(streams: number, tool = 'bzip2'): Buffer {
  const one = execFileSync(tool, ['-9c'], { input: Buffer.alloc(45 * mega) });
  return repeated(one, streams);
}

/** Damaged members in zips in zips, whose names are as long as names can be. */
export function longNames(count: number): Buffer {
  let zip = makeZip(
    Array.from({ length: count }, (_, at) => ({ name: `${at}`, content: 'x', crc: 1 })),
  );
  for (let level = 0; level < 7; level += 1) {
    zip = makeZip([{ name: `${'n'.repeat(65_000)}.zip`, content: zip, method: 0 }]);
  }
  return zip;
}
