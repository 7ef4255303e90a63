/** ARM in Thumb state: a call is two half words, which hold the high and the low half of the offset. */
import type { BranchFilter } from './convert.ts';

export const armThumb: BranchFilter = {
  alignment: 2,
  open: () => (bytes, position) => {
    let at = 0;
    for (; at + 4 <= bytes.length; at += 2) {
      const isCall =
        ((bytes[at + 1] as number) & 0xf8) === 0xf0 && ((bytes[at + 3] as number) & 0xf8) === 0xf8;
      if (!isCall) continue;
      const told = ((bytes.readUInt16LE(at) & 0x7ff) << 11) | (bytes.readUInt16LE(at + 2) & 0x7ff);
      // In half words, of a program counter that is two of them ahead.
      const target = told - (position + at + 4) / 2;
      bytes.writeUInt16LE(0xf000 | ((target >> 11) & 0x7ff), at);
      bytes.writeUInt16LE(0xf800 | (target & 0x7ff), at + 2);
      at += 2;
    }
    return at;
  },
};
