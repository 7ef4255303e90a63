/** LZMA over a window: in WebAssembly where there is one. Knows nothing of the frame around it. */
import { damaged } from '../archive-error.ts';
import { borrowCodec, type Codec } from './module.ts';
import { slowLzma } from './slow/lzma.ts';

export interface LzmaDecoder {
  /** Forgets everything learnt; `properties` are lc, lp and pb in one byte, or stay. */
  reset(properties?: number): void;
  /** Unpacks to exactly `size` bytes behind `window.end`. Throws ArchiveError. */
  decode(packed: Buffer, size: number): void;
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
const largestInput = 64 << 10;

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
    },
  };
}
