/** Lines of text. */

const lineBreak: u8 = 10;

/** How many line breaks there are in [from, to). Reads nothing outside. */
export function countLineBreaks(from: usize, to: usize): u32 {
  const wanted = i8x16.splat(lineBreak);
  let count: u32 = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) {
    count += popcnt<i32>(i8x16.bitmask(i8x16.eq(v128.load(at), wanted)));
  }
  for (; at < to; at += 1) count += <u32>(load<u8>(at) == lineBreak);
  return count;
}
