/**
 * Zstandard: frames, skippable ones among them. Frames and blocks are told apart here, so that no more than
 * one block is unpacked at a time and no window is made that is too large.
 */
import { damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { slowBlocks } from './slow/zstd-blocks.ts';
import { blockTypes, largestBlock, quickBlocks, type Blocks } from './zstd-blocks.ts';

/** @see https://www.rfc-editor.org/rfc/rfc8878 (read 2025-11-20) */
const magic = 0xfd2fb528;
const skippableMagic = 0x184d2a5;

interface Frame {
  readonly blocks: Blocks;
  readonly isSummed: boolean;
  /** As the header says, if it does. */
  readonly size: number | undefined;
  readonly largest: number;
  readonly release: () => void;
  done: number;
}

/** The reader is left behind the last frame. */
export function unzstd(reader: Reader, budget: Budget): Decoder {
  let frame: Frame | undefined;
  let isFirst = true;

  function* begin(): Steps<Frame | undefined> {
    for (;;) {
      const head = yield* reader.peek(4);
      const word = head.length === 4 ? head.readUInt32LE(0) : 0;
      if (word === magic) {
        isFirst = false;
        return yield* beginFrame(reader, budget);
      }
      if (word >>> 4 !== skippableMagic) {
        if (isFirst) throw damaged('it does not begin as zstd');
        return undefined;
      }
      isFirst = false;
      const header = yield* reader.take(8);
      yield* reader.skip(header.readUInt32LE(4));
    }
  }

  return {
    release: () => frame?.release(),
    *next() {
      for (;;) {
        frame ??= yield* begin();
        if (!frame) return undefined;
        const header =
          (yield* reader.peek(3)).length === 3 ? yield* reader.peek(3) : yield* reader.take(3);
        const word = header.readUIntLE(0, 3);
        const isLast = (word & 1) === 1;
        const chunk = yield* readBlock(reader, frame, word);
        budget.spend(chunk.length);
        frame.done += chunk.length;
        if (isLast) {
          yield* endFrame(reader, frame);
          frame = undefined;
        }
        if (chunk.length > 0) return chunk;
      }
    },
  };
}

function* beginFrame(reader: Reader, budget: Budget): Steps<Frame> {
  const longest = yield* reader.peek(18);
  const flags = longest[4] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const idBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const headerBytes = 5 + (isSingle ? 0 : 1) + idBytes + sizeBytes;
  const header = Buffer.from(yield* reader.take(headerBytes));
  if (flags & 8) throw damaged('the zstd header uses a reserved bit');
  const sizeAt = headerBytes - sizeBytes;
  if (header.subarray(sizeAt - idBytes, sizeAt).some((byte) => byte !== 0)) {
    throw notOpened('a zstd dictionary is needed, which is not here');
  }
  const size = sizeBytes === 0 ? undefined : contentSize(header, sizeAt, sizeBytes);
  const window = isSingle ? (size ?? 0) : windowSize(header[5] ?? 0);
  const release = budget.window(window);
  const isSummed = (flags & 4) !== 0;
  const [next = 0] = yield* reader.peek(1);
  // A frame of one block looks back at nothing else.
  const needed = next & 1 ? largestBlock : Math.min(window, size ?? window);
  const blocks = quickBlocks(needed, isSummed) ?? slowBlocks(needed, isSummed);
  return {
    blocks,
    isSummed,
    size,
    largest: Math.min(largestBlock, window),
    release() {
      blocks.release();
      release();
    },
    done: 0,
  };
}

function contentSize(header: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return header.readUInt32LE(at) + header.readUInt32LE(at + 4) * 2 ** 32;
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function* readBlock(reader: Reader, { blocks, largest }: Frame, word: number): Steps<Buffer> {
  const type = (word >> 1) & 3;
  const size = word >> 3;
  if (size > largest || type > blockTypes.compressed) {
    throw damaged('a zstd block is of no kind or too large');
  }
  const content = yield* reader.take(3 + (type === blockTypes.runLength ? 1 : size));
  return blocks.unpack(type, size, content.subarray(3));
}

function* endFrame(reader: Reader, frame: Frame): Steps<void> {
  const sum = frame.isSummed ? frame.blocks.sum() : undefined;
  frame.release();
  if (frame.size !== undefined && frame.size !== frame.done) {
    throw damaged('the size in the zstd data is wrong');
  }
  if (sum === undefined) return;
  const told = yield* reader.take(4);
  if (told.readUInt32LE(0) !== sum) {
    throw damaged('the checksum of the zstd data is wrong');
  }
}
