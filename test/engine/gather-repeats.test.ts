/** Matches that are told again come back as they stand there. */
import { expect, it } from 'vitest';
import type { Match } from '../../src/core/model/match.ts';
import { allMatches, repeatsOf } from '../../src/core/model/repeats.ts';
import { gatherRepeats } from '../../src/engine/gather-repeats.ts';

function match(rule: string, lines: number): Match {
  return {
    rule,
    secret: 'made up',
    origin: { kind: 'blob', oid: 'first' },
    start: { line: 7, column: 11, byte: 100 },
    end: { line: 7 + lines, column: lines === 0 ? 18 : 4, byte: 107 },
    entropy: 3,
    hasContext: false,
    line: 'a line',
    decoded: [],
  };
}

const [one, long] = [match('one', 0), match('long', 3)] as const;

it('each with its own place', () => {
  const gathered = gatherRepeats();
  const numberOf = (of: Match): number => [one, long].indexOf(of);
  gathered.add('second', { matches: [one, long], starts: [8, 2, 120, 9, 1, 140] }, numberOf);
  gathered.add('third', { matches: [long], starts: [1, 1, 0] }, numberOf);
  const repeats = gathered.close();
  if (!repeats) throw new Error('there are some');
  const found = { matches: [one, long], repeats };
  const made = Array.from(repeatsOf(found), ({ make }) => make());
  expect(made.map(({ rule, origin, start, end }) => [rule, origin, start, end])).toEqual([
    [
      'one',
      { kind: 'blob', oid: 'second' },
      { line: 8, column: 2, byte: 120 },
      { line: 8, column: 9, byte: 127 },
    ],
    [
      'long',
      { kind: 'blob', oid: 'second' },
      { line: 9, column: 1, byte: 140 },
      { line: 12, column: 4, byte: 147 },
    ],
    [
      'long',
      { kind: 'blob', oid: 'third' },
      { line: 1, column: 1, byte: 0 },
      { line: 4, column: 4, byte: 7 },
    ],
  ]);
  expect(allMatches(found)).toEqual([one, long, ...made]);
});

it('any number of them', () => {
  const gathered = gatherRepeats();
  for (let n = 0; n < 2_000; n += 1) {
    gathered.add(`${n}`, { matches: [one], starts: [n, 1, n * 2] }, () => 0);
  }
  const repeats = gathered.close();
  const found = { matches: [one], ...(repeats ? { repeats } : {}) };
  const starts = Array.from(repeatsOf(found), ({ oid, make }) => [oid, make().start.byte]);
  expect(starts).toEqual(Array.from({ length: 2_000 }, (_, n) => [`${n}`, n * 2]));
});

it('or none', () => {
  const gathered = gatherRepeats();
  gathered.add('second', { matches: [], starts: [] }, () => 0);
  expect(gathered.close()).toBeUndefined();
  expect(allMatches({ matches: [one] })).toEqual([one]);
});
