/** Compiled files with random bytes changed, cut and put in: never a crash or a hang, never much more text than file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import {
  makeClass,
  makeDotNet,
  makeElf,
  makeMachO,
  makePdf,
  makePyc,
  makeSqlite,
  makeWasm,
} from '../../support/make-compiled.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { unpacked, unpackedStream } from '../../support/unpacked.ts';

const words = Array.from({ length: 60 }, (_, at) => `word ${at} of ${at * 7919}`);

function database(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'keywarden-mutations-'));
  try {
    const rows = words.map(
      (word, at) => [at % 5 ? word : `dead ${at}`, word, word.repeat(20)] as const,
    );
    return makeSqlite(join(folder, 'x.db'), rows, { pageBytes: 512, encoding: 'UTF-16le' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inner = '7 0 8 20 <</A (one)>>      <</B [(two) <414243>]>>';
const files: Readonly<Record<string, Buffer>> = {
  class: makeClass(words),
  pyc: makePyc(words),
  elf: makeElf(words),
  pe: makeDotNet(words),
  macho: makeMachO(words),
  wasm: makeWasm(words),
  sqlite: database(),
  pdf: makePdf({
    pages: [`BT /F 9 Tf 1 0 0 1 10 10 Tm [(one) -300 (two)] TJ T* (three) ' ET /X Do`],
    others: [
      { value: '/Type /ObjStm /N 2 /First 9 /Filter /FlateDecode', content: deflateSync(inner) },
      {
        value: '/Filter [/ASCII85Decode /LZWDecode]',
        content: Buffer.from('J..)6T`?p&<!J9%_[umg"B7/Z7KNXbN~>'),
      },
      { value: '/Subtype /Form /Resources 2 0 R', content: Buffer.from('(text) Tj') },
    ],
  }),
};

const { numRuns: rounds, seed } = propertyRuns(60);

function mutated(file: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(file);
  const at = random(copy.length);
  // What is told of the rest mostly stands at the start.
  const early = random(Math.min(copy.length, 200));
  switch (random(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(20))]);
    case 2:
      copy.subarray(at, at + 1 + random(8)).fill(random(2) ? 0xff : 0);
      return copy;
    case 3:
      copy[early] = random(256);
      return copy;
    default:
      for (let count = 1 + random(20); count > 0; count -= 1)
        copy[random(copy.length)] = random(256);
      return copy;
  }
}

describe.each(Object.entries(files))('%s', (name, file) => {
  it('stays readable whatever is changed in it', () => {
    const random = seededRandom(`${name}/${seed}`);
    const whole = unpacked(name, file);
    expect(whole.problems).toEqual([]);
    expect([...whole.documents.keys()].some((place) => place.includes('('))).toBe(true);
    for (let round = 0; round < rounds; round += 1) {
      const changed = mutated(file, random);
      const start = performance.now();
      const { bytes, documents } =
        round % 2 ? unpacked(name, changed) : unpackedStream(name, changed, 1 + random(5_000));
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(bytes).toBeLessThan(16 << 20);
      // Programs are searched by their strings, all else also as it is.
      if (!documents.has('(strings)')) expect(documents.get('')?.length ?? 0).toBe(changed.length);
    }
  }, 60_000);
});
