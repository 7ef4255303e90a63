/**
 * Bits of zstd's streams, which are read from their end. Bytes before the start may be read, and are never
 * used: whoever reads looks whether `left` fell below zero.
 */

let start: usize = 0;
/** The next bits, the highest first; at least 56 of them right behind a refill. */
let top: u64 = 0;
/** Bits that are left in the stream. */
export let left: i32 = 0;

/** False where the mark at the end is missing. */
export function openBits(from: usize, to: usize): bool {
  left = bitsOf(from, to);
  start = from;
  return left >= 0;
}

/** How many bits lie between the start and the mark at the end; -1 where there is none. */
export function bitsOf(from: usize, to: usize): i32 {
  if (to <= from) return -1;
  const last = <u32>load<u8>(to - 1);
  if (last == 0) return -1;
  return (<i32>(to - from) - 1) * 8 + 31 - <i32>clz(last);
}

/** The 56 to 63 bits before place `at` of the stream that starts at `from`, from the highest on. */
export function bitsAt(from: usize, at: i32): u64 {
  return load<u64>(<usize>(<i32>from + (at >> 3) - 7)) << (8 - <u64>(at & 7));
}

export function refill(): void {
  top = bitsAt(start, left);
}

export function take(count: u32): u32 {
  const taken = <u32>((top >> 1) >> (63 - <u64>count));
  top <<= <u64>count;
  left -= <i32>count;
  return taken;
}
