/** What is known of a program: which of its bytes lie at which addresses when it runs. */
import type { RandomAccess } from '../random-access.ts';

export type Machine = 'x64' | 'x86' | 'arm64' | 'wasm' | 'other';

export interface MappedRange {
  /** In the file. */
  readonly at: number;
  readonly bytes: number;
  readonly address: number;
  readonly isCode: boolean;
}

/** Numbers in it are little-endian. */
export interface ProgramImage {
  readonly machine: Machine;
  readonly pointerBytes: 4 | 8;
  /** Pointers in data have only 36 bits, and may count from here: the rest is for the loader. */
  readonly chainedFrom?: number;
  readonly ranges: readonly MappedRange[];
}

/** WebAssembly has one for each gap in its data. */
const mostRanges = 100_000;

/** Those that lie in the file; a program that lies about the others is searched all the same. */
export function sound(ranges: readonly MappedRange[], access: RandomAccess): MappedRange[] {
  return ranges
    .filter(({ at, bytes, address }) => bytes > 0 && at + bytes <= access.bytes && address >= 0)
    .slice(0, mostRanges);
}
