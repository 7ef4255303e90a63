/** ELF: programs and libraries of Linux and others. */
import type { RandomAccess } from '../random-access.ts';
import { sound, type Machine, type MappedRange, type ProgramImage } from './image.ts';

const machines: Readonly<Record<number, Machine>> = { 3: 'x86', 62: 'x64', 183: 'arm64' };
const loaded = 1;
const executableFlag = 1;

/** @see https://gabi.xinuos.com/elf/07-pheader.html (read 2026-11-26) */
export function elfImages(access: RandomAccess): ProgramImage[] {
  const head = access.read(0, 64);
  // The other order is of machines whose code is not read here.
  if (head[5] !== 1) return [];
  const isWide = head[4] === 2;
  const table = isWide ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const entryBytes = head.readUInt16LE(isWide ? 54 : 42);
  const count = head.readUInt16LE(isWide ? 56 : 44);
  const entries = access.read(table, entryBytes * count);
  const ranges: MappedRange[] = [];
  for (let at = 0; at < entries.length; at += entryBytes) {
    if (entries.readUInt32LE(at) !== loaded) continue;
    const word = (place: number): number =>
      isWide ? Number(entries.readBigUInt64LE(at + place)) : entries.readUInt32LE(at + place / 2);
    const flags = entries.readUInt32LE(at + (isWide ? 4 : 24));
    ranges.push({
      at: word(8),
      address: word(16),
      bytes: word(32),
      isCode: (flags & executableFlag) !== 0,
    });
  }
  const machine = machines[head.readUInt16LE(18)] ?? 'other';
  return [{ machine, pointerBytes: isWide ? 8 : 4, ranges: sound(ranges, access) }];
}
