/** Xz with filters before LZMA2: what the programs xz and 7z pack comes out as it was, whole and in pieces. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { riscV } from '../../../src/sources/unpack/codecs/branches/risc-v.ts';
import { unxz } from '../../../src/sources/unpack/codecs/xz.ts';
import { decoded } from '../../support/decoded.ts';
import { hasProgram, xzKnows } from '../../support/has-program.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';

const { seed } = propertyRuns(1);
const size = 300_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keywarden-filters-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Random bytes, among them instructions at their places: `put` writes one, and says how long it is. */
function code(
  name: string,
  alignment: number,
  put: (bytes: Buffer, at: number, random: (below: number) => number) => number,
): Buffer {
  const random = seededRandom(`${name}/${seed}`);
  const bytes = Buffer.alloc(size + 16);
  for (let at = 0; at < size; at += 1) bytes[at] = random(4) ? random(256) : 0;
  for (let at = 0; at + 32 < size;) {
    const length = random(3) ? put(bytes, at, random) : random(12);
    at += Math.ceil(Math.max(1, length) / alignment) * alignment;
  }
  // No multiple of anything.
  return bytes.subarray(0, size - 3);
}

const programs: Readonly<Record<string, Buffer>> = {
  x86: code('x86', 1, (bytes, at, random) => {
    bytes[at] = 0xe8 + random(2);
    // Opcodes within offsets of others, near and far ones.
    for (let place = 1; place < 4; place += 1) if (!random(3)) bytes[at + place] = 0xe8 + random(2);
    bytes[at + 3] = [0, 0xff, 0xe8, random(256)][random(4)] ?? 0;
    bytes[at + 4] = [0, 0xff, random(256)][random(3)] ?? 0;
    return 1 + random(5);
  }),
  powerpc: code('powerpc', 4, (bytes, at, random) => {
    bytes[at] = 0x48 | random(4);
    bytes[at + 3] = (random(64) << 2) | (random(4) ? 1 : random(4));
    return 4;
  }),
  ia64: code('ia64', 16, (bytes, at, random) => {
    bytes[at] = 0x10 + random(16);
    for (const bit of [5, 46, 87]) {
      if (!random(3)) continue;
      const from = at + (bit >> 3);
      const shift = BigInt(bit & 7);
      const kept = BigInt(bytes.readUIntLE(from, 6)) & ~(((0xfn << 37n) | (7n << 9n)) << shift);
      bytes.writeUIntLE(Number((kept | ((5n << 37n) << shift)) & 0xffffffffffffn), from, 6);
    }
    return 16;
  }),
  arm: code('arm', 4, (bytes, at) => {
    bytes[at + 3] = 0xeb;
    return 4;
  }),
  armthumb: code('armthumb', 2, (bytes, at, random) => {
    bytes[at + 1] = 0xf0 | random(8);
    bytes[at + 3] = 0xf8 | random(8);
    return 2 + 2 * random(2);
  }),
  arm64: code('arm64', 4, (bytes, at, random) => {
    const isBranch = random(2) === 0;
    bytes[at + 3] = isBranch ? 0x94 | random(4) : 0x90 | (random(4) << 5);
    if (!isBranch) bytes[at + 2] = random(4) ? ([0, 0xff][random(2)] ?? 0) : random(256);
    return 4;
  }),
  sparc: code('sparc', 4, (bytes, at, random) => {
    const isBefore = random(2) === 0;
    bytes[at] = isBefore ? 0x7f : 0x40;
    bytes[at + 1] = random(5) ? (isBefore ? 0xc0 : 0) | random(64) : random(256);
    return 4;
  }),
  riscv: code('riscv', 2, (bytes, at, random) => {
    if (!random(3)) {
      bytes[at] = 0xef;
      bytes[at + 1] = (random(16) << 4) | (random(4) ? 2 * (random(2) * 2) : random(16));
      return 4;
    }
    const register = random(4) ? random(32) : ([0, 2][random(2)] ?? 0);
    const base = random(3) ? register : random(32);
    const first = 0x17 | (register << 7) | (random(2 ** 20) << 12) | (random(3) ? 0x3000 : 0);
    bytes.writeInt32LE(first, at);
    bytes.writeInt32LE((random(2 ** 12) << 20) | (base << 15) | (random(2 ** 13) << 2) | 3, at + 4);
    return 2 + 2 * random(4);
  }),
};

function xz(filters: readonly string[], input: Buffer): Buffer {
  const args = ['-c', ...filters.map((one) => `--${one}`), '--lzma2=preset=1,dict=64KiB'];
  return execFileSync('xz', args, { input, maxBuffer: 1 << 28 });
}

