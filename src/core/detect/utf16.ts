/** UTF-16 text, which would otherwise pass for binary. */

export type Utf16 = 'utf-16le' | 'utf-16be';

const sampleBytes = 1024;

/** By its mark, or by a NUL in nearly every second byte of its beginning. */
export function detectUtf16(bytes: Uint8Array): Utf16 | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const length = Math.min(bytes.length, sampleBytes) & ~1;
  // Nearly every document is told by one native search.
  if (length < 16 || !bytes.subarray(0, length).includes(0)) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even += 1;
    if (bytes[i + 1] === 0) odd += 1;
  }
  const most = (length / 2) * 0.7;
  if (odd >= most && even === 0) return 'utf-16le';
  if (even >= most && odd === 0) return 'utf-16be';
  return undefined;
}

/** What stands for a character outside latin-1: it breaks tokens and is no blank. */
const otherCharacter = 0x1a;

/** One byte a code unit, so that a byte offset in the result is half of that in the original. */
export function squeezeUtf16(bytes: Uint8Array, kind: Utf16): Buffer {
  const high = kind === 'utf-16le' ? 1 : 0;
  const result = Buffer.allocUnsafe(bytes.length >> 1);
  for (let i = 0, at = 0; i < result.length; i += 1, at += 2) {
    const isLatin = bytes[at + high] === 0 && (bytes[at + 1 - high] as number) < 0x80;
    result[i] = isLatin ? (bytes[at + 1 - high] as number) : otherCharacter;
  }
  return result;
}
