/**
 * Filters for machines whose instructions are words: PowerPC, SPARC, ARM and ARM64; Itanium, with three in a bundle.
 * @see https://tukaani.org/xz/xz-file-format.txt (5.3.2; read 2026-11-26), and the manuals of the machines for their calls
 */
import { words } from './convert.ts';

/** `bl` with an offset of 24 bits in words, of a program counter that is two words ahead. */
export const arm = words(4, (bytes, at, address) => {
  if (bytes[at + 3] !== 0xeb) return;
  const target = bytes.readUIntLE(at, 3) - (address + 8) / 4;
  bytes.writeUIntLE(target & 0xffffff, at, 3);
});

/** `bl` with an offset of 26 bits in words, and `adrp` with one of 21 bits in pages, of which the far ones stay. */
export const arm64 = words(4, (bytes, at, address) => {
  const word = bytes.readInt32LE(at);
  if (word >>> 26 === 0x25) {
    bytes.writeInt32LE((0x25 << 26) | ((word - address / 4) & 0x3ffffff), at);
    return;
  }
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return;
  const told = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
  if ((told + 0x20000) & 0x1c0000) return;
  const pages = told - Math.floor(address / 4_096);
  const isBefore = (pages & 0x20000) !== 0;
  const far = isBefore ? 0xe00000 : 0;
  const rest = word & 0x9000001f;
  bytes.writeInt32LE(rest | ((pages & 3) << 29) | ((pages & 0x3fffc) << 3) | far, at);
});

/** `bl`: an offset in the middle 24 bits, and not an absolute address. */
export const powerPc = words(4, (bytes, at, address) => {
  const word = bytes.readInt32BE(at);
  if ((word & 0xfc000003) !== 0x48000001) return;
  bytes.writeInt32BE(0x48000001 | ((word - address) & 0x3fffffc), at);
});

/** `call`: 30 bits in words, of which only those are meant whose highest eight are the same. */
export const sparc = words(4, (bytes, at, address) => {
  const word = bytes.readInt32BE(at);
  const high = word >>> 22;
  if (high !== 0x100 && high !== 0x1ff) return;
  const target = (word - address / 4) | 0;
  const sign = target & 0x400000 ? 0x3fc00000 : 0;
  bytes.writeInt32BE(0x40000000 | sign | (target & 0x3fffff), at);
});

/** By the kind of a bundle: which of its three places hold a branch, the first in the lowest bit. */
const branchPlaces = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0,
];

/** Instructions of 41 bits behind 5 bits that say what they are. Offsets are in bundles, their sign in a bit of its own. */
export const itanium = words(16, (bytes, at, address) => {
  const places = branchPlaces[(bytes[at] as number) & 31] as number;
  if (places === 0) return;
  for (let place = 0; place < 3; place += 1) {
    if (((places >> place) & 1) === 0) continue;
    const bit = 5 + place * 41;
    const from = at + (bit >> 3);
    const shift = BigInt(bit & 7);
    const six = BigInt(bytes.readUIntLE(from, 6));
    const instruction = six >> shift;
    if (((instruction >> 37n) & 0xfn) !== 5n || ((instruction >> 9n) & 7n) !== 0n) continue;
    const told = Number(((instruction >> 13n) & 0xfffffn) | (((instruction >> 36n) & 1n) << 20n));
    const target = BigInt((told - Math.floor(address / 16)) & 0x1fffff);
    const kept = instruction & ~((0xfffffn << 13n) | (1n << 36n));
    const changed = kept | ((target & 0xfffffn) << 13n) | ((target >> 20n) << 36n);
    const low = six & ((1n << shift) - 1n);
    bytes.writeUIntLE(Number((changed << shift) | low), from, 6);
  }
});
