/** CRC-64 as xz has it (ECMA-182, lowest bit first), in two halves. */
import type { Crc64 } from '../crc64.ts';

const low = new Uint32Array(256);
const high = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let l = byte;
  let h = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const isSet = l & 1;
    l = (l >>> 1) | (h << 31);
    h >>>= 1;
    if (isSet) {
      l ^= 0xd7870f42;
      h ^= 0xc96c5795;
    }
  }
  low[byte] = l;
  high[byte] = h;
}

export function slowCrc64(): Crc64 {
  let l = 0xffffffff | 0;
  let h = 0xffffffff | 0;
  return {
    update(bytes) {
      let nowLow = l;
      let nowHigh = h;
      for (let at = 0; at < bytes.length; at += 1) {
        const index = (nowLow ^ (bytes[at] as number)) & 0xff;
        nowLow = ((nowLow >>> 8) | (nowHigh << 24)) ^ (low[index] as number);
        nowHigh = (nowHigh >>> 8) ^ (high[index] as number);
      }
      l = nowLow;
      h = nowHigh;
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeInt32LE(~l, 0);
      out.writeInt32LE(~h, 4);
      return out;
    },
  };
}
