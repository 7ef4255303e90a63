/**
 * Zstandard: frames, skippable ones among them. Frames and blocks are told apart here, so that no more than
 * one block is unpacked at a time and no window is made that is too large; a block is the library's to unpack.
 */
import { Decompress } from 'fzstd';
import { ArchiveError, damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { xxh64, type Xxh64 } from './xxh64.ts';

/** @see https://www.rfc-editor.org/rfc/rfc8878 (read 2025-11-20) */
const magic = 0xfd2fb528;
const skippableMagic = 0x184d2a5;
const largestBlock = 128 << 10;
const blockTypes = { raw: 0, runLength: 1, compressed: 2 } as const;

interface Frame {
  readonly decoder: Decompress;
  readonly made: Buffer[];
  readonly checksum: Xxh64 | undefined;
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
        const block = yield* readBlock(reader, frame, word);
        const chunk = unpackBlock(frame, block, isLast);
        budget.spend(chunk.length);
        frame.checksum?.update(chunk);
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
  const made: Buffer[] = [];
  const decoder = new Decompress((chunk) => {
    made.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  });
  const [next = 0] = yield* reader.peek(1);
  // A frame of one block looks back at nothing else.
  const needed = next & 1 ? largestBlock : Math.min(window, size ?? window);
  push(decoder, headerFor(needed), false);
  return {
    decoder,
    made,
    checksum: flags & 4 ? xxh64() : undefined,
    size,
    largest: Math.min(largestBlock, window),
    release,
    done: 0,
  };
}

/**
 * The header that the library is given says no more than what it should know: it makes its window as large
 * as one says, and moves all of it for each block.
 */
function headerFor(window: number): Buffer {
  const exponent = Math.max(17, Math.ceil(Math.log2(window)));
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (exponent - 10) << 3]);
}

function contentSize(header: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return header.readUInt32LE(at) + header.readUInt32LE(at + 4) * 2 ** 32;
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Header and content. */
function* readBlock(reader: Reader, frame: Frame, word: number): Steps<Buffer> {
  const type = (word >> 1) & 3;
  const size = word >> 3;
  if (size > frame.largest || type > blockTypes.compressed) {
    throw damaged('a zstd block is of no kind or too large');
  }
  return yield* reader.take(3 + (type === blockTypes.runLength ? 1 : size));
}

function unpackBlock({ decoder, made }: Frame, block: Buffer, isLast: boolean): Buffer {
  push(decoder, block, isLast);
  const chunk = made.length === 1 ? (made[0] as Buffer) : Buffer.concat(made);
  made.length = 0;
  return chunk;
}

/** What the library throws is about the data, whatever it is called. */
function push(decoder: Decompress, bytes: Buffer, isLast: boolean): void {
  try {
    decoder.push(bytes, isLast);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw damaged('zstd data: a block cannot be unpacked');
  }
}

function* endFrame(reader: Reader, { checksum, size, done, release }: Frame): Steps<void> {
  release();
  if (size !== undefined && size !== done) throw damaged('the size in the zstd data is wrong');
  if (!checksum) return;
  const told = yield* reader.take(4);
  if (told.readUInt32LE(0) !== checksum.low()) {
    throw damaged('the checksum of the zstd data is wrong');
  }
}
