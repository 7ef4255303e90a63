/**
 * A gzip file that unpacks to itself. The program of stored blocks and copies is Russ Cox's.
 * @see https://research.swtch.com/zip (read 2026-11-26)
 */
import { crc32 } from 'node:zlib';

const unit = 5;
const crcBytes = 4;

/** Each step is five bytes of deflate: that many bytes follow as they are, or came before once more. */
export function gzipQuine(): Buffer {
  const name = Buffer.from('r.gz\0');
  const prefix = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), name]);
  const end = stored(0, true);
  const [p, s] = [prefix.length + unit, end.length + 2 * crcBytes + unit];
  const build = (crc: number, size: number): Buffer => {
    const sums = Buffer.alloc(2 * crcBytes);
    sums.writeUInt32LE(crc, 0);
    sums.writeUInt32LE(size, crcBytes);
    const suffix = Buffer.concat([end, sums]);
    const [l0, l1, l4, r4] = [stored(0), stored(unit), stored(4 * unit), copied(4 * unit)];
    const [lp, rp, ls, rs] = [stored(p), copied(p), stored(s), copied(s)];
    const first = [prefix, lp, prefix, lp, rp, l1, rp, l1, l1, l4, rp, l1, l1, l4, r4];
    const middle = [l4, r4, l4, r4, l4, r4, l4, r4];
    const last = [l0, l0, ls, r4, l0, l0, ls, rs, suffix, rs, suffix];
    return Buffer.concat([...first, ...middle, ...last]);
  };
  const size = build(0, 0).length;
  return build(
    ownChecksum((crc) => crc32(build(crc, size))),
    size,
  );
}

function stored(bytes: number, isLast = false): Buffer {
  const block = Buffer.alloc(unit);
  block[0] = isLast ? 1 : 0;
  block.writeUInt16LE(bytes, 1);
  block.writeUInt16LE(~bytes & 0xffff, 3);
  return block;
}

/** A block with fixed codes: half of the bytes from so far back, twice. For 17 to 20 bytes that is forty bits. */
function copied(bytes: number): Buffer {
  const bits: number[] = [];
  const number = (value: number, count: number): void => {
    for (let at = 0; at < count; at += 1) bits.push((value >> at) & 1);
  };
  const code = (value: number, count: number): void => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  number(2, 3);
  for (let half = 0; half < 2; half += 1) {
    // Lengths of 3 to 10 have codes of their own; distances of 17 to 24 share one.
    code(bytes / 2 - 2, 7);
    code(8, 5);
    number(bytes - 17, 3);
  }
  code(0, 7);
  if (bits.length !== unit * 8) throw new Error('a step is not five bytes');
  const out = Buffer.alloc(unit);
  bits.forEach((bit, at) => (out[at >> 3] = (out[at >> 3] ?? 0) | (bit << (at & 7))));
  return out;
}

/** The sum of something that holds its own sum: what it adds is linear, so 32 equations tell it. */
function ownChecksum(sum: (crc: number) => number): number {
  const rest = sum(0);
  const rows = Array.from({ length: 32 }, (_, at) => {
    const bit = 2 ** at;
    return { effect: (sum(bit) ^ rest ^ bit) >>> 0, bit };
  });
  let wanted = rest;
  let found = 0;
  for (let at = 0; at < 32; at += 1) {
    const mask = 2 ** at;
    const index = rows.findIndex(({ effect }) => (effect & mask) !== 0);
    if (index < 0) {
      if (wanted & mask) throw new Error('no sum fits');
      continue;
    }
    const [pivot] = rows.splice(index, 1);
    if (!pivot) break;
    for (const [place, row] of rows.entries()) {
      if (row.effect & mask)
        rows[place] = { effect: row.effect ^ pivot.effect, bit: row.bit ^ pivot.bit };
    }
    if (wanted & mask) {
      wanted ^= pivot.effect;
      found ^= pivot.bit;
    }
  }
  return found >>> 0;
}
