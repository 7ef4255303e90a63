/** Lines of text, and whether it is text. */

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

/** Behind the last line break in [first, at), or `first`. Reads nothing outside. */
export function startOfLine(at: usize, first: usize): usize {
  const wanted = i8x16.splat(lineBreak);
  while (at >= first + 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at - 16), wanted));
    if (found != 0) return at - 16 + <usize>(32 - clz<i32>(found));
    at -= 16;
  }
  while (at > first && load<u8>(at - 1) != lineBreak) at -= 1;
  return at;
}

/** The first line break in [at, last), or `last`. Reads nothing outside. */
export function endOfLine(at: usize, last: usize): usize {
  const wanted = i8x16.splat(lineBreak);
  while (at + 16 <= last) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found != 0) return at + <usize>ctz<i32>(found);
    at += 16;
  }
  while (at < last && load<u8>(at) != lineBreak) at += 1;
  return at;
}

/** Whether one of the bytes in [from, to) is 0. Reads nothing outside. */
export function holdsZero(from: usize, to: usize): bool {
  let at = from;
  for (; at + 16 <= to; at += 16) {
    if (!v128.all_true<u8>(v128.load(at))) return true;
  }
  for (; at < to; at += 1) if (load<u8>(at) == 0) return true;
  return false;
}
