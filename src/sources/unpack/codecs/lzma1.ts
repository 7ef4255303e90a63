/** LZMA without chunks: one run of symbols, to a size that is known or to a mark. Knows nothing of the frame around it. */
import { damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { largestInput, makeRoom, openLzma, windowRoom } from './lzma.ts';

const pieceBytes = 256 << 10;
/** A symbol unpacks to no more, and is packed in fewer bytes than these. */
const longestMatch = 273;
const longestPacked = 32;
/** No window is smaller, whatever is said. */
const smallestDictionary = 4_096;

export interface LzmaKind {
  /** lc, lp and pb in one byte. */
  readonly properties: number;
  /** How far back in bytes the data may look. */
  readonly dictionary: number;
  /** Bytes that it unpacks to; a mark may stand behind them. Undefined: a mark ends it. */
  readonly size: number | undefined;
}

/** The reader is left behind the data. */
export function lzma1(
  reader: Reader,
  { properties, dictionary, size = Infinity }: LzmaKind,
  budget: Budget,
): Decoder {
  if (properties >= 9 * 5 * 5) throw damaged('LZMA properties make no sense');
  if ((properties % 9) + (Math.floor(properties / 9) % 5) > 4) {
    throw notOpened(
      'LZMA that tells its bytes by more than four bits (lc and lp) is not read here',
    );
  }
  const needed = Math.min(Math.max(dictionary, smallestDictionary), size);
  const forget = budget.window(needed);
  const { decoder, window, release } = openLzma(windowRoom(needed, pieceBytes + longestMatch));
  let left = size;
  let hasBegun = false;
  let hasMark = false;
  let isEnded = false;

  function* begin(): Steps<void> {
    decoder.reset(properties);
    decoder.begin(yield* reader.take(5));
    hasBegun = true;
  }

  /** Empty at the mark. */
  function* unpackSome(most: number): Steps<Buffer> {
    makeRoom(window, most + longestMatch, needed);
    const from = window.end;
    const packed = yield* reader.peek(largestInput);
    const isLast = packed.length < largestInput;
    const last = isLast ? packed.length : packed.length - longestPacked;
    const { used, hasEnded } = decoder.resume(
      packed,
      last,
      most,
      Math.min(left, most + longestMatch),
    );
    reader.drop(used);
    hasMark = hasEnded;
    const bytes = Buffer.from(window.bytes.subarray(from, window.end));
    if (bytes.length === 0 && !hasMark) throw damaged('LZMA data end early');
    return bytes;
  }

  /** Behind the last byte of a size that is known comes nothing, or a mark. */
  function* end(): Steps<void> {
    isEnded = true;
    if (left > 0 && size !== Infinity)
      throw damaged('LZMA data unpack to fewer bytes than they say');
    if (!hasMark && !decoder.isSpent() && (yield* unpackSome(1)).length > 0) {
      throw damaged('LZMA data unpack to more bytes than they say');
    }
    if (!decoder.isSpent()) throw damaged('LZMA data do not end as such');
  }

  return {
    release() {
      release();
      forget();
    },
    *next() {
      if (isEnded) return undefined;
      if (!hasBegun) yield* begin();
      if (left > 0 && !hasMark) {
        const bytes = yield* unpackSome(Math.min(pieceBytes, left));
        left -= bytes.length;
        budget.spend(bytes.length);
        if (bytes.length > 0) return bytes;
      }
      yield* end();
      return undefined;
    },
  };
}
