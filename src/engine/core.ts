/** The WebAssembly module with its memory: one instance a thread, made on first use. */
import { abort, loadModule } from './load-module.ts';

/** What `src/engine/wasm/index.ts` exports. Addresses and lengths are in bytes. */
interface CoreExports {
  heapStart(): number;
  countLineBreaks(from: number, to: number): number;
  /** 1 if one of the bytes is 0. */
  holdsZero(from: number, to: number): number;
  useTables(address: number): void;
  setRange(from: number, to: number, start: number, end: number): void;
  search(from: number, hitsAt: number, room: number): number;
  hitsUntil(): number;
  dirtyRanges(
    segments: number,
    segmentCount: number,
    baseLength: number,
    text: number,
    length: number,
    reachBack: number,
    reachOn: number,
    target: number,
    room: number,
  ): number;
  /** Of the last `dirtyRanges`. */
  dirtyBytes(): number;
  openRanges(ranges: number, count: number, text: number, length: number): void;
  searchRanges(hitsAt: number, room: number): number;
  openRuns(tables: number, ranges: number, count: number, start: number, end: number): void;
  searchRuns(hitsAt: number, room: number): number;
  runHitsUntil(): number;
  hintRanges(
    ranges: number,
    count: number,
    text: number,
    length: number,
    ahead: number,
    behind: number,
    target: number,
  ): number;
  openHints(ranges: number, count: number, start: number, end: number): void;
  /** 1 when it is to be called again. */
  nextHints(hintsAt: number, room: number): number;
  hintsUntil(): number;
  inflate(source: number, sourceEnd: number, target: number, targetEnd: number): number;
  applyDelta(
    base: number,
    baseLength: number,
    delta: number,
    deltaLength: number,
    target: number,
    targetRoom: number,
    segments: number,
    segmentRoom: number,
  ): number;
  segmentCount(): number;
  readEntries(
    pack: number,
    count: number,
    offsets: number,
    ends: number,
    idSize: number,
    most: number,
    starts: number,
    sizes: number,
    types: number,
    bases: number,
  ): number;
  orderFamilies(
    count: number,
    types: number,
    bases: number,
    starts: number,
    ends: number,
    sizes: number,
    wanted: number,
    unitWork: number,
    workPerByteOut: number,
    scratch: number,
    order: number,
    isLast: number,
    cuts: number,
  ): number;
  /** Of the last `orderFamilies`. */
  cutCount(): number;
  openIds(
    ids: number,
    idSize: number,
    count: number,
    slots: number,
    slotMask: number,
    mixer: number,
  ): void;
  numberOfId(id: number): number;
  openTrees(
    trees: number,
    blobs: number,
    bits: number,
    nameSlots: number,
    nameMask: number,
    names: number,
    namesTo: number,
  ): void;
  readTree(tree: number, length: number, target: number, room: number): number;
  openLinks(kinds: number): void;
  kindOf(id: number): number;
  lostInTree(
    tree: number,
    length: number,
    base: number,
    baseLength: number,
    segments: number,
    segmentCount: number,
  ): number;
  /** `withParents`: 1 if they are to be there, too. */
  lostInCommit(commit: number, length: number, withParents: number, scratch: number): number;
}

export interface Core {
  readonly run: CoreExports;
  /** All of the memory. Fetch it anew behind every `reserve`: growing exchanges it. */
  bytes(): Buffer;
  /** The same memory as numbers of four bytes. */
  words(): Uint32Array;
  /**
   * The address of `size` bytes for good, a multiple of 64, with 64 bytes behind them that may be
   * read and written.
   */
  reserve(size: number): number;
}

const pageBytes = 65_536;
const spareBytes = 64;

let known: { readonly core: Core | undefined } | undefined;

/** Undefined where the module cannot run: everything can be done without it, slower. */
export function openCore(): Core | undefined {
  known ??= { core: start() };
  return known.core;
}

function start(): Core | undefined {
  const module = loadModule('core.wasm');
  if (!module) return undefined;
  const memory = new WebAssembly.Memory({ initial: 32 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return manage(exports as unknown as CoreExports, memory);
}

function manage(run: CoreExports, memory: WebAssembly.Memory): Core {
  let next = align(run.heapStart());
  let bytes = Buffer.from(memory.buffer);
  let words = new Uint32Array(memory.buffer);
  return {
    run,
    bytes: () => bytes,
    words: () => words,
    reserve(size) {
      const address = next;
      next = align(address + size + spareBytes);
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) {
        memory.grow(Math.ceil(missing / pageBytes));
        bytes = Buffer.from(memory.buffer);
        words = new Uint32Array(memory.buffer);
      }
      return address;
    },
  };
}

function align(address: number): number {
  return (address + 63) & ~63;
}
