/** A gzip file that unpacks to itself. */
import { crc32 } from 'node:zlib';
import { lastBlock, ownChecksum, quine } from './quine.ts';

export function gzipQuine(): Buffer {
  const prefix = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]),
    Buffer.from('r.gz\0'),
  ]);
  const build = (crc: number, size: number): Buffer => {
    const sums = Buffer.alloc(8);
    sums.writeUInt32LE(crc, 0);
    sums.writeUInt32LE(size, 4);
    return quine(prefix, Buffer.concat([lastBlock, sums]));
  };
  const size = build(0, 0).length;
  return build(
    ownChecksum((crc) => crc32(build(crc, size))),
    size,
  );
}
