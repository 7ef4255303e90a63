/** LZMA2: chunks that are stored or packed, over one window. */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Decoder } from './decoder.ts';
import { makeRoom, openLzma, windowRoom } from './lzma.ts';

/** A chunk unpacks to no more. */
const largestChunk = 2 << 20;

/** `dictionary`: how far back in bytes the data may look. The reader is left behind the end mark. */
export function lzma2(reader: Reader, dictionary: number, budget: Budget): Decoder {
  const forget = budget.window(dictionary);
  const lzma = openLzma(windowRoom(dictionary, largestChunk));
  const { decoder, window } = lzma;
  const { bytes } = window;
  const release = (): void => {
    lzma.release();
    forget();
  };
  /** What must come first: a new dictionary, then properties. */
  let needs: 'dictionary' | 'properties' | 'state' | 'nothing' = 'dictionary';
  let isEnded = false;

  function renew(): void {
    window.start = window.end;
    window.base = window.end;
  }

  return {
    release,
    *next() {
      if (isEnded) return undefined;
      const control = (yield* reader.take(1))[0] as number;
      if (control === 0) {
        isEnded = true;
        release();
        return undefined;
      }
      const from = control >= 0x80 ? 'packed' : 'stored';
      if (control === 1 || control >= 0xe0) {
        renew();
        if (needs === 'dictionary') needs = 'properties';
      } else if (needs === 'dictionary') {
        throw damaged('LZMA2 data do not begin with a dictionary');
      }
      if (from === 'stored') {
        if (control > 2) throw damaged('an LZMA2 chunk is of no kind');
        const size = (yield* reader.take(2)).readUInt16BE(0) + 1;
        const stored = yield* reader.take(size);
        makeRoom(window, size, dictionary);
        bytes.set(stored, window.end);
        window.end += size;
        if (needs === 'nothing') needs = 'state';
        budget.spend(size);
        return stored;
      }
      const sizes = yield* reader.take(4);
      const size = ((control & 0x1f) << 16) + sizes.readUInt16BE(0) + 1;
      const packed = sizes.readUInt16BE(2) + 1;
      if (control >= 0xc0) {
        decoder.reset((yield* reader.take(1))[0]);
        needs = 'nothing';
      } else if (needs === 'properties') {
        throw damaged('an LZMA2 chunk has no properties');
      } else if (control >= 0xa0) {
        decoder.reset();
        needs = 'nothing';
      } else if (needs === 'state') {
        throw damaged('an LZMA2 chunk has no state');
      }
      makeRoom(window, size, dictionary);
      const at = window.end;
      decoder.decode(yield* reader.take(packed), size);
      budget.spend(size);
      return Buffer.from(bytes.subarray(at, at + size));
    },
  };
}
