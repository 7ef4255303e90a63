/** LZMA2: chunks that are stored or packed, over one window. */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Decoder } from './decoder.ts';
import { lzmaDecoder, type Window } from './lzma.ts';

/** A chunk unpacks to no more. */
const largestChunk = 2 << 20;
/** The window moves by multiples of this: what is learnt depends on places modulo 16. */
const step = 16;

/** `dictionary`: how far back in bytes the data may look. The reader is left behind the end mark. */
export function lzma2(reader: Reader, dictionary: number, budget: Budget): Decoder {
  const release = budget.window(dictionary);
  const window: Window = { bytes: new Uint8Array(largestChunk * 2), start: 0, end: 0, base: 0 };
  const decoder = lzmaDecoder(window);
  /** What must come first: a new dictionary, then properties. */
  let needs: 'dictionary' | 'properties' | 'state' | 'nothing' = 'dictionary';
  let isEnded = false;

  function makeRoom(size: number): void {
    const { bytes } = window;
    if (window.end + size <= bytes.length) return;
    const kept = Math.min(window.end - window.start, dictionary);
    const from = Math.floor((window.end - kept) / step) * step;
    const wanted = window.end - from + size;
    // Grown as the data grow: a header may ask for gigabytes that nothing fills.
    if (wanted > bytes.length / 2) {
      const length = Math.min(
        Math.max(bytes.length * 2, wanted),
        dictionary + step + largestChunk * 2,
      );
      window.bytes = new Uint8Array(Math.max(length, wanted));
      window.bytes.set(bytes.subarray(from, window.end));
    } else {
      bytes.copyWithin(0, from, window.end);
    }
    window.start = Math.max(0, window.start - from);
    window.end -= from;
    window.base -= from;
  }

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
        makeRoom(size);
        window.bytes.set(stored, window.end);
        window.end += size;
        if (needs === 'nothing') needs = 'state';
        budget.spend(size);
        return stored;
      }
      const sizes = yield* reader.take(4);
      const size = ((control & 0x1f) << 16) + sizes.readUInt16BE(0) + 1;
      const packed = sizes.readUInt16BE(2) + 1;
      if (control >= 0xc0) {
        decoder.reset((yield* reader.take(1))[0] as number);
        needs = 'nothing';
      } else if (needs === 'properties') {
        throw damaged('an LZMA2 chunk has no properties');
      } else if (control >= 0xa0) {
        decoder.reset();
        needs = 'nothing';
      } else if (needs === 'state') {
        throw damaged('an LZMA2 chunk has no state');
      }
      makeRoom(size);
      const at = window.end;
      decoder.decode(yield* reader.take(packed), size);
      budget.spend(size);
      return Buffer.from(window.bytes.subarray(at, at + size));
    },
  };
}
