/** The bytes of a pack in the engine's memory: those of the file, however they are asked for. */
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/rules/random.ts';
import { openCore, type Core } from '../../../../src/engine/core.ts';
import { withFile } from '../../../../src/sources/git/pack/open-file.ts';
import { readAhead } from '../../../../src/sources/git/pack/read-ahead.ts';
import { residentPack } from '../../../../src/sources/git/pack/resident-pack.ts';
import { makeTree } from '../../../support/make-tree.ts';

const core = openCore() as Core;
const random = seededRandom('resident');
const contents = Buffer.from(Array.from({ length: 700_001 }, () => random(256)));

function fileOf(bytes: Buffer): string {
  const file = join(makeTree({}), 'pack');
  writeFileSync(file, bytes);
  return file;
}

function bytesOf(path: string, from: number, to: number): Buffer {
  return withFile(path, (file) => {
    const address = residentPack(file, core)(from, to);
    return Buffer.from(core.bytes().subarray(address, address + to - from));
  });
}

describe('a resident pack', () => {
  it('has the bytes of the file', () => {
    const file = fileOf(contents);
    for (let turn = 0; turn < 200; turn += 1) {
      const from = random(contents.length);
      const to = Math.min(contents.length, from + random(turn % 9 === 0 ? 600_000 : 200));
      expect(bytesOf(file, from, to).equals(contents.subarray(from, to))).toBe(true);
    }
  });

  it('is read anew when it is another, or has changed', () => {
    const first = fileOf(contents);
    const other = fileOf(Buffer.from('another one'));
    expect(bytesOf(first, 0, 4)).toEqual(contents.subarray(0, 4));
    expect(bytesOf(other, 0, 4)).toEqual(Buffer.from('anot'));
    appendFileSync(other, '!');
    writeFileSync(other, 'ANOTHER ONE!!');
    expect(bytesOf(other, 0, 4)).toEqual(Buffer.from('ANOT'));
    expect(bytesOf(first, 0, 4)).toEqual(contents.subarray(0, 4));
  });

  it('refuses what the file does not have', () => {
    const file = fileOf(contents);
    expect(() => bytesOf(file, contents.length - 1, contents.length + 1)).toThrow('ends early');
    withFile(file, (open) => {
      const address = residentPack(open, core);
      address(0, 9);
      truncateSync(file, 9);
      expect(() => address(600_000, 600_009)).toThrow('became shorter');
    });
  });
});

describe('a pack that is read ahead', () => {
  it('is not read again', () => {
    const path = fileOf(contents);
    readAhead({ kind: 'ahead', file: path, bytes: contents.length });
    withFile(path, (file) => {
      const unread = {
        ...file,
        readInto: () => {
          throw new Error('is read again');
        },
      };
      const address = residentPack(unread, core)(0, contents.length);
      const bytes = core.bytes().subarray(address, address + contents.length);
      expect(bytes.equals(contents)).toBe(true);
    });
  });

  it('may be gone: who needs it tells', () => {
    const file = join(makeTree({}), 'gone.pack');
    expect(() => readAhead({ kind: 'ahead', file, bytes: 1 })).not.toThrow();
  });
});
