/** dist/core.wasm with a memory of its own, for tests of what it does to bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// TypeScript has these types only among those of browsers.
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Code {
  readonly value: number;
}

interface Core {
  inflate(source: number, sourceEnd: number, target: number, targetEnd: number): number;
  inflatedFrom(): number;
  readonly inputEnded: Code;
  readonly outputFull: Code;
  readonly badData: Code;
  readonly badChecksum: Code;
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
  readonly deltaEnded: Code;
  readonly resultTooLong: Code;
  readonly otherBase: Code;
  readonly badInstruction: Code;
  readonly otherResult: Code;
}

const wasm = join(import.meta.dirname, '../../../../dist/core.wasm');
const page = 65_536;
/** The module's own tables lie below. */
export const firstFree = page;

const guard = 0xa5;

export interface LoadedCore {
  readonly core: Core;
  /** All of it; from `firstFree` on it holds guard bytes. */
  readonly memory: Buffer;
  /** Puts guard bytes back. */
  clear(from: number, to: number): void;
  /** Claims that there are guard bytes only. */
  isClear(from: number, to: number): boolean;
}

export function loadCore(size: number): LoadedCore {
  const imported = new WebAssembly.Memory({ initial: 1 + Math.ceil(size / page) });
  const module = new WebAssembly.Module(readFileSync(wasm));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: imported, abort } });
  const memory = Buffer.from(imported.buffer);
  const guards = Buffer.alloc(memory.length, guard);
  memory.fill(guard, firstFree);
  return {
    core: exports as Core,
    memory,
    clear: (from, to) => void memory.fill(guard, from, to),
    isClear: (from, to) => memory.subarray(from, to).equals(guards.subarray(from, to)),
  };
}

function abort(): never {
  throw new Error('the module gave up');
}
