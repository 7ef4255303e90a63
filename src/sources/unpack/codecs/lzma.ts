/** LZMA over a window: in WebAssembly where there is one. Knows nothing of the frame around it. */
import { damaged } from '../archive-error.ts';
import { borrowCodec, type Codec } from './module.ts';
import { slowLzma } from './slow/lzma.ts';

export interface LzmaDecoder {
  /** Forgets everything learnt; `properties` are lc, lp and pb in one byte, or stay. */
  reset(properties?: number): void;
  /** Unpacks to exactly `size` bytes behind `window.end`. Throws ArchiveError. */
  decode(packed: Buffer, size: number): void;
  /** Begins data that come in pieces; `head`: their first five bytes. Throws ArchiveError. */
  begin(head: Buffer): void;
  /**
   * Goes on behind `window.end`. No symbol begins behind `last` in `packed`, nor once `most` bytes were made; none makes
   * more than `limit` bytes of them. Throws ArchiveError.
   */
  resume(packed: Buffer, last: number, most: number, limit: number): Resumed;
  /** Of data that are over: nothing is left in the decoder. */
  isSpent(): boolean;
}

export interface Resumed {
  /** Bytes of `packed`. */
  readonly used: number;
  /** The mark was met that ends the data. */
  readonly hasEnded: boolean;
}

/** Bytes unpacked so far, the newest behind; the decoder looks back into them. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Oldest byte that may be looked back at, and where the next one goes. */
  start: number;
  end: number;
  /** Where what it belongs to began; below 0 once the window moved on. */
  base: number;
}

export interface Lzma {
  readonly decoder: LzmaDecoder;
  readonly window: Window;
  release(): void;
}

/** Packed bytes of one call. */
export const largestInput = 64 << 10;
/** So much is unpacked at most before the window moves. */
const mostMoved = 16 << 20;

/** How large a window must be that is moved now and then. `largest`: bytes that are unpacked at once. */
export function windowRoom(dictionary: number, largest: number): number {
  return dictionary + largest + Math.min(Math.max(dictionary, largest), mostMoved);
}

/** Moves the window on where `size` more bytes have no room in it. */
export function makeRoom(window: Window, size: number, dictionary: number): void {
  if (window.end + size <= window.bytes.length) return;
  const kept = Math.min(window.end - window.start, dictionary);
  const from = window.end - kept;
  window.bytes.copyWithin(0, from, window.end);
  window.start = Math.max(0, window.start - from);
  window.end -= from;
  window.base -= from;
}

/** With a window of so many bytes. Memory that nothing is written to is not taken. */
export function openLzma(room: number): Lzma {
  const codec = borrowCodec(largestInput, room);
  if (codec) return quickLzma(codec, room);
  const window: Window = { bytes: new Uint8Array(room), start: 0, end: 0, base: 0 };
  return { decoder: slowLzma(window), window, release: () => undefined };
}

function quickLzma({ run, bytes, inputAt, windowAt, giveBack }: Codec, room: number): Lzma {
  const window: Window = {
    bytes: bytes.subarray(windowAt, windowAt + room),
    start: 0,
    end: 0,
    base: 0,
  };
  return {
    window,
    release: giveBack,
    decoder: {
      reset(properties) {
        if (properties === undefined) {
          run.resetLzma(-1, 0, 0);
          return;
        }
        const lc = properties % 9;
        const lp = Math.floor(properties / 9) % 5;
        if (properties >= 9 * 5 * 5 || lc + lp > 4) {
          throw damaged('LZMA properties make no sense');
        }
        run.resetLzma(lc, lp, Math.floor(properties / 45));
      },
      decode(packed, size) {
        if (packed.length < 5) throw damaged('LZMA data do not begin as such');
        bytes.set(packed, inputAt);
        const { start, end, base } = window;
        const wrong = run.decodeLzma(
          inputAt,
          inputAt + packed.length,
          windowAt + start,
          windowAt + base,
          windowAt + end,
          windowAt + end + size,
        );
        if (wrong === 1) throw damaged('LZMA data refer to what is not there');
        if (wrong !== 0) throw damaged('LZMA data end early');
        window.end = end + size;
      },
      begin(head) {
        bytes.set(head, inputAt);
        if (run.startLzma(inputAt) !== 0) throw damaged('LZMA data do not begin as such');
      },
      resume(packed, last, most, limit) {
        bytes.set(packed, inputAt);
        const { start, end, base } = window;
        const status = run.resumeLzma(
          inputAt,
          inputAt + last,
          windowAt + start,
          windowAt + base,
          windowAt + end,
          windowAt + end + most,
          windowAt + end + limit,
        );
        if (status === 1) throw damaged('LZMA data refer to what is not there');
        if (run.sourceLzma() > inputAt + packed.length) throw damaged('LZMA data end early');
        window.end = run.targetLzma() - windowAt;
        return { used: run.sourceLzma() - inputAt, hasEnded: status === 3 };
      },
      isSpent: () => run.isLzmaSpent() === 1,
    },
  };
}
