/** Documents that come in pieces: what is encoded in them is found as in the whole, wherever a piece ends. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Match } from '../../src/core/model/match.ts';
import { escapeEncodings, runEncodings, utf16Bytes } from '../support/encodings.ts';
import { builtInRuleSet } from '../support/rules.ts';
import { robotomailKey } from '../support/sample.ts';
import { scannerOf } from './support/version-chain.ts';

const scanner = scannerOf(builtInRuleSet.rules);
const origin = { kind: 'file', path: 'a.txt' } as const;
const pieceBytes = 8 << 20;
const line = 'some lines of text, as there are in many files\n';

function inPieces(bytes: Buffer, size: number): Match[] {
  const stream = scanner.open(origin);
  const found: Match[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    found.push(...stream.push(bytes.subarray(at, at + size)));
  }
  return [...found, ...stream.end()];
}

function filler(length: number): string {
  const lines = line.repeat(Math.ceil(length / line.length));
  return length < 1 ? '' : `${lines.slice(0, length - 1)}\n`;
}

describe('pieces of a document', () => {
  it('have what is encoded in the whole', () => {
    const parts: string[] = [];
    let at = 0;
    const add = (text: string): void => {
      parts.push(text);
      at += text.length;
    };
    [...runEncodings, ...escapeEncodings].forEach(({ encode }, number) => {
      add(` "${encode(`key ${robotomailKey(`stream ${number}`)} here`)}"\n`);
    });
    // Around the end of the first piece, and where its core ends.
    add(filler(pieceBytes - 90_000 - at));
    [...runEncodings, ...escapeEncodings].forEach(({ encode }, number) => {
      add(` "${encode(`key ${robotomailKey(`near ${number}`)} here`)}"\n${filler(2_500)}`);
    });
    add(utf16Bytes(` key ${robotomailKey('wide')} `));
    add(filler(9 << 20));
    const bytes = Buffer.from(parts.join(''), 'latin1');
    const whole = scanner.scan(origin, bytes);
    expect(whole.length).toBe(2 * (runEncodings.length + escapeEncodings.length) + 1);
    expect(inPieces(bytes, 100_003)).toEqual(whole);
  });

  it.each([
    ['shorter than what is waited for', 3 << 20],
    ['longer', 13 << 20],
  ])('a run that is %s', (_name, length) => {
    const text = (from: number): string =>
      `${robotomailKey(`run ${from}`)} is a key\n${filler(length / 7)}`;
    const inner = Array.from({ length: 5 }, (_, number) => text(number)).join('');
    const run = Buffer.from(inner).toString('base64');
    for (const before of [0, pieceBytes - 1_001, pieceBytes - (1 << 20)]) {
      const bytes = Buffer.from(`${filler(before)}\nrun="${run}"\n${filler(1 << 20)}`);
      const whole = scanner.scan(origin, bytes);
      expect(whole).toHaveLength(5);
      expect(inPieces(bytes, 1 << 20)).toEqual(whole);
    }
  });

  it('lines of a long run', () => {
    const inner = `${filler(4 << 20)}${robotomailKey('first')} x\n${filler(5 << 20)}${robotomailKey('second')}\n`;
    const lines =
      Buffer.from(inner)
        .toString('base64')
        .match(/.{1,76}/g) ?? [];
    const bytes = Buffer.from(`${filler(1 << 20)}\n${lines.join('\r\n')}\n${filler(1 << 10)}`);
    const whole = scanner.scan(origin, bytes);
    expect(whole).toHaveLength(2);
    expect(inPieces(bytes, 1 << 20)).toEqual(whole);
  });

  it('compressed text that is longer than a piece is told', () => {
    const noise = Array.from({ length: 500_000 }, (_, n) => Math.imul(n, 0x9e3779b1).toString(36));
    const run = gzipSync(noise.join('').repeat(4), { level: 0 }).toString('base64');
    const bytes = Buffer.from(`data: ${run}\n`);
    scanner.takeUnread();
    inPieces(bytes, 1 << 20);
    expect(bytes.length).toBeGreaterThan(2 * pieceBytes);
    expect(scanner.takeUnread()).toEqual([origin]);
  });
});
