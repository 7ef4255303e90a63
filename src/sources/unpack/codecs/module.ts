/** The WebAssembly module that unpacks: an instance with a memory of its own for each stream, used again when it is free. */
import { abort, loadModule } from '../../../engine/load-module.ts';

/** What `wasm/index.ts` exports. Addresses and lengths are in bytes. */
interface CodecExports {
  heapStart(): number;
  /** Zstd: forgets the frame before. */
  openFrame(): void;
  /** Bytes made, or −1. */
  unpackBlock(
    source: number,
    sourceEnd: number,
    windowStart: number,
    target: number,
    most: number,
  ): number;
  openSum(): void;
  updateSum(from: number, to: number): void;
  /** Signed. */
  sumLow(): number;
  resetLzma(lc: number, lp: number, pb: number): void;
  /** 0, or what is wrong: 1 for a reference to what is not there, 2 for a wrong end. */
  decodeLzma(
    source: number,
    sourceEnd: number,
    windowStart: number,
    base: number,
    target: number,
    targetEnd: number,
  ): number;
  /** LZMA that comes in pieces: its first five bytes. 0, or what is wrong. */
  startLzma(source: number): number;
  /** 0, 1 as above, or 3 at the mark that ends the data. No symbol begins behind `lastSource` or from `stop` on. */
  resumeLzma(
    source: number,
    lastSource: number,
    windowStart: number,
    base: number,
    target: number,
    stop: number,
    targetEnd: number,
  ): number;
  /** Where it stopped. */
  sourceLzma(): number;
  targetLzma(): number;
  /** 1 where nothing is left of data that are over. */
  isLzmaSpent(): number;
  /** The sum so far → that with these bytes, signed; it begins with 0. */
  crc64(sum: bigint, from: number, to: number): bigint;
}

export interface Codec {
  readonly run: CodecExports;
  /** All of the memory; it does not move before the codec is given back. */
  readonly bytes: Buffer;
  /** Where packed bytes go, and where unpacked ones do. Around both 64 more may be read and written. */
  readonly inputAt: number;
  readonly windowAt: number;
  readonly giveBack: () => void;
}

interface Instance {
  readonly run: CodecExports;
  readonly memory: WebAssembly.Memory;
}

const pageBytes = 65_536;
const spareBytes = 64;
/** Free instances: few streams are open at once, each in another. What they keep together is limited. */
const idle: Instance[] = [];
const mostIdleBytes = 100 << 20;

let known: { readonly module: WebAssembly.Module | undefined } | undefined;

/** Undefined where the module cannot run. Memory that nothing is written to is not taken. */
export function borrowCodec(inputBytes: number, windowBytes: number): Codec | undefined {
  const instance = idle.pop() ?? makeInstance();
  if (!instance) return undefined;
  const { run, memory } = instance;
  const inputAt = align(run.heapStart() + spareBytes);
  const windowAt = align(inputAt + inputBytes + spareBytes);
  const missing = windowAt + windowBytes + spareBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  let isBorrowed = true;
  return {
    run,
    bytes: Buffer.from(memory.buffer),
    inputAt,
    windowAt,
    giveBack() {
      if (!isBorrowed) return;
      isBorrowed = false;
      let idleBytes = memory.buffer.byteLength;
      for (const one of idle) idleBytes += one.memory.buffer.byteLength;
      if (idleBytes <= mostIdleBytes) idle.push(instance);
    },
  };
}

function makeInstance(): Instance | undefined {
  known ??= { module: loadModule('codecs.wasm') };
  if (!known.module) return undefined;
  const memory = new WebAssembly.Memory({ initial: 8 });
  const { exports } = new WebAssembly.Instance(known.module, { env: { memory, abort } });
  // What the module exports is what the build compiled.
  return { run: exports as unknown as CodecExports, memory };
}

function align(address: number): number {
  return (address + 63) & ~63;
}
