/**
 * Xz: streams of blocks, each of LZMA2 chunks, with filters before them or without. Checksums of headers, blocks and the index are checked.
 * @see https://tukaani.org/xz/xz-file-format.txt (read 2025-11-20)
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { crc64 } from './crc64.ts';
import type { Decoder } from './decoder.ts';
import { openFilters } from './xz-filters.ts';

const magic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);

interface Check {
  readonly bytes: number;
  update(chunk: Buffer): void;
  digest(): Buffer;
}

interface Block {
  readonly chunks: Decoder;
  readonly check: Check;
  /** Where its data begin in the reader. */
  readonly from: number;
  /** As its header says, if it does. */
  readonly packed: number | undefined;
  readonly unpacked: number | undefined;
  done: number;
}

/** The reader is left behind the last stream and its padding. */
export function unxz(reader: Reader, budget: Budget): Decoder {
  let checkKind: number | undefined;
  let block: Block | undefined;
  let isFirst = true;

  function* beginStream(): Steps<boolean> {
    if (!isFirst) yield* passPadding(reader);
    const head = yield* reader.peek(12);
    if (head.length < 12 || !head.subarray(0, 6).equals(magic)) {
      if (isFirst) throw damaged('it does not begin as xz');
      return false;
    }
    isFirst = false;
    checkCrc(head.subarray(6, 8), head.readUInt32LE(8));
    if (head[6] !== 0 || (head[7] ?? 0) > 15) throw damaged('the xz header uses reserved bits');
    checkKind = head[7];
    reader.drop(12);
    return true;
  }

  return {
    release: () => block?.chunks.release(),
    *next() {
      for (;;) {
        if (checkKind === undefined && !(yield* beginStream())) return undefined;
        block ??= yield* beginBlock(reader, checkKind ?? 0, budget);
        if (!block) {
          yield* endStream(reader);
          checkKind = undefined;
          continue;
        }
        const chunk = yield* block.chunks.next();
        if (chunk) {
          block.check.update(chunk);
          block.done += chunk.length;
          return chunk;
        }
        yield* endBlock(reader, block);
        block = undefined;
      }
    },
  };
}

/** Undefined where the index follows. */
function* beginBlock(reader: Reader, checkKind: number, budget: Budget): Steps<Block | undefined> {
  const [size] = yield* reader.peek(1);
  if (size === undefined) throw damaged('it ends early');
  if (size === 0) return undefined;
  const header = Buffer.from(yield* reader.take((size + 1) * 4));
  checkCrc(header.subarray(0, -4), header.readUInt32LE(header.length - 4));
  const fields = header.subarray(0, -4);
  const flags = fields[1] ?? 0;
  let at = 2;
  const number = (): number => {
    const [value, length] = variable(fields, at);
    at += length;
    return value;
  };
  const packed = flags & 0x40 ? number() : undefined;
  const unpacked = flags & 0x80 ? number() : undefined;
  const filters = Array.from({ length: (flags & 3) + 1 }, () => {
    const id = number();
    const length = number();
    const properties = fields.subarray(at, at + length);
    at += length;
    return { id, properties };
  });
  if (at > fields.length) throw damaged('the xz header makes no sense');
  const chunks = openFilters(filters, reader, budget);
  return { chunks, check: checkOf(checkKind), from: reader.position(), packed, unpacked, done: 0 };
}

function* endBlock(reader: Reader, block: Block): Steps<void> {
  const packed = reader.position() - block.from;
  const isRight =
    (block.packed ?? packed) === packed && (block.unpacked ?? block.done) === block.done;
  if (!isRight) throw damaged('the size in the xz data is wrong');
  const padding = yield* reader.take((4 - (packed % 4)) % 4);
  if (padding.some((byte) => byte !== 0))
    throw damaged('bytes are hidden in the padding of xz data');
  const told = yield* reader.take(block.check.bytes);
  const made = block.check.digest();
  if (made.length > 0 && !told.equals(made)) throw damaged('the checksum of the xz data is wrong');
}

/** The index says again what the blocks said; its checksum is looked at. */
function* endStream(reader: Reader): Steps<void> {
  const from = reader.position();
  let crc = 0;
  function* take(bytes: number): Steps<Buffer> {
    const taken = yield* reader.take(bytes);
    crc = crc32(taken, crc);
    return taken;
  }
  function* number(): Steps<number> {
    let value = 0;
    for (let place = 0; place < 9; place += 1) {
      const byte = (yield* take(1))[0] as number;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    throw damaged('the xz index makes no sense');
  }
  yield* take(1);
  const records = yield* number();
  for (let record = 0; record < records; record += 1) {
    yield* number();
    yield* number();
  }
  yield* take((4 - ((reader.position() - from) % 4)) % 4);
  if ((yield* reader.take(4)).readUInt32LE(0) !== crc)
    throw damaged('the checksum of the xz index is wrong');
  const footer = yield* reader.take(12);
  checkCrc(footer.subarray(4, 10), footer.readUInt32LE(0));
  if (footer.toString('latin1', 10) !== 'YZ') throw damaged('it does not end as xz');
}

function* passPadding(reader: Reader): Steps<void> {
  for (;;) {
    const next = yield* reader.peek(4);
    if (next.length < 4 || next.readUInt32LE(0) !== 0) return;
    reader.drop(4);
  }
}

function checkCrc(bytes: Buffer, told: number): void {
  if (crc32(bytes) !== told) throw damaged('the checksum of an xz header is wrong');
}

/** Seven bits a byte, the lowest first. */
function variable(bytes: Buffer, from: number): readonly [value: number, length: number] {
  let value = 0;
  for (let length = 1; length <= 9; length += 1) {
    const byte = bytes[from + length - 1];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * (length - 1));
    if (byte < 0x80) return [value, length];
  }
  throw damaged('the xz header makes no sense');
}

/** Sizes by kind; of kinds that nothing uses only the size is known. */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

function checkOf(kind: number): Check {
  const bytes = checkBytes[kind] ?? 0;
  if (kind === 1) {
    let crc = 0;
    return {
      bytes,
      update: (chunk) => (crc = crc32(chunk, crc)),
      digest() {
        const out = Buffer.alloc(4);
        out.writeUInt32LE(crc);
        return out;
      },
    };
  }
  if (kind === 4) return { bytes, ...crc64() };
  if (kind === 10) {
    const hash = createHash('sha256');
    return { bytes, update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
  }
  return { bytes, update: () => undefined, digest: () => Buffer.alloc(0) };
}
