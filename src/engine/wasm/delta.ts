/**
 * git's pack deltas: an object from its base, and which of its bytes the base already had.
 * @see https://github.com/git/git/blob/037c43c68e22/patch-delta.c (read 2026-11-26)
 */

/** The delta breaks off. */
export const deltaEnded: i32 = -1;
/** The result is longer than there is room for. */
export const resultTooLong: i32 = -2;
/** Made for a base of another length. */
export const otherBase: i32 = -3;
/** Not an instruction, or one that copies what the base does not have. */
export const badInstruction: i32 = -4;
/** The instructions make more or less than the delta says. */
export const otherResult: i32 = -5;

/**
 * Writes to `target` what the delta makes of the base and returns its length, or one of the codes
 * above; the target may have been written to then, too. The three regions must not overlap, and need 64
 * spare bytes behind each: up to 15 of them are read, and those behind targetRoom written.
 *
 * Writes to `segments` what was copied from the base, in order: offset in the result, offset in the base,
 * length, three u32 each. Neighbours that go on from each other in both are one. When segmentRoom
 * segments are there, later ones are not recorded.
 */
export function applyDelta(
  base: usize,
  baseLength: u32,
  delta: usize,
  deltaLength: u32,
  target: usize,
  targetRoom: u32,
  segments: usize,
  segmentRoom: u32,
): i32 {
  firstSegment = segments;
  nextSegment = segments;
  segmentsEnd = segments + <usize>segmentRoom * segmentSize;
  at = delta;
  end = delta + deltaLength;
  const declaredBase = readLength();
  const declaredResult = readLength();
  if (declaredBase < 0 || declaredResult < 0) return deltaEnded;
  if (declaredBase != <i64>baseLength) return otherBase;
  if (declaredResult > <i64>min(targetRoom, <u32>i32.MAX_VALUE)) return resultTooLong;
  return followInstructions(base, baseLength, target, <u32>declaredResult);
}

/** How many segments the last call recorded. */
export function segmentCount(): u32 {
  return <u32>((nextSegment - firstSegment) / segmentSize);
}

let at: usize = 0;
let end: usize = 0;

const segmentSize: usize = 12;
let firstSegment: usize = 0;
let nextSegment: usize = 0;
let segmentsEnd: usize = 0;

const copies: u32 = 0x80;
/** What a copy of length 0 means. */
const defaultCopyLength: u32 = 0x10000;
/** Up to here by stores of 16 bytes (measured: 64 to 256 differ by less than a tenth; 32 is slower). */
const shortCopy: u32 = 128;

/** Seven bits a byte, the lowest first; -1 when the delta ends first, or for more than 63 bits. */
function readLength(): i64 {
  let length: i64 = 0;
  for (let shift: i64 = 0; shift < 63 && at < end; shift += 7) {
    const byte = load<u8>(at);
    at++;
    length |= (<i64>(byte & 127)) << shift;
    if (byte < 128) return length;
  }
  return -1;
}

function followInstructions(base: usize, baseLength: u32, target: usize, length: u32): i32 {
  let made: u32 = 0;
  while (at < end) {
    const instruction = <u32>load<u8>(at);
    at++;
    let from: usize = at;
    let size = instruction;
    if (instruction & copies) {
      if (at + popcnt(instruction & 127) > end) return deltaEnded;
      const offset = readOperand(instruction & 15);
      size = readOperand((instruction >> 4) & 7);
      if (size == 0) size = defaultCopyLength;
      if (offset > baseLength || size > baseLength - offset) return badInstruction;
      if (size > length - made) return otherResult;
      from = base + offset;
      recordSegment(made, offset, size);
    } else {
      if (size == 0) return badInstruction;
      if (<usize>size > end - at) return deltaEnded;
      if (size > length - made) return otherResult;
      at += size;
    }
    copyBytes(target + made, from, size);
    made += size;
  }
  return made == length ? <i32>length : otherResult;
}

/** A number of which only the bytes that `present` has bits for are written. */
function readOperand(present: u32): u32 {
  let operand: u32 = 0;
  for (let shift: u32 = 0; present != 0; present >>= 1, shift += 8) {
    if ((present & 1) == 0) continue;
    operand |= (<u32>load<u8>(at)) << shift;
    at++;
  }
  return operand;
}

function recordSegment(inResult: u32, inBase: u32, length: u32): void {
  if (nextSegment != firstSegment) {
    const last = nextSegment - segmentSize;
    const lastLength = load<u32>(last, 8);
    if (load<u32>(last) + lastLength == inResult && load<u32>(last, 4) + lastLength == inBase) {
      store<u32>(last, lastLength + length, 8);
      return;
    }
  }
  if (nextSegment == segmentsEnd) return;
  store<u32>(nextSegment, inResult);
  store<u32>(nextSegment, inBase, 4);
  store<u32>(nextSegment, length, 8);
  nextSegment += segmentSize;
}

function copyBytes(to: usize, from: usize, size: u32): void {
  if (size > shortCopy) {
    memory.copy(to, from, size);
    return;
  }
  const toEnd = to + size;
  for (; to < toEnd; to += 16, from += 16) v128.store(to, v128.load(from));
}
