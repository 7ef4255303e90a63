/**
 * X86, of 32 and 64 bits: calls (E8) and jumps (E9), whose offsets of four bytes stand anywhere. What looks like one and
 * may lie inside of another is left alone, or turned so that whoever packed it could tell.
 * @see https://tukaani.org/xz/xz-file-format.txt (5.3.2; read 2026-11-26)
 */
import type { BranchFilter } from './convert.ts';

/** Of the three bytes before an opcode, one was an opcode that was left alone: which one. By a bit each, from bit 1. */
const distances: Readonly<Record<number, number>> = { 0: 0, 0b10: 1, 0b100: 2, 0b1000: 3 };

export const x86: BranchFilter = {
  alignment: 1,
  open() {
    let lastAt = 0;
    /** Opcodes before that were left alone, and of them those whose offset looked near: bit n for n bytes before. */
    let opcodes = 0;
    let near = 0;
    return (bytes, position) => {
      const end = bytes.length - 4;
      let at = 0;
      while (at < end) {
        if (((bytes[at] as number) & 0xfe) !== 0xe8) {
          at += 1;
          continue;
        }
        const passed = position + at - lastAt;
        lastAt = position + at;
        opcodes = passed > 3 ? 0 : (opcodes << passed) & 0b1110;
        near = passed > 3 ? 0 : (near << passed) & 0b1110;
        const isNear = isSign(bytes[at + 4] as number);
        const distance = near === 0 ? distances[opcodes] : undefined;
        if (!isNear || distance === undefined) {
          opcodes |= 1;
          if (isNear) near |= 1;
          at += 1;
          continue;
        }
        const offset = offsetOf(bytes.readInt32LE(at + 1), position + at + 5, distance);
        // Of the highest byte only the sign was kept.
        bytes.writeInt32LE((offset << 7) >> 7, at + 1);
        opcodes = 0;
        near = 0;
        at += 5;
      }
      return at;
    };
  },
};

/** `next`: where the instruction ends. `distance`: how many bytes before it another opcode stands, or 0. */
function offsetOf(told: number, next: number, distance: number): number {
  const offset = (told - next) | 0;
  // The other one's highest byte lies in this offset: it would look near now, and did not before.
  if (distance === 0 || !isSign((offset >>> (24 - distance * 8)) & 0xff)) return offset;
  return ((offset ^ ((1 << (32 - distance * 8)) - 1)) - next) | 0;
}

/** The highest byte of an offset that is not far. */
function isSign(byte: number): boolean {
  return byte === 0 || byte === 0xff;
}
