/** The literal search against the plainest search there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ahoCorasick } from '../../src/engine/aho-corasick.ts';
import { createHits, type FilterLiteral, type Hits } from '../../src/engine/filter.ts';

interface Found {
  readonly start: number;
  readonly literal: number;
}

function search(
  literals: readonly FilterLiteral[],
  bytes: Buffer,
  from = 0,
  to = bytes.length,
  hits: Hits = createHits(),
): Found[] {
  const found: Found[] = [];
  ahoCorasick({ literals, rulesOf: [] }).search(bytes, from, to, hits, () => {
    for (let i = 0; i < hits.count; i += 1) {
      found.push({ start: hits.starts[i] ?? -1, literal: hits.literals[i] ?? -1 });
    }
  });
  return found;
}

function naive(
  literals: readonly FilterLiteral[],
  bytes: Buffer,
  from: number,
  to: number,
): Found[] {
  const text = bytes.toString('latin1');
  return literals.flatMap(({ text: literal, ignoreCase }, index) => {
    const found: Found[] = [];
    for (let start = from; start < to && start + literal.length <= bytes.length; start += 1) {
      const there = text.slice(start, start + literal.length);
      if (ignoreCase ? lower(there) === lower(literal) : there === literal) {
        found.push({ start, literal: index });
      }
    }
    return found;
  });
}

/** ASCII only, as the search means it. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const sorted = (found: readonly Found[]): Found[] =>
  [...found].sort((a, b) => a.start - b.start || a.literal - b.literal);

const letters = fc.constantFrom('a', 'b', 'A', 'B', '_', '\u00e9', '\u0000', '@', '`');
const literal = fc.record({
  text: fc.string({ unit: letters, minLength: 1, maxLength: 5 }),
  ignoreCase: fc.boolean(),
});
const text = fc.string({ unit: letters, maxLength: 200 });

describe('ahoCorasick', () => {
  it('finds what a naive search finds, in any stretch', () => {
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 12 }),
        text,
        fc.nat(20),
        fc.nat(20),
        (literals, content, skipFront, skipBack) => {
          const bytes = Buffer.from(content, 'latin1');
          const from = Math.min(skipFront, bytes.length);
          const to = Math.max(from, bytes.length - skipBack);
          expect(sorted(search(literals, bytes, from, to))).toEqual(
            sorted(naive(literals, bytes, from, to)),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('loses nothing when its buffer of hits fills up again and again', () => {
    const literals = ['a', 'aa', 'aaa'].map((one) => ({ text: one, ignoreCase: false }));
    const bytes = Buffer.alloc(1_000, 'a');
    const small = { starts: new Int32Array(8), literals: new Int32Array(8), count: 0 };
    const found = search(literals, bytes, 0, bytes.length, small);
    expect(sorted(found)).toEqual(sorted(naive(literals, bytes, 0, bytes.length)));
  });

  it('tells hits in order of their starts', () => {
    const literals = ['abcd', 'bc', 'c'].map((one) => ({ text: one, ignoreCase: false }));
    const starts = search(literals, Buffer.from('xabcdx bc')).map(({ start }) => start);
    expect(starts).toEqual([1, 2, 3, 7, 8]);
  });

  it.each([
    [{ text: 'Key', ignoreCase: false }, 'key KEY Key', [8]],
    [{ text: 'Key', ignoreCase: true }, 'key KEY Key', [0, 4, 8]],
    // A folded byte is a letter, not just any byte with that bit: `@` is no backtick.
    [{ text: '@a', ignoreCase: true }, '`a @A', [3]],
  ])('%j in %j', (one, content, starts) => {
    expect(search([one], Buffer.from(content)).map(({ start }) => start)).toEqual(starts);
  });
});
