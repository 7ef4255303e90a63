/** WebAssembly: data segments, and the code that says where in them something begins. */
import { damaged } from '../archive-error.ts';
import type { RandomAccess } from '../random-access.ts';
import { sound, type MappedRange, type ProgramImage } from './image.ts';

const codeSection = 10;
const dataSection = 11;
const mostSections = 10_000;
const mostSegments = 100_000;

/** @see https://webassembly.github.io/spec/core/binary/modules.html (read 2026-11-26) */
export function wasmImages(access: RandomAccess): ProgramImage[] {
  const ranges: MappedRange[] = [];
  let at = 8;
  for (let left = mostSections; left > 0 && at < access.bytes; left -= 1) {
    const head = access.read(at, Math.min(12, access.bytes - at));
    const size = number(head, 1);
    const from = at + size.end;
    if (head[0] === codeSection) {
      ranges.push({ at: from, bytes: size.value, address: 0, isCode: true });
    } else if (head[0] === dataSection) {
      ranges.push(...segments(access, from));
    }
    at = from + size.value;
  }
  return [{ machine: 'wasm', pointerBytes: 4, ranges: sound(ranges, access) }];
}

function segments(access: RandomAccess, from: number): MappedRange[] {
  const found: MappedRange[] = [];
  const headAt = (at: number): Buffer => access.read(at, Math.min(32, access.bytes - at));
  const count = number(headAt(from), 0);
  let at = from + count.end;
  for (let left = Math.min(count.value, mostSegments); left > 0; left -= 1) {
    const head = headAt(at);
    const flags = number(head, 0);
    let next = flags.end;
    let address = -1;
    if (flags.value === 2) next = number(head, next).end;
    if (flags.value !== 1) {
      // The place is a constant: i32 or i64, and an end.
      const place = number(head, next + 1);
      address = place.value;
      next = place.end + 1;
    }
    const size = number(head, next);
    found.push({ at: at + size.end, bytes: size.value, address, isCode: false });
    at += size.end + size.value;
  }
  return found;
}

/** LEB128. `end`: behind it. */
export function number(bytes: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  let factor = 1;
  for (let at = from; at < from + 8; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw damaged('a number does not end');
}
