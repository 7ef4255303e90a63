/** A pack through one buffer: far fewer reads than entries, and never the whole pack in memory. */
import type { OpenFile } from './open-file.ts';

/** Measured: a read costs little beside copying what it brings, and that stays near the processor. */
const mostBytes = 1 << 20;

export interface PackWindow {
  readonly bytes: Uint8Array;
  /** How many of `bytes` are of the pack. */
  readonly filled: number;
  /**
   * Place in `bytes` of what the pack has at `offset`, with at least `length` bytes. Offsets must
   * ascend. What lies between the window and a far offset is not read.
   */
  seek(offset: number, length: number): number;
}

export function packWindow(file: OpenFile): PackWindow {
  let from = 0;
  const window = {
    bytes: new Uint8Array(Math.min(mostBytes, file.bytes)),
    filled: 0,
    seek(offset: number, length: number): number {
      if (offset + length > from + window.filled) {
        from = offset;
        window.filled = Math.min(window.bytes.length, file.bytes - offset);
        file.readInto(window.bytes, offset, window.filled);
      }
      return offset - from;
    },
  };
  return window;
}
