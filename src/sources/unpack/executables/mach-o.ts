/** Mach-O: programs and libraries of macOS and iOS; a fat file holds one for each machine. */
import { inside, type RandomAccess } from '../random-access.ts';
import { sound, type Machine, type MappedRange, type ProgramImage } from './image.ts';

const machines: Readonly<Record<number, Machine>> = {
  7: 'x86',
  0x0100_0007: 'x64',
  0x0100_000c: 'arm64',
};
const segment = 0x1;
const wideSegment = 0x19;
const executableFlag = 4;
const mostCommandBytes = 4 << 20;

/** @see https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h (read 2026-11-26) */
export function machOImages(access: RandomAccess): ProgramImage[] {
  const head = access.read(0, 8);
  const magic = head.readUInt32BE(0);
  if (magic !== 0xcafebabe && magic !== 0xcafebabf) return thin(access, 0);
  const isWide = magic === 0xcafebabf;
  const entryBytes = isWide ? 32 : 20;
  const table = access.read(8, head.readUInt32BE(4) * entryBytes);
  const images: ProgramImage[] = [];
  for (let at = 0; at < table.length; at += entryBytes) {
    const place = isWide ? Number(table.readBigUInt64BE(at + 8)) : table.readUInt32BE(at + 8);
    const size = isWide ? Number(table.readBigUInt64BE(at + 16)) : table.readUInt32BE(at + 12);
    images.push(...thin(inside(access, place, size), place));
  }
  return images;
}

/** `base`: where the image lies in the file. */
function thin(access: RandomAccess, base: number): ProgramImage[] {
  const head = access.read(0, 32);
  const magic = head.readUInt32LE(0);
  // The other order is of machines whose code is not read here.
  if (magic !== 0xfeedface && magic !== 0xfeedfacf) return [];
  const isWide = magic === 0xfeedfacf;
  const size = Math.min(head.readUInt32LE(20), mostCommandBytes);
  const commands = access.read(isWide ? 32 : 28, size);
  const ranges: MappedRange[] = [];
  let at = 0;
  for (let left = head.readUInt32LE(16); left > 0 && at + 8 <= size; left -= 1) {
    const kind = commands.readUInt32LE(at);
    const length = commands.readUInt32LE(at + 4);
    if (kind === wideSegment) {
      ranges.push({
        address: Number(commands.readBigUInt64LE(at + 24)),
        at: Number(commands.readBigUInt64LE(at + 40)),
        bytes: Number(commands.readBigUInt64LE(at + 48)),
        isCode: (commands.readUInt32LE(at + 60) & executableFlag) !== 0,
      });
    } else if (kind === segment) {
      ranges.push({
        address: commands.readUInt32LE(at + 24),
        at: commands.readUInt32LE(at + 32),
        bytes: commands.readUInt32LE(at + 36),
        isCode: (commands.readUInt32LE(at + 44) & executableFlag) !== 0,
      });
    }
    if (length < 8) break;
    at += length;
  }
  const machine = machines[head.readUInt32LE(4)] ?? 'other';
  const inFile = sound(ranges, access).map((range) => ({ ...range, at: range.at + base }));
  const chainedFrom = ranges.find((range) => range.at === 0 && range.bytes > 0)?.address ?? 0;
  return [
    { machine, pointerBytes: isWide ? 8 : 4, ranges: inFile, ...(isWide ? { chainedFrom } : {}) },
  ];
}
