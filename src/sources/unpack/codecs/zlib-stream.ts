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
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';

export type ZlibKind = 'deflate' | 'brotli';

const outBytes = 256 << 10;

/** Unpacks one stream and leaves the reader right behind it. */
export function zlibStream(kind: ZlibKind, reader: Reader, budget: Budget): Decoder {
  const stream: ZlibStream = { kind, reader, budget, engine: idle[kind].pop() ?? makeEngine(kind) };
  return { release: () => release(stream), next: () => nextOf(stream) };
}

interface ZlibStream {
  readonly kind: ZlibKind;
  readonly reader: Reader;
  readonly budget: Budget;
  /** Until the stream is over, or was let go. */
  engine: Engine | undefined;
}

function release(stream: ZlibStream): void {
  const { engine, kind } = stream;
  stream.engine = undefined;
  if (!engine || engine.failure !== undefined) return;
  engine.handle.reset();
  idle[kind].push(engine);
}

function* nextOf(stream: ZlibStream): Steps<Buffer | undefined> {
  const { kind, reader, budget } = stream;
  while (stream.engine) {
    const input = yield* reader.some();
    const { engine } = stream;
    makeRoom(engine);
    const { handle, left, out, filled } = engine;
    const room = out.length - filled;
    const mode = input.length === 0 ? engine.finish : engine.flush;
    handle.writeSync(mode, input, 0, input.length, out, filled, room);
    if (engine.failure !== undefined) throw damaged(`${kind} data: ${engine.failure}`);
    const used = input.length - (left[1] as number);
    const made = room - (left[0] as number);
    reader.drop(used);
    // With input and room for output at hand, only a stream that is over does nothing.
    if (used === 0 && made === 0) break;
    if (made === 0) continue;
    budget.spend(made);
    engine.filled = filled + made;
    return out.subarray(filled, engine.filled);
  }
  release(stream);
  return undefined;
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
  failure: string | undefined;
}

function makeRoom(engine: Engine): void {
  if (engine.out.length - engine.filled >= outBytes >> 3) return;
  engine.out = Buffer.allocUnsafe(outBytes);
  engine.filled = 0;
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
  const out = Buffer.alloc(0);
  const engine: Engine = { handle, left, flush, finish, out, filled: 0, failure: undefined };
  // What Node calls is a property, no event.
  const onerror = (message: string): void => void (engine.failure = message);
  Object.assign(handle, { onerror });
  return engine;
}
