/** git's deltas, as plainly as can be: what the kernel is compared with. Undefined for a bad delta. */

/** Offset in the result, offset in the base, length. */
export type Segment = readonly [inResult: number, inBase: number, length: number];

export interface Applied {
  /** Latin-1: strings are quickly compared. */
  readonly result: string;
  /** What was copied; neighbours that go on from each other in both are one. */
  readonly segments: readonly Segment[];
}

export function applyDelta(base: Buffer, delta: Buffer): Applied | undefined {
  const lengths = [readLength(delta, 0)];
  lengths.push(readLength(delta, lengths[0]?.next ?? Infinity));
  const [baseLength, resultLength] = lengths;
  if (!baseLength || !resultLength || baseLength.value !== base.length) return undefined;
  const parts: Buffer[] = [];
  const copied: Segment[] = [];
  let made = 0;
  for (let at = resultLength.next; at < delta.length;) {
    const instruction = readInstruction(delta, at);
    if (!instruction) return undefined;
    const { from, length, isCopy, next } = instruction;
    if (isCopy && from + length > base.length) return undefined;
    if (made + length > resultLength.value) return undefined;
    parts.push((isCopy ? base : delta).subarray(from, from + length));
    if (isCopy) copied.push([made, from, length]);
    made += length;
    at = next;
  }
  if (made !== resultLength.value) return undefined;
  return { result: Buffer.concat(parts).toString('latin1'), segments: mergeSegments(copied) };
}

function readLength(delta: Buffer, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let at = start; at < Math.min(delta.length, start + 9); at += 1) {
    const byte = delta[at] ?? 0;
    value += (byte & 127) * 128 ** (at - start);
    if (byte < 128) return { value, next: at + 1 };
  }
  return undefined;
}

interface Instruction {
  readonly isCopy: boolean;
  /** In the base for a copy, else in the delta. */
  readonly from: number;
  readonly length: number;
  readonly next: number;
}

function readInstruction(delta: Buffer, start: number): Instruction | undefined {
  const opcode = delta[start] ?? 0;
  let next = start + 1;
  if (opcode === 0) return undefined;
  if (opcode < 128) {
    const end = next + opcode;
    return end > delta.length
      ? undefined
      : { isCopy: false, from: next, length: opcode, next: end };
  }
  const operands = [0, 1, 2, 3, 4, 5, 6].map((bit) =>
    opcode & (1 << bit) ? (delta[next++] ?? 0) : 0,
  );
  if (next > delta.length) return undefined;
  const number = (bytes: readonly number[]): number =>
    bytes.reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  const from = number(operands.slice(0, 4));
  return { isCopy: true, from, length: number(operands.slice(4)) || 65_536, next };
}

export function mergeSegments(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const [inResult, inBase, length] of segments) {
    const [lastInResult, lastInBase, lastLength] = merged.at(-1) ?? [-1, -1, 0];
    const goesOn = lastInResult + lastLength === inResult && lastInBase + lastLength === inBase;
    if (goesOn) merged.splice(-1, 1, [lastInResult, lastInBase, lastLength + length]);
    else merged.push([inResult, inBase, length]);
  }
  return merged;
}
