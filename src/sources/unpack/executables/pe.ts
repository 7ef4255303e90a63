/** PE: programs and libraries of Windows, also those of .NET. */
import type { RandomAccess } from '../random-access.ts';
import { sound, type Machine, type MappedRange, type ProgramImage } from './image.ts';

const machines: Readonly<Record<number, Machine>> = {
  0x14c: 'x86',
  0x8664: 'x64',
  0xaa64: 'arm64',
};
const sectionBytes = 40;
const executableFlag = 0x2000_0000;

/** @see https://learn.microsoft.com/windows/win32/debug/pe-format (read 2026-11-26) */
export function peImages(access: RandomAccess): ProgramImage[] {
  const at = access.read(0x3c, 4).readUInt32LE(0);
  const head = access.read(at, 24 + 32);
  const isWide = head.readUInt16LE(24) === 0x20b;
  const base = isWide ? Number(head.readBigUInt64LE(24 + 24)) : head.readUInt32LE(24 + 28);
  const count = head.readUInt16LE(6);
  const sections = access.read(at + 24 + head.readUInt16LE(20), count * sectionBytes);
  const ranges: MappedRange[] = [];
  for (let from = 0; from < sections.length; from += sectionBytes) {
    ranges.push({
      address: base + sections.readUInt32LE(from + 12),
      bytes: sections.readUInt32LE(from + 16),
      at: sections.readUInt32LE(from + 20),
      isCode: (sections.readUInt32LE(from + 36) & executableFlag) !== 0,
    });
  }
  const machine = machines[head.readUInt16LE(4)] ?? 'other';
  return [{ machine, pointerBytes: isWide ? 8 : 4, ranges: sound(ranges, access) }];
}