/** Those that xz knows here. */
const filters = Object.keys(programs).filter((name) => xzKnows(`--${name}[`));

function expectSame(packed: Buffer, input: Buffer): void {
  for (const result of [unpacked('a.xz', packed), unpackedStream('a.xz', packed, 1_013)]) {
    expect(result.problems).toEqual([]);
    // In pieces a large document comes in pieces, too.
    expect(result.documents.get('(xz)') === input.toString('latin1')).toBe(true);
  }
}

/** 7z packs with a filter, too, that only the newest xz knows. */
const canRiscV =
  hasProgram('7z') && execFileSync('7z', ['i'], { encoding: 'utf8' }).includes('RISCV');

describe('xz with a filter', () => {
  it.skipIf(!filters.includes('arm64'))('--arm64, where xz is new enough', () => {
    const input = programs['arm64'] ?? Buffer.alloc(0);
    expectSame(xz(['delta=dist=2', 'x86', 'arm64'], input), input);
  });

  it.each(filters)('--%s', (filter) => {
    const input = programs[filter] ?? Buffer.alloc(0);
    const packed = xz([filter], input);
    // The filter does something here.
    expect(packed.equals(xz([], input))).toBe(false);
    expectSame(packed, input);
    expectSame(xz([`${filter}=start=65536`], input), input);
  });

  it.each([1, 3, 256])('--delta=dist=%i', (distance) => {
    const input = programs['x86'] ?? Buffer.alloc(0);
    expectSame(xz([`delta=dist=${distance}`], input), input);
  });

  it('with three of them, in their order', () => {
    const input = programs['x86'] ?? Buffer.alloc(0);
    expectSame(xz(['x86', 'delta=dist=4', 'arm'], input), input);
    expectSame(xz(['delta=dist=2', 'x86', 'sparc'], input), input);
  });

  it.each([0, 1, 4, 5, 7, 8, 15, 16, 17])('of %i bytes', (length) => {
    for (const filter of length > 0 ? filters : []) {
      const input = (programs[filter] ?? Buffer.alloc(0)).subarray(0, length);
      expectSame(xz([filter], input), input);
    }
    expect(unpacked('a.xz', xz(['x86'], Buffer.alloc(0))).problems).toEqual([]);
  });

  it.skipIf(!canRiscV)('RISC-V, packed by 7z', () => {
    const input = programs['riscv'] ?? Buffer.alloc(0);
    const [from, to] = [join(folder, 'in'), join(folder, 'out.xz')];
    writeFileSync(from, input);
    execFileSync('7z', ['a', '-txz', '-mx=1', '-mf=RISCV', to, from], { stdio: 'pipe' });
    expectSame(readFileSync(to), input);
  });

  it('RISC-V: a call is counted from where it stands', () => {
    const bytes = Buffer.from('ef000090ffffffff', 'hex');
    expect(riscV.open()(bytes, 0x100)).toBe(4);
    expect(bytes.toString('hex')).toBe('ef000002ffffffff');
  });

  it.skipIf(!existsSync('/usr/bin/git'))('a program: git, and what is left of its end', () => {
    const input = readFileSync('/usr/bin/git').subarray(0, (2 << 20) + 3);
    const { bytes, error } = decoded(xz(['x86'], input), unxz, 9_999);
    expect(error).toBeUndefined();
    expect(bytes.equals(input)).toBe(true);
    expect(unpacked('git.xz', xz(['x86'], input)).problems).toEqual([]);
  });

  it('that nobody knows is told, and so is one that makes no sense', () => {
    const packed = xz(['x86'], programs['x86'] ?? Buffer.alloc(0));
    expect(packed.subarray(12, 16)).toEqual(Buffer.from([2, 1, 4, 0]));
    const withHeader = (...fields: number[]): Buffer => {
      const changed = Buffer.from(packed);
      Buffer.from(fields).copy(changed, 14);
      changed.writeUInt32LE(crc32(changed.subarray(12, 20)), 20);
      return changed;
    };
    expect(unpacked('a.xz', withHeader(4, 0)).problems).toEqual([]);
    expect(unpacked('a.xz', withHeader(0x44, 0)).problems.join()).toMatch(
      /^archive-not-opened .*: a filter of xz that is not read here$/,
    );
    // LZMA2 is none that may stand first; properties of one byte are none of x86.
    expect(unpacked('a.xz', withHeader(0x21, 0)).problems.join()).toMatch(/archive-/);
    expect(unpacked('a.xz', withHeader(4, 1)).problems.join()).toMatch(/^archive-damaged/);
    expect(unpacked('a.xz', withHeader(4, 200)).problems.join()).toMatch(/^archive-damaged/);
  });
});
