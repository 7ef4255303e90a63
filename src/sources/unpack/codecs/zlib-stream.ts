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
  // What Node calls is a property, no event.
  const onerror = (message: string): void => void (failure = message);
  Object.assign(handle, { onerror });

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
        const { out, filled, room } = roomIn(engine);
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
        engine.filled = filled + made;
        return out.subarray(filled, engine.filled);
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
}

interface Engine {
  readonly handle: Handle;
  /** What a write leaves: of the room for output, then of the input. */
  readonly left: Uint32Array;
  readonly flush: number;
  readonly finish: number;
  /** Small streams share a buffer: what was given of it stays as it is. */
  out: Buffer;
  filled: number;
}

function roomIn(engine: Engine) {
  if (engine.out.length - engine.filled < outBytes >> 3) {
    engine.out = Buffer.allocUnsafe(outBytes);
    engine.filled = 0;
  }
  const { out, filled } = engine;
  return { out, filled, room: out.length - filled };
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
  const [flush, finish] = isDeflate
    ? [constants.Z_NO_FLUSH, constants.Z_FINISH]
    : [constants.BROTLI_OPERATION_PROCESS, constants.BROTLI_OPERATION_FINISH];
  return { handle, left, flush, finish, out: Buffer.alloc(0), filled: 0 };
}
