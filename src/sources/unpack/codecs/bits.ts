/** Bits of a buffer, the highest of each byte first. */
import { damaged } from '../archive-error.ts';

export interface BitReader {
  /** At most 24. Throws when they are not there. */
  read(bits: number): number;
  /** Bytes begun or used up. */
  readonly usedBytes: () => number;
  /** Bytes used up. */
  readonly wholeBytes: () => number;
  readonly bitInByte: () => number;
}

/** `bit`: where in the first byte to begin. */
export function bitReader(bytes: Uint8Array, bit: number): BitReader {
  let place = bit;
  const end = bytes.length * 8;
  return {
    read(bits) {
      if (place + bits > end) throw damaged('it ends early');
      const at = place >>> 3;
      const word =
        (((bytes[at] as number) << 24) |
          ((bytes[at + 1] ?? 0) << 16) |
          ((bytes[at + 2] ?? 0) << 8) |
          (bytes[at + 3] ?? 0)) >>>
        0;
      const found = ((word << (place & 7)) >>> 0) >>> (32 - bits);
      place += bits;
      return found;
    },
    usedBytes: () => Math.ceil(place / 8),
    wholeBytes: () => place >>> 3,
    bitInByte: () => place & 7,
  };
}
