/** Whether LZMA begins here, in a file of its own. It has no mark: what its header may say is little, and is all there is. */

/** Files of more are not made. */
const mostHighBytes = 64;

/**
 * `head`: the first 14 bytes, or more. Properties, a dictionary of 2ⁿ or 2ⁿ + 2ⁿ⁻¹ bytes, a size below 256 GiB or
 * none, and the first byte of the data, which is 0. No text has that many zeros.
 * @see https://github.com/tukaani-project/xz/blob/master/src/liblzma/common/alone_decoder.c (what it accepts of guessed formats; read 2026-11-26)
 */
export function isLzma(head: Buffer): boolean {
  if (head.length < 14 || (head[0] as number) >= 9 * 5 * 5 || head[13] !== 0) return false;
  const dictionary = head.readUInt32LE(1);
  // Without its two highest bits nothing is left of it.
  const highest = 1 << (31 - Math.clz32(dictionary));
  const rest = (dictionary ^ highest) >>> 0;
  const isUsual = dictionary === 0xffffffff || rest === 0 || rest === highest >>> 1;
  if (dictionary < 4_096 || !isUsual) return false;
  const [low, high] = [head.readUInt32LE(5), head.readUInt32LE(9)];
  return (low === 0xffffffff && high === 0xffffffff) || high < mostHighBytes;
}
