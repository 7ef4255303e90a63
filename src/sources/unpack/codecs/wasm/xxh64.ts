/**
 * XXH64 of a stream, of which zstd keeps the low half.
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md (read 2025-11-20)
 */

const prime1: u64 = 0x9e3779b185ebca87;
const prime2: u64 = 0xc2b2ae3d27d4eb4f;
const prime3: u64 = 0x165667b19e3779f9;
const prime4: u64 = 0x85ebca77c2b2ae63;
const prime5: u64 = 0x27d4eb2f165667c5;

let lane1: u64 = 0;
let lane2: u64 = 0;
let lane3: u64 = 0;
let lane4: u64 = 0;
let total: u64 = 0;
/** What does not fill a stripe of 32 bytes. */
const rest: usize = memory.data(32, 16);
let restBytes: usize = 0;

export function openSum(): void {
  lane1 = prime1 + prime2;
  lane2 = prime2;
  lane3 = 0;
  lane4 = 0 - prime1;
  total = 0;
  restBytes = 0;
}

function round(lane: u64, word: u64): u64 {
  return rotl(lane + word * prime2, 31) * prime1;
}

export function updateSum(from: usize, to: usize): void {
  total += <u64>(to - from);
  let at = from;
  if (restBytes > 0) {
    const size = min<usize>(32 - restBytes, to - at);
    memory.copy(rest + restBytes, at, size);
    restBytes += size;
    at += size;
    if (restBytes < 32) return;
    stripes(rest, rest + 32);
  }
  at = stripes(at, to);
  restBytes = to - at;
  memory.copy(rest, at, restBytes);
}

/** Returns where whole stripes end. */
function stripes(from: usize, to: usize): usize {
  let a = lane1;
  let b = lane2;
  let c = lane3;
  let d = lane4;
  let at = from;
  for (; at + 32 <= to; at += 32) {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
  }
  lane1 = a;
  lane2 = b;
  lane3 = c;
  lane4 = d;
  return at;
}

/** The low 32 bits of the sum. */
export function sumLow(): u32 {
  let sum = prime5;
  if (total >= 32) {
    sum = rotl(lane1, 1) + rotl(lane2, 7) + rotl(lane3, 12) + rotl(lane4, 18);
    sum = merge(merge(merge(merge(sum, lane1), lane2), lane3), lane4);
  }
  sum += total;
  const end = rest + restBytes;
  let at = rest;
  for (; at + 8 <= end; at += 8) {
    sum = rotl(sum ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  }
  if (at + 4 <= end) {
    sum = rotl(sum ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) sum = rotl(sum ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  sum = (sum ^ (sum >> 33)) * prime2;
  sum = (sum ^ (sum >> 29)) * prime3;
  return <u32>(sum ^ (sum >> 32));
}

function merge(sum: u64, lane: u64): u64 {
  return (sum ^ round(0, lane)) * prime1 + prime4;
}
