/** Bytes one by one into a buffer that grows; an array of numbers takes eight times as much. */
import { ArchiveError } from '../archive-error.ts';

export interface ByteList {
  push(byte: number): void;
  result(): Buffer;
}

const firstBytes = 64;

/** Throws ArchiveError where it gets longer than `most`. */
export function byteList(most: number, what: string): ByteList {
  let bytes: Buffer = Buffer.allocUnsafe(firstBytes);
  let length = 0;
  return {
    push(byte) {
      if (length === bytes.length) {
        if (length >= most) throw tooLong(most, what);
        const larger = Buffer.allocUnsafe(length * 2);
        bytes.copy(larger);
        bytes = larger;
      }
      bytes[length] = byte;
      length += 1;
    },
    // What stays in memory is no larger than it must be.
    result: () =>
      length * 2 < bytes.length
        ? Buffer.from(bytes.subarray(0, length))
        : bytes.subarray(0, length),
  };
}

export function tooLong(most: number, what: string): ArchiveError {
  return new ArchiveError('archive-limit', `${what} in it has more than ${most} bytes`);
}

/** Digits in pairs, whatever stands between them; an odd one is followed by a zero. */
export function fromHex(text: Buffer): Buffer {
  const out = Buffer.allocUnsafe((text.length + 1) >> 1);
  let digits = 0;
  for (const byte of text) {
    const value = digitOf(byte);
    if (value < 0) continue;
    if (digits % 2 === 0) out[digits >> 1] = value << 4;
    else out[digits >> 1] = (out[digits >> 1] ?? 0) | value;
    digits += 1;
  }
  return out.subarray(0, (digits + 1) >> 1);
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
