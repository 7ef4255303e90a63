/**
 * Deflated data that unpack to the file that they are in. The program of stored blocks and copies is Russ Cox's.
 * @see https://research.swtch.com/zip (read 2026-11-26)
 */

const unit = 5;

/** Ends the data; belongs to the suffix. */
export const lastBlock = stored(0, true);

/**
 * Each step is five bytes of deflate, or ten at the end: that many bytes follow as they are, or came before once
 * more. `prefix`: what stands before the data; `suffix`: the last block and what stands behind it.
 */
export function quine(prefix: Buffer, suffix: Buffer): Buffer {
  const p = prefix.length + unit;
  const s = suffix.length + suffixStepBytes(suffix);
  const [l0, l1, l4, r4] = [stored(0), stored(unit), stored(4 * unit), copied(4 * unit)];
  const [lp, rp, ls, rs] = [stored(p), copied(p), stored(s), copied(s)];
  if (rp.length !== unit) throw new Error('such a prefix takes a longer step');
  const first = [prefix, lp, prefix, lp, rp, l1, rp, l1, l1, l4, rp, l1, l1, l4, r4];
  const middle = [l4, r4, l4, r4, l4, r4, l4, r4];
  const last = [l0, l0, ls, r4, l0, l0, ls, rs, suffix, rs, suffix];
  return Buffer.concat([...first, ...middle, ...last]);
}

/** The step that copies the suffix copies itself too. */
function suffixStepBytes(suffix: Buffer): number {
  const found = [unit, 2 * unit].find((bytes) => {
    try {
      return copied(suffix.length + bytes).length === bytes;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('such a suffix cannot be copied');
  return found;
}

function stored(bytes: number, isLast = false): Buffer {
  const block = Buffer.alloc(unit);
  block[0] = isLast ? 1 : 0;
  block.writeUInt16LE(bytes, 1);
  block.writeUInt16LE(~bytes & 0xffff, 3);
  return block;
}

/**
 * A block with fixed codes: bytes from so far back, in one or two parts, and empty blocks behind it until it ends
 * with a byte. That is so for some lengths only.
 */
function copied(bytes: number): Buffer {
  const half = bytes >> 1;
  for (const parts of [[bytes], [half, bytes - half]]) {
    for (let empty = 0; empty < 4; empty += 1) {
      const bits = [...number(2, 3), ...parts.flatMap((part) => copy(part, bytes)), ...code(0, 7)];
      for (let at = 0; at < empty; at += 1) bits.push(...number(2, 3), ...code(0, 7));
      if (bits.length % (unit * 8) === 0) return packed(bits);
    }
  }
  throw new Error(`no step copies ${bytes} bytes`);
}

/** Lengths up to 114 and distances up to 128: their codes, by the least that each stands for, and the bits behind. */
const lengthSteps = [3, 11, 19, 35, 67, 115];
const distanceSteps = [1, 5, 9, 17, 33, 65, 129];

function copy(length: number, distance: number): number[] {
  const extra = lengthSteps.findLastIndex((least) => length >= least);
  const least = lengthSteps[extra] ?? 0;
  const number1 = extra === 0 ? length - least + 1 : 5 + extra * 4 + ((length - least) >> extra);
  const far = distanceSteps.findLastIndex((from) => distance >= from);
  const from = distanceSteps[far] ?? 0;
  const number2 = far === 0 ? distance - 1 : 2 + far * 2 + ((distance - from) >> far);
  if (extra >= 5 || far >= 6) throw new Error('too long a step');
  return [
    ...code(number1, 7),
    ...number(length - least, extra),
    ...code(number2, 5),
    ...number(distance - from, far),
  ];
}

function number(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (value >> at) & 1);
}

function code(value: number, count: number): number[] {
  return number(value, count).reverse();
}

function packed(bits: readonly number[]): Buffer {
  const out = Buffer.alloc(bits.length / 8);
  bits.forEach((bit, at) => (out[at >> 3] = (out[at >> 3] ?? 0) | (bit << (at & 7))));
  return out;
}

/** The sum of something that holds its own sum: what it adds is linear, so 32 equations tell it. */
export function ownChecksum(sum: (crc: number) => number): number {
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
