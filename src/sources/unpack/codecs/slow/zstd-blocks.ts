/** Blocks of a zstd frame by fzstd and JavaScript, where there is no WebAssembly. */
import { Decompress } from 'fzstd';
import { ArchiveError, damaged } from '../../archive-error.ts';
import { blockTypes, largestBlock, type Blocks } from '../zstd-blocks.ts';
import { xxh64 } from './xxh64.ts';

export function slowBlocks(window: number, isSummed: boolean): Blocks {
  const made: Buffer[] = [];
  const sum = isSummed ? xxh64() : undefined;
  const decoder = new Decompress((chunk) => {
    made.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  });
  push(decoder, headerFor(Math.max(window, largestBlock)));
  return {
    unpack(type, size, content) {
      const header = Buffer.alloc(3);
      header.writeUIntLE((size << 3) | (type << 1), 0, 3);
      push(decoder, Buffer.concat([header, content]));
      const chunk = made.length === 1 ? (made[0] as Buffer) : Buffer.concat(made);
      made.length = 0;
      sum?.update(chunk);
      if (type === blockTypes.compressed && chunk.length > largestBlock) throw damagedBlock();
      return chunk;
    },
    sum: () => sum?.low() ?? 0,
    release: () => undefined,
  };
}

/** The library makes its window as large as the header says, and moves all of it for each block. */
function headerFor(window: number): Buffer {
  const exponent = Math.ceil(Math.log2(window));
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (exponent - 10) << 3]);
}

/** What the library throws is about the data, whatever it is called. */
function push(decoder: Decompress, bytes: Buffer): void {
  try {
    decoder.push(bytes);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw damagedBlock();
  }
}

function damagedBlock(): ArchiveError {
  return damaged('zstd data: a block cannot be unpacked');
}
