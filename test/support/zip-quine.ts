/** A zip whose only member is the zip itself. */
import { crc32 } from 'node:zlib';
import { lastBlock, ownChecksum, quine } from './quine.ts';

/** As long as it must be for its header to be copied in five bytes. */
export const quineName = 'the-zip-that-is-in-itself-.zip';

export function zipQuine(): Buffer {
  const name = Buffer.from(quineName);
  const build = (crc: number, size: number): Buffer => {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(central.length + name.length, 12);
    end.writeUInt32LE(Math.max(0, size - central.length - name.length - end.length), 16);
    const packed = Math.max(0, size - local.length - central.length - name.length * 2 - end.length);
    for (const [header, at] of [
      [local, 4],
      [central, 6],
    ] as const) {
      header.writeUInt16LE(20, at);
      header.writeUInt16LE(8, at + 4);
      header.writeUInt32LE(crc, at + 10);
      header.writeUInt32LE(packed, at + 14);
      header.writeUInt32LE(size, at + 18);
      header.writeUInt16LE(name.length, at + 22);
    }
    return quine(Buffer.concat([local, name]), Buffer.concat([lastBlock, central, name, end]));
  };
  const size = build(0, 0).length;
  return build(
    ownChecksum((crc) => crc32(build(crc, size))),
    size,
  );
}
