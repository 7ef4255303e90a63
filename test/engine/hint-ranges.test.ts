/** What changes in a text changes hints nowhere but in the ranges that are told. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCore, type Core } from '../../src/engine/core.ts';
import { findHints } from '../../src/engine/encoded-hints.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { text } from './support/hint-text.ts';

const core = openCore() as Core;
const changed = core.reserve(64);
const target = core.reserve(64);
const stage = core.reserve(1 << 20);
const reach = { ahead: 320, behind: 80 };

type Hints = (readonly [place: number, kind: number])[];

function hintsOf(bytes: Buffer): Hints {
  const found: Hints = [];
  findHints(bytes, 0, bytes.length, (place, kind) => found.push([place, kind]));
  return found;
}

/** The ranges of hints for a change of bytes [from, to), which are whole lines or so many bytes of a long one. */
function rangesOf(bytes: Buffer, from: number, to: number): [from: number, to: number][] {
  core.bytes().set(bytes, stage);
  core.words().set([from, to], changed >> 2);
  const { ahead, behind } = reach;
  const count = core.run.hintRanges(changed, 1, stage, bytes.length, ahead, behind, target);
  return Array.from({ length: count }, (_, at) => [
    core.words()[(target >> 2) + at * 2] as number,
    core.words()[(target >> 2) + at * 2 + 1] as number,
  ]);
}

const startOfLine = (bytes: Buffer, at: number): number =>
  at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;

function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end;
}

describe('ranges of hints', () => {
  it('hold every hint that a change makes or ends', () => {
    let moved = 0;
    let narrow = 0;
    fc.assert(
      fc.property(text, text, text, text, (before, old, fresh, behind) => {
        const base = hintsOf(Buffer.concat([before, old, behind]));
        const bytes = Buffer.concat([before, fresh, behind]);
        const from = startOfLine(bytes, before.length);
        const to = endOfLine(bytes, before.length + fresh.length);
        const ranges = rangesOf(bytes, from, to);
        const isSearched = (place: number): boolean =>
          ranges.some(([first, last]) => place >= first && place < last);
        const by = fresh.length - old.length;
        const kept = base
          .filter(([place]) => place < before.length || place >= before.length + old.length)
          .map(([place, kind]): [number, number] => [
            place < before.length ? place : place + by,
            kind,
          ])
          .filter(([place]) => !isSearched(place));
        expect(kept).toEqual(hintsOf(bytes).filter(([place]) => !isSearched(place)));
        moved += kept.length;
        narrow += Number(ranges.length === 1 && ranges[0]?.[0] === from && ranges[0][1] === to);
      }),
      propertyRuns(2_000),
    );
    expect(moved).toBeGreaterThan(100);
    // Most changes concern no other line.
    expect(narrow).toBeGreaterThan(200);
  });

  it.each([
    ['a line', 'one;\ntwo;\nthree;\n', [5, 9], [[5, 9]]],
    ['a line behind one that goes on', 'x;\na = "b" +\n"two";\nthree;\n', [13, 19], [[3, 19]]],
    ['a line behind blank ones', 'x;\na = "b" +\n  \n\n"two";\n', [17, 23], [[3, 23]]],
    ['an empty line', 'a = "b" +\n\n"two";\n', [10, 10], [[0, 10]]],
    ['a line before the rest of a byte', 'a=\n=3D;\n', [0, 2], [[0, 8]]],
    ['a piece of a long line', 'x'.repeat(1_000), [500, 600], [[180, 680]]],
  ] as const)('of %s', (_name, lines, [from, to], expected) => {
    expect(rangesOf(Buffer.from(lines), from, to)).toEqual(expected);
  });
});
