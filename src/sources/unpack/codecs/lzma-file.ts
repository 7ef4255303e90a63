/** LZMA in a file of its own: a header of 13 bytes without a mark, and one run of symbols. There is no checksum. */
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { lzma1 } from './lzma1.ts';

/** @see https://www.7-zip.org/sdk.html (lzma-specification.txt; read 2025-11-20) */
const headerBytes = 13;

/** The reader is left behind the data. */
export function unlzma(reader: Reader, budget: Budget): Decoder {
  let body: Decoder | undefined;
  return {
    release: () => body?.release(),
    *next() {
      body ??= yield* begin(reader, budget);
      return yield* body.next();
    },
  };
}

function* begin(reader: Reader, budget: Budget): Steps<Decoder> {
  const header = yield* reader.take(headerBytes);
  const low = header.readUInt32LE(5);
  const high = header.readUInt32LE(9);
  const isKnown = low !== 0xffffffff || high !== 0xffffffff;
  return lzma1(
    reader,
    {
      properties: header[0] as number,
      dictionary: header.readUInt32LE(1),
      size: isKnown ? low + high * 2 ** 32 : undefined,
    },
    budget,
  );
}
