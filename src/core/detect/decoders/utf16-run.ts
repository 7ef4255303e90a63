/** Strings of two bytes a character among other bytes: those of a program, or decoded ones. */
import { squeezeUtf16 } from '../utf16.ts';
import { hintKinds, type RunDecoder } from './decoder.ts';

export const utf16Run: RunDecoder = {
  hint: hintKinds.utf16,
  stretchAt(bytes, place) {
    let first = place - 1;
    while (first >= 2 && bytes[first - 1] === 0 && isPrintable(bytes[first - 2])) first -= 2;
    let end = place + 1;
    while (bytes[end - 1] === 0 && isPrintable(bytes[end])) end += 2;
    // The last character stands at end - 2.
    if (!isLittleEndian(bytes, first, end - 1)) return { from: first - 1, to: end - 1 };
    return { from: first, to: bytes[end - 1] === 0 ? end : end - 2 };
  },
  decode(bytes, { from, to }, maxBytes) {
    const isLittle = bytes[from] !== 0;
    const kind = isLittle ? 'utf-16le' : 'utf-16be';
    const text = squeezeUtf16(bytes.subarray(from, Math.min(to, from + maxBytes * 2)), kind);
    return {
      from,
      to,
      steps: [kind],
      text,
      spanOf: (start, end) => ({ from: from + start * 2, to: from + end * 2 }),
      isDecoded: () => true,
    };
  },
};

/** Zeros stand between the characters; the one before the first or the one behind the last is theirs, too. */
function isLittleEndian(bytes: Buffer, first: number, behind: number): boolean {
  if (first === 0 || bytes[first - 1] !== 0) return true;
  if (bytes[behind] !== 0) return false;
  // One that ends in a zero of two bytes has three zeros here, its own one first. Told by what is near alone.
  return bytes[behind + 1] !== 0 || bytes[behind + 2] === 0;
}

function isPrintable(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 || byte === 0x1b;
}
