/**
 * RISC-V, of 32 and 64 bits: `jal`, and `auipc` with the instruction behind it. Whoever packed them put an address
 * in one piece, the highest byte first, and the second instruction where the first one's bits were.
 * @see https://tukaani.org/xz/xz-file-format.txt (5.3.2; read 2026-11-26), https://github.com/tukaani-project/xz/blob/master/src/liblzma/simple/riscv.c (its description; read 2026-11-26)
 */
import type { BranchFilter } from './convert.ts';

const jal = 0xef;
const auipc = 0x17;
/** Opcode, and x2 as the register: what a packed pair begins with. */
const packedPair = auipc | (2 << 7);

export const riscV: BranchFilter = {
  alignment: 2,
  open: () => (bytes, position) => {
    let at = 0;
    while (at + 8 <= bytes.length) {
      const first = bytes[at] as number;
      if (first === jal) at += jump(bytes, at, position + at);
      else if ((first & 0x7f) === auipc) at += pair(bytes, at, position + at);
      else at += 2;
    }
    return at;
  },
};

/** Returns how many bytes are done. Only calls count: those that keep the way back in x1 or x5. */
function jump(bytes: Buffer, at: number, address: number): number {
  const second = bytes[at + 1] as number;
  if ((second & 0x0d) !== 0) return 2;
  const packed = ((second & 0xf0) << 13) | ((bytes[at + 2] as number) << 9);
  const offset = ((packed | ((bytes[at + 3] as number) << 1)) - address) | 0;
  // Bits 20, 10 to 1, 11 and 19 to 12, as the instruction has them.
  const immediate =
    (((offset >>> 20) & 1) << 31) |
    (((offset >>> 1) & 0x3ff) << 21) |
    (((offset >>> 11) & 1) << 20) |
    (((offset >>> 12) & 0xff) << 12);
  bytes.writeInt32LE(immediate | ((second & 0x0f) << 8) | jal, at);
  return 4;
}

function pair(bytes: Buffer, at: number, address: number): number {
  const first = bytes.readUInt32LE(at);
  const second = bytes.readUInt32LE(at + 4);
  const register = (first >>> 7) & 31;
  if (register !== 0 && register !== 2) {
    // Bits that looked like a packed pair were turned the other way, so that they can be told.
    if (((second >>> 15) & 31) !== register || (second & 3) !== 3) return 6;
    const upper = ((first & ~0xfff) + (second >>> 20)) | 0;
    bytes.writeInt32LE(packedPair | (second << 12), at);
    bytes.writeInt32LE(upper, at + 4);
    return 8;
  }
  const base = first >>> 27;
  // The second instruction's lowest bits, which are set where it has 32 bits.
  const isPair = register === 2 && ((first >>> 12) & 3) === 3 && base !== 0 && base !== 2;
  if (!isPair) return 4;
  const offset = (bytes.readInt32BE(at + 4) - address) | 0;
  // The lower half has a sign, which the upper half makes up for.
  bytes.writeInt32LE(auipc | (base << 7) | ((offset + 0x800) & ~0xfff), at);
  bytes.writeInt32LE((first >>> 12) | (offset << 20), at + 4);
  return 8;
}
