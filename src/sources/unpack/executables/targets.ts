/** Code and data → the addresses that they name, for each kind of machine that is known here. */
import type { MappedRange, ProgramImage } from './image.ts';

type Note = (address: number) => void;

/** `address`: of the first byte. Some that are none is the price of not knowing code from data. */
export function eachTarget(
  bytes: Buffer,
  address: number,
  { isCode }: MappedRange,
  { machine, pointerBytes, chainedFrom }: ProgramImage,
  note: Note,
): void {
  if (machine === 'wasm') {
    if (isCode) constants(bytes, note);
    else words(bytes, address, 4, note);
    return;
  }
  if (isCode && machine === 'x64') relativeToCode(bytes, address, note);
  if (isCode && machine === 'arm64') pagesAndOffsets(bytes, address, note);
  if (isCode && machine === 'x86') words(bytes, address, 1, note);
  else if (pointerBytes === 4) words(bytes, address, 4, note);
  else if (chainedFrom === undefined) pointers(bytes, note);
  else chained(bytes, chainedFrom, note);
}

/** lea reg, [rip + disp32] */
function relativeToCode(bytes: Buffer, address: number, note: Note): void {
  const end = bytes.length - 6;
  for (let at = bytes.indexOf(0x8d, 1); at > 0 && at <= end; at = bytes.indexOf(0x8d, at + 1)) {
    const isLea = ((bytes[at - 1] ?? 0) & 0xf8) === 0x48 && ((bytes[at + 1] ?? 0) & 0xc7) === 0x05;
    if (isLea) note(address + at + 6 + bytes.readInt32LE(at + 2));
  }
}

/** adrp reg, page; add reg, reg, offset */
function pagesAndOffsets(bytes: Buffer, address: number, note: Note): void {
  const pages: (number | undefined)[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    // Most instructions are neither.
    const top = bytes[at + 3] ?? 0;
    if ((top & 0x9f) === 0x90) {
      const word = bytes.readUInt32LE(at);
      const high = (word >>> 5) & 0x7ffff;
      const signed = ((high << 13) >> 13) * 4 + ((word >>> 29) & 3);
      const from = address + at;
      pages[word & 31] = from - (from % 4_096) + signed * 4_096;
    } else if (top === 0x91) {
      const word = bytes.readUInt32LE(at);
      const page = pages[(word >>> 5) & 31];
      if (page !== undefined && (word & 0x00c0_0000) === 0) note(page + ((word >>> 10) & 0xfff));
    }
  }
}

/** i32.const and i64.const; what looks like one in another instruction does no harm. */
function constants(bytes: Buffer, note: Note): void {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== 0x41 && byte !== 0x42) continue;
    let value = 0;
    let shift = 0;
    for (let digit = at + 1; shift < 35; digit += 1, shift += 7) {
      const part = bytes[digit] ?? 0;
      value += (part & 0x7f) * 2 ** shift;
      if (part < 0x80) break;
    }
    note(value);
  }
}

function words(bytes: Buffer, address: number, step: 1 | 4, note: Note): void {
  for (let at = (step - (address % step)) % step; at + 4 <= bytes.length; at += step)
    note(bytes.readUInt32LE(at));
}

function pointers(bytes: Buffer, note: Note): void {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const high = bytes.readUInt32LE(at + 4);
    // No program lies higher.
    if (high < 0x20_0000) note(high * 0x1_0000_0000 + bytes.readUInt32LE(at));
  }
}

/** @see https://github.com/apple-oss-distributions/dyld/blob/main/include/mach-o/fixup-chains.h (read 2026-11-26) */
function chained(bytes: Buffer, from: number, note: Note): void {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const low = bytes.readUInt32LE(at);
    const high = bytes.readUInt32LE(at + 4);
    const target = (high & 0xf) * 0x1_0000_0000 + low;
    note(target);
    // Behind the target come eleven zeros and the way to the next pointer.
    if ((high & 0x8007_fff0) === 0 && high > 0xf) note(from + target);
  }
}
