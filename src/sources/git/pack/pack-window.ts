/** A pack through one buffer: far fewer reads than entries, and never the whole pack in memory. */
import { fastPlace, placeBytes, type OpenFile } from './open-file.ts';

/** Measured: a read costs little beside copying what it brings, and that stays near the processor. */
const mostBytes = 1 << 20;

export interface PackWindow {
  readonly bytes: Uint8Array;
  /**
   * Place in `bytes` of what the pack has at `offset`, with at least `length` bytes. Offsets must
   * ascend. What lies between the window and a far offset is not read.
   */
  seek(offset: number, length: number): number;
}

export function packWindow(file: OpenFile): PackWindow {
  const room = Math.min(mostBytes, file.bytes);
  const bytes = new Uint8Array(placeBytes + room);
  /** Offset of the first of `bytes`, were it filled. */
  let from = 0;
  let end = 0;
  return {
    bytes,
    seek(offset, length) {
      if (offset + length > from + end) {
        const place = fastPlace(offset);
        const filled = Math.min(room, file.bytes - offset);
        file.readInto(bytes, place, offset, filled);
        from = offset - place;
        end = place + filled;
      }
      return offset - from;
    },
  };
}
