/**
 * Deflate and brotli by Node's own zlib, a piece at a time and without waiting. Node has no public call
 * for that: its streams wait, and its synchronous calls take and give everything at once. What stands
 * behind both is used instead, as npm does for packages.
 * @see https://github.com/nodejs/node/blob/v20.x/lib/zlib.js (`_handle.writeSync`; read 2025-11-20)
 */
import { constants, createBrotliDecompress, createInflateRaw } from 'node:zlib';
import { damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Decoder } from './decoder.ts';

export type ZlibKind = 'deflate' | 'brotli';

const outBytes = 256 << 10;

/** Unpacks one stream and leaves the reader right behind it. */
export function zlibStream(kind: ZlibKind, reader: Reader, budget: Budget): Decoder {
  const engine = idle[kind].pop() ?? makeEngine(kind);
  const { handle, left } = engine;
  let failure: string | undefined;
  let isEnded = false;
  let isReleased = false;
  let out = Buffer.allocUnsafe(outBytes);
  let filled = 0;
  handle.onerror = (message) => (failure = message);

  function release(): void {
    if (isReleased) return;
    isReleased = true;
    isEnded = true;
    if (failure !== undefined) return;
    handle.reset();
    idle[kind].push(engine);
  }

  return {
    release,
    *next() {
      while (!isEnded) {
        const input = yield* reader.some();
        const mode = input.length === 0 ? engine.finish : engine.flush;
        // Small streams share a buffer: what was given of it stays as it is.
        if (out.length - filled < outBytes >> 3) {
          out = Buffer.allocUnsafe(outBytes);
          filled = 0;
        }
        const room = out.length - filled;
        handle.writeSync(mode, input, 0, input.length, out, filled, room);
        if (failure !== undefined) throw damaged(`${kind} data: ${failure}`);
        const [outLeft = 0, inLeft = 0] = left;
        const used = input.length - inLeft;
        const made = room - outLeft;
        reader.drop(used);
        // With input and room for output at hand, only a stream that is over does nothing.
        if (used === 0 && made === 0) break;
        if (made === 0) continue;
        budget.spend(made);
        filled += made;
        return out.subarray(filled - made, filled);
      }
      release();
      return undefined;
    },
  };
}

interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    from: number,
    length: number,
    out: Uint8Array,
    outFrom: number,
    outLength: number,
  ): void;
  reset(): void;
  onerror: (message: string) => void;
}

interface Engine {
  readonly handle: Handle;
  /** What a write leaves: of the room for output, then of the input. */
  readonly left: Uint32Array;
  readonly flush: number;
  readonly finish: number;
}

/** A handle holds 40 KB and takes longer to make than a small member to unpack: they are used again. */
const idle: Readonly<Record<ZlibKind, Engine[]>> = { deflate: [], brotli: [] };

function makeEngine(kind: ZlibKind): Engine {
  const isDeflate = kind === 'deflate';
  // A boundary: what Node keeps to itself is asked for and checked once.
  const stream: unknown = isDeflate ? createInflateRaw() : createBrotliDecompress();
  const { _handle: handle, _writeState: left } = stream as {
    _handle?: Handle;
    _writeState?: unknown;
  };
  if (typeof handle?.writeSync !== 'function' || !(left instanceof Uint32Array)) {
    throw notOpened(`this version of Node (${process.version}) does not unpack ${kind} in pieces`);
  }
  return isDeflate
    ? { handle, left, flush: constants.Z_NO_FLUSH, finish: constants.Z_FINISH }
    : {
        handle,
        left,
        flush: constants.BROTLI_OPERATION_PROCESS,
        finish: constants.BROTLI_OPERATION_FINISH,
      };
}
