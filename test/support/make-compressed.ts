/** Compressed files that no usual tool writes any more, or that need a program that may be missing. */
import { execFileSync } from 'node:child_process';
import { crc32, deflateRawSync } from 'node:zlib';
import type { ZipMember } from './make-archive.ts';

/** LZMA by the program xz, with a mark at its end. */
export function makeLzma(content: Buffer, ...flags: readonly string[]): Buffer {
  const args = ['--format=lzma', '-c', ...flags];
  return execFileSync('xz', args, { input: content, maxBuffer: 1 << 28 });
}

/** The same with the size told, whatever it is: the mark stays. */
export function withSize(lzma: Buffer, size: number | bigint): Buffer {
  const changed = Buffer.from(lzma);
  changed.writeBigUInt64LE(BigInt(size), 5);
  return changed;
}

/** One member of lzip around what xz packs. */
export function makeLzip(content: Buffer): Buffer {
  const lzma = makeLzma(content, '--lzma1=preset=6,dict=1MiB');
  const body = lzma.subarray(13);
  const trailer = Buffer.alloc(20);
  trailer.writeUInt32LE(crc32(content));
  trailer.writeBigUInt64LE(BigInt(content.length), 4);
  trailer.writeBigUInt64LE(BigInt(6 + body.length + trailer.length), 12);
  return Buffer.concat([Buffer.from('LZIP\u0001\u0014', 'latin1'), body, trailer]);
}

/** What `compress -b` writes. After `codes` codes with a full table it begins anew, in block mode. */
export function makeCompress(content: Buffer, widest = 16, codes = 5_000, isBlock = true): Buffer {
  const parts = [Buffer.from([0x1f, 0x9d, (isBlock ? 0x80 : 0) | widest])];
  let group: number[] = [];
  let width = 9;
  /** By code and the byte behind it. */
  let table = new Map<number, number>();
  let free = 0;
  let full = 0;
  const begin = (): void => {
    table = new Map();
    free = isBlock ? 257 : 256;
    full = 0;
  };
  const flush = (isEnd = false): void => {
    if (group.length === 0) return;
    let bits = 0n;
    for (const [index, code] of group.entries()) bits |= BigInt(code) << BigInt(index * width);
    const bytes = Buffer.alloc(width);
    for (let at = 0; at < width; at += 1) bytes[at] = Number((bits >> BigInt(at * 8)) & 0xffn);
    parts.push(bytes.subarray(0, isEnd ? Math.ceil((group.length * width) / 8) : width));
    group = [];
  };
  const put = (code: number): void => {
    group.push(code);
    if (group.length === 8) flush();
  };
  begin();
  let known: number | undefined;
  for (const byte of content) {
    const longer: number = (known ?? 0) * 256 + byte;
    const code: number | undefined = known === undefined ? byte : table.get(longer);
    if (code !== undefined) {
      known = code;
      continue;
    }
    put(known ?? 0);
    known = byte;
    if (free < 1 << widest) {
      table.set(longer, free);
      free += 1;
      if (free > 1 << width && width < widest) {
        flush();
        width += 1;
      }
    } else if (isBlock && (full += 1) > codes) {
      put(256);
      flush();
      width = 9;
      begin();
    }
  }
  if (known !== undefined) put(known);
  flush(true);
  return Buffer.concat(parts);
}

/** Methods of zip, by number, that are neither stored nor deflate. */
export const zipMethods = { deflate64: 9, bzip2: 12, lzma: 14, zstd: 93, xz: 95 } as const;

/** A member that is packed by such a method. `hasMark`: of LZMA, that the end is marked and the size need not be believed. */
export function memberBy(
  method: keyof typeof zipMethods,
  name: string,
  content: Buffer,
  hasMark = true,
): ZipMember {
  const isMarked = method === 'lzma' && hasMark;
  const data = packedBy(method, content);
  return { name, content, data, methodNumber: zipMethods[method], flags: isMarked ? 2 : 0 };
}

function packedBy(method: keyof typeof zipMethods, content: Buffer): Buffer {
  switch (method) {
    case 'deflate64':
      // The same bits, where nothing is as long as what differs.
      return deflateRawSync(content);
    case 'lzma': {
      const lzma = makeLzma(content);
      return Buffer.concat([Buffer.from([5, 4, 5, 0]), lzma.subarray(0, 5), lzma.subarray(13)]);
    }
    case 'bzip2':
    case 'zstd':
    case 'xz':
      return execFileSync(method, ['-c'], { input: content, maxBuffer: 1 << 28 });
    default:
      method satisfies never;
      return content;
  }
}
