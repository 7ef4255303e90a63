/** CRC-64 as xz has it (ECMA-182, the lowest bit first), eight bytes at a time. */

const tables: usize = memory.data(8 * 256 * 8, 64);
let isReady = false;

function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = <u64>byte;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? 0xc96c5795d7870f42 : 0);
    store<u64>(entry(0, byte), value);
  }
  for (let table: u32 = 1; table < 8; table++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      const before = load<u64>(entry(table - 1, byte));
      store<u64>(entry(table, byte), (before >> 8) ^ load<u64>(entry(0, (<u32>before) & 0xff)));
    }
  }
}

function entry(table: u32, byte: u32): usize {
  return tables + <usize>((table << 11) | (byte << 3));
}

/** The sum so far → that with these bytes; it begins with 0. */
export function crc64(sum: u64, from: usize, to: usize): u64 {
  if (!isReady) makeTables();
  isReady = true;
  let at = from;
  let value = ~sum;
  for (; at + 8 <= to; at += 8) {
    const word = value ^ load<u64>(at);
    const low = <u32>word;
    const high = <u32>(word >> 32);
    value =
      load<u64>(entry(7, low & 0xff)) ^
      load<u64>(entry(6, (low >> 8) & 0xff)) ^
      load<u64>(entry(5, (low >> 16) & 0xff)) ^
      load<u64>(entry(4, low >> 24)) ^
      load<u64>(entry(3, high & 0xff)) ^
      load<u64>(entry(2, (high >> 8) & 0xff)) ^
      load<u64>(entry(1, (high >> 16) & 0xff)) ^
      load<u64>(entry(0, high >> 24));
  }
  for (; at < to; at++) {
    value = (value >> 8) ^ load<u64>(entry(0, ((<u32>value) ^ (<u32>load<u8>(at))) & 0xff));
  }
  return ~value;
}
