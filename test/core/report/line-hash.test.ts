/** GitHub's hash of lines, against values of GitHub's own program and against the definition in words. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineHasher } from '../../../src/core/report/line-hash.ts';

const many = Array.from({ length: 60 }, (_, index) => index + 1);

function hashesOf(text: string, lines: readonly number[] = many): Record<number, string> {
  const hasher = lineHasher(lines);
  hasher.push(text);
  return Object.fromEntries(hasher.end());
}

/** By definition: each line by itself, in big numbers, slowly. */
function defined(text: string): Record<number, string> {
  const lines = `${text.replace(/\r\n?/g, '\n')}\uffff`.split(/(?<=\n)/);
  const counts = new Map<string, number>();
  const units = lines.map((line) => line.replace(/[ \t]/g, ''));
  const hashes = units.map((_, index) => {
    const rest = units.slice(index).join('').slice(0, 100).padEnd(100, '\0');
    let value = 0n;
    for (let i = 0; i < 100; i += 1) value = value * 37n + BigInt(rest.charCodeAt(i));
    const hash = BigInt.asUintN(64, value).toString(16);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
    return `${hash}:${counts.get(hash)}`;
  });
  return Object.fromEntries(hashes.map((hash, index) => [index + 1, hash]));
}

describe('the hash of a line', () => {
  // Computed with codeql-action's own program, 2026-11-26.
  it.each([
    ['', ['c129715d7a2bc9a3:1']],
    ['hello', ['872468d6b4240487:1']],
    [
      'a\r\nb\rc\n',
      ['52668e89249e7477:1', '9ed7939040abc6c0:1', '3791504be0bd17cc:1', 'c129715d7a2bc9a3:1'],
    ],
    [
      'x = 1\n'.repeat(3),
      ['b06211268476d237:1', '87c133c3324ef59b:1', '8e00d41f0ebba6bf:1', 'c129715d7a2bc9a3:1'],
    ],
    // The second is one digit shorter.
    [
      `${'x'.repeat(250)}\n  y\n`,
      ['52b56201ffb58620:1', 'c33be7e0cf7c3ca:1', 'c129715d7a2bc9a3:1'],
    ],
  ])('of %j is what GitHub computes', (text, expected) => {
    expect(Object.values(hashesOf(text))).toEqual(expected);
  });

  it('counts equal ones', () => {
    const text = 'same text over and over\n'.repeat(20);
    const hashes = Object.values(hashesOf(text));
    expect(hashes[0]).toMatch(/:1$/);
    expect(hashes[1]).toBe(hashes[0]?.replace(/:1$/, ':2'));
    expect(hashes[9]).toBe(hashes[0]?.replace(/:1$/, ':10'));
  });

  it('stays when the line moves and is indented, and its surroundings do', () => {
    const after = 'z'.repeat(100);
    const before = hashesOf(`one\nkey = 1\n${after}\n`)[2];
    expect(hashesOf(`new\n\none\n\t  key =  1\r\n${after}\n`)[4]).toBe(before);
    expect(hashesOf(`one\nkey = 2\n${after}\n`)[2]).not.toBe(before);
  });

  it('is that of the definition, in whatever pieces the text comes', () => {
    const piece = fc.constantFrom(
      'a',
      'key=1',
      ' ',
      '\t',
      '\n',
      '\r',
      '\r\n',
      'é',
      '\u{1f600}',
      '\uffff',
      '\0',
    );
    const texts = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.nat(60), (text, cut) => {
        const hasher = lineHasher(many);
        hasher.push(text.slice(0, cut));
        hasher.push(text.slice(cut));
        const hashes = Object.fromEntries(hasher.end());
        expect(hashes).toEqual(defined(text));
      }),
    );
  });

  it('wants no more text once the lines are known', () => {
    const hasher = lineHasher([2]);
    expect(hasher.push(`one\ntwo\n${'x'.repeat(80)}`)).toBe(true);
    expect(hasher.push('y'.repeat(80))).toBe(false);
    expect(hasher.end().size).toBe(1);
  });

  it('has none for a line that the text does not have', () => {
    expect(hashesOf('a\nb', [1, 9])).toEqual({ 1: expect.any(String) });
  });
});
