/** A pack through one buffer: far fewer reads than entries, and never the whole pack in memory. */
import { fastPlace, placeBytes, type OpenFile } from './open-file.ts';

/** Measured: a read costs little beside copying what it brings, and that stays near the processor. */
const mostBytes = 1 << 20;

export interface PackWindow {
  readonly bytes: Uint8Array;
  /** In `bytes`, where what is of the pack ends. */
  readonly end: number;
  /**
   * Place in `bytes` of what the pack has at `offset`, with at least `length` bytes. Offsets must
   * ascend. What lies between the window and a far offset is not read.
   */
  seek(offset: number, length: number): number;
}

export function packWindow(file: OpenFile): PackWindow {
  const room = Math.min(mostBytes, file.bytes);
  /** Offset of the first of `bytes`, were it filled. */
  let from = 0;
  const window = {
    bytes: new Uint8Array(placeBytes + room),
    end: 0,
    seek(offset: number, length: number): number {
      if (offset + length > from + window.end) {
        const place = fastPlace(offset);
        const filled = Math.min(room, file.bytes - offset);
        file.readInto(window.bytes, place, offset, filled);
        from = offset - place;
        window.end = place + filled;
      }
      return offset - from;
    },
  };
  return window;
}
