/** Lzip: members in a row, each LZMA to a mark. What each says of itself is checked. */
import { crc32 } from 'node:zlib';
import { damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { lzma1 } from './lzma1.ts';

/** @see https://www.nongnu.org/lzip/manual/lzip_manual.html (File format; read 2026-11-26) */
const headerBytes = 6;
const trailerBytes = 20;
/** lc 3, lp 0, pb 2. */
const properties = 93;
const smallestDictionary = 4_096;
const largestDictionary = 512 << 20;

interface Member {
  readonly body: Decoder;
  /** Where it begins in the reader. */
  readonly from: number;
  crc: number;
  size: number;
}

/** The reader is left behind the last member. */
export function unlzip(reader: Reader, budget: Budget): Decoder {
  let member: Member | undefined;
  let isFirst = true;

  function* begin(): Steps<Member | undefined> {
    const head = yield* reader.peek(headerBytes);
    if (head.length < headerBytes || head.toString('latin1', 0, 4) !== 'LZIP') {
      if (isFirst) throw damaged('it does not begin as lzip');
      return undefined;
    }
    isFirst = false;
    if (head[4] !== 1) throw notOpened(`lzip of version ${head[4]} is not read here`);
    const dictionary = dictionaryBytes(head[5] as number);
    const from = reader.position();
    reader.drop(headerBytes);
    const body = lzma1(reader, { properties, dictionary, size: undefined }, budget);
    return { body, from, crc: 0, size: 0 };
  }

  return {
    release: () => member?.body.release(),
    *next() {
      for (;;) {
        member ??= yield* begin();
        if (!member) return undefined;
        const chunk = yield* member.body.next();
        if (chunk) {
          member.crc = crc32(chunk, member.crc);
          member.size += chunk.length;
          return chunk;
        }
        member.body.release();
        yield* end(reader, member);
        member = undefined;
      }
    },
  };
}

function* end(reader: Reader, { from, crc, size }: Member): Steps<void> {
  const trailer = yield* reader.take(trailerBytes);
  if (trailer.readUInt32LE(0) !== crc) throw damaged('the checksum of the lzip data is wrong');
  const packed = reader.position() - from;
  if (
    trailer.readBigUInt64LE(4) !== BigInt(size) ||
    trailer.readBigUInt64LE(12) !== BigInt(packed)
  ) {
    throw damaged('the size in the lzip data is wrong');
  }
}

/** A power of two, less up to seven sixteenths of it. */
function dictionaryBytes(code: number): number {
  const base = 2 ** (code & 31);
  const bytes = base - (base / 16) * (code >> 5);
  if (bytes < smallestDictionary || bytes > largestDictionary) {
    throw damaged('the lzip header makes no sense');
  }
  return bytes;
}
