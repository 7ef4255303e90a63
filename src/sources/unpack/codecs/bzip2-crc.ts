/** The checksum of bzip2: CRC-32 with the highest bit first. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** `before`: that of what came before. */
export function bzip2Crc(bytes: Uint8Array, before = 0): number {
  let crc = ~before >>> 0;
  for (let at = 0; at < bytes.length; at += 1) {
    crc = (crc << 8) ^ (table[(crc >>> 24) ^ (bytes[at] as number)] as number);
  }
  return ~crc >>> 0;
}
