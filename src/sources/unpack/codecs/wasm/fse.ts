/** Zstd's finite-state entropy tables: how often each symbol comes → what each state means. */

/** How often each symbol comes, as i16; -1 for less than once. */
const counts: usize = memory.data(256 * 2, 16);
const nextStates: usize = memory.data(256 * 2, 16);
/** Of the counts that were read last. */
export let accuracy: u32 = 0;
export let symbolCount: u32 = 0;

/** Reads counts and returns where they end; 0 when they make no sense. Up to 8 bytes behind the end are read. */
export function readCounts(from: usize, end: usize, mostAccuracy: u32, mostSymbol: u32): usize {
  if (from >= end) return 0;
  accuracy = ((<u32>load<u8>(from)) & 15) + 5;
  if (accuracy > mostAccuracy) return 0;
  let place: u32 = 4;
  let remaining: i32 = (1 << accuracy) + 1;
  let threshold: i32 = 1 << accuracy;
  let bits = accuracy + 1;
  let symbol: u32 = 0;
  let wasZero = false;
  while (remaining > 1 && symbol <= mostSymbol) {
    if (from + <usize>(place >> 3) >= end) return 0;
    if (wasZero) {
      for (;;) {
        const more = peek(from, place) & 3;
        place += 2;
        for (let i: u32 = 0; i < more && symbol <= mostSymbol; i++) setCount(symbol++, 0);
        if (more != 3) break;
        if (from + <usize>(place >> 3) >= end) return 0;
      }
      if (symbol > mostSymbol) return 0;
    }
    const word = <i32>peek(from, place);
    const spare = 2 * threshold - 1 - remaining;
    let count = word & (threshold - 1);
    if (count < spare) place += bits - 1;
    else {
      count = word & (2 * threshold - 1);
      if (count >= threshold) count -= spare;
      place += bits;
    }
    count--;
    remaining -= count < 0 ? 1 : count;
    setCount(symbol++, count);
    wasZero = count == 0;
    while (remaining < threshold) {
      bits--;
      threshold >>= 1;
    }
  }
  const to = from + <usize>((place + 7) >> 3);
  if (remaining != 1 || to > end) return 0;
  symbolCount = symbol;
  return to;
}

function peek(from: usize, place: u32): u32 {
  return load<u32>(from + <usize>(place >> 3)) >> (place & 7);
}

/** `given`: counts of symbols, a byte each, which `readCounts` would have read. */
export function useCounts(given: usize, size: u32, accuracyBits: u32): void {
  accuracy = accuracyBits;
  symbolCount = size;
  for (let symbol: u32 = 0; symbol < size; symbol++) {
    setCount(symbol, <i32>load<i8>(given + symbol));
  }
}

function setCount(symbol: u32, count: i32): void {
  store<i16>(counts + <usize>(symbol << 1), <i16>count);
}

/** An entry: the next state before its bits (u16), how many bits (u8), the symbol (u8), four bytes for others. */
export const entryBytes: usize = 8;

/** False when the counts do not fill the table. */
export function buildTable(table: usize): bool {
  const size: u32 = 1 << accuracy;
  const mask = size - 1;
  let high = size;
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const count = <i32>load<i16>(counts + <usize>(symbol << 1));
    store<u16>(nextStates + <usize>(symbol << 1), <u16>(count < 0 ? 1 : count));
    if (count < 0) store<u8>(table + <usize>--high * entryBytes, <u8>symbol, 3);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const count = <i32>load<i16>(counts + <usize>(symbol << 1));
    for (let i = 0; i < count; i++) {
      store<u8>(table + <usize>at * entryBytes, <u8>symbol, 3);
      do at = (at + step) & mask;
      while (at >= high);
    }
  }
  if (at != 0) return false;
  for (let state: u32 = 0; state < size; state++) {
    const entry = table + <usize>state * entryBytes;
    const counter = nextStates + <usize>((<u32>load<u8>(entry, 3)) << 1);
    const next = <u32>load<u16>(counter);
    store<u16>(counter, <u16>(next + 1));
    const bits = accuracy - (31 - <u32>clz(next));
    store<u16>(entry, <u16>((next << bits) - size));
    store<u8>(entry, <u8>bits, 2);
  }
  return true;
}
