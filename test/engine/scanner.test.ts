/** However a document comes, whole, in pieces, in UTF-16: the same findings at the same places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from '../../src/core/model/match.ts';
import { seededRandom, type Random } from '../../src/core/rules/random.ts';
import { fillExample } from '../../src/core/rules/sample.ts';
import { createScanner } from '../../src/engine/scanner.ts';
import { robotomailKey } from '../cli/samples.ts';
import { builtInRules, builtInRuleSet } from '../support/rules.ts';

const origin = { kind: 'file', path: 'a' } as const;
const scanner = createScanner(builtInRuleSet.rules);

function inPieces(bytes: Buffer, size: () => number, scan = scanner): Match[] {
  const stream = scan.open(origin);
  const found: Match[] = [];
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + size());
    found.push(...stream.push(Buffer.from(piece)));
    at += piece.length;
  }
  return [...found, ...stream.end()];
}

const order = (matches: readonly Match[]): Match[] =>
  [...matches].sort((a, b) => a.start.byte - b.start.byte || (a.rule < b.rule ? -1 : 1));

const examples = builtInRules.flatMap((rule) =>
  rule.examples.match.map((text) => ({ rule, text })),
);

/** Lines of all kinds, and now and then an example of some rule. */
function makeText(random: Random, bytes: number, every: number): string {
  const lines: string[] = [];
  for (let length = 0; length < bytes;) {
    const example = random(every) === 0 ? examples[random(examples.length)] : undefined;
    const line = example
      ? fillExample(example.text, example.rule, String(random(1_000_000)))
      : 'let é = "plain text"; '.repeat(random(6));
    lines.push(line);
    length += line.length + 1;
  }
  return lines.join('\n');
}

describe('a document in pieces', () => {
  it('of any size gives what the whole gives', () => {
    const size = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(1_000_000), size, (seed, sizes) => {
        const bytes = Buffer.from(makeText(seededRandom(`small ${seed}`), 3_000, 4));
        let turn = 0;
        const pieces = inPieces(bytes, () => sizes[turn++ % sizes.length] ?? 1);
        expect(pieces).toEqual(scanner.scan(origin, bytes));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each([1, 2, 3])(
    'of more than one search gives what the whole gives (%i)',
    (seed) => {
      const random = seededRandom(`large ${seed}`);
      const bytes = Buffer.from(makeText(random, 18 << 20, 60));
      const whole = scanner.scan(origin, bytes);
      expect(whole.length).toBeGreaterThan(2_000);
      const pieces = inPieces(bytes, () => 1 + random(3 << 20));
      expect(order(pieces)).toEqual(order(whole));
    },
    60_000,
  );

  it('keeps secrets that lie close around the edge of a search', () => {
    // Dense, so that some lie before, across and behind whatever the edge is.
    const rule = builtInRules.find(({ id }) => id === 'robotomail-api-key');
    if (!rule) throw new Error('no such rule');
    const own = createScanner(builtInRuleSet.rules.filter(({ id }) => id.startsWith('robotomail')));
    const filler = 'filler filler filler filler\n'.repeat(((8 << 20) - 60_000) / 28);
    const dense = Array.from({ length: 2_000 }, (_, i) => fillExample('{{secret}}', rule, `${i}`));
    const bytes = Buffer.from(`${filler}${dense.join('\n')}\n`);
    const pieces = inPieces(bytes, () => 100_003, own);
    expect(pieces).toHaveLength(2_000);
    expect(pieces).toEqual(own.scan(origin, bytes));
  });

  it('joins the halves of a pair that an edge parts', () => {
    const pair = builtInRules.find(({ requires }) => requires.length > 0);
    const needed = builtInRules.find(({ id }) => id === pair?.requires[0]?.rule);
    if (!pair || !needed) throw new Error('no rule requires another');
    const own = createScanner(
      builtInRuleSet.rules.filter(({ id }) => id === pair.id || id === needed.id),
    );
    const [example = ''] = pair.examples.match;
    const text = fillExample(example, pair, 'pair');
    const filler = 'filler filler filler filler\n'.repeat(Math.floor((8 << 20) / 28) - 1_000);
    for (let shift = 0; shift < 30_000; shift += 3_001) {
      const bytes = Buffer.from(`${filler}${'x'.repeat(shift)}\n${text}\n${'x'.repeat(40_000)}\n`);
      expect(inPieces(bytes, () => 65_536, own)).toEqual(own.scan(origin, bytes));
    }
  });
});

describe('UTF-16', () => {
  it.each([
    ['utf-16le', true],
    ['utf-16le', false],
    ['utf-16be', true],
    ['utf-16be', false],
  ] as const)(
    '%s (with a mark: %s) has the findings of the same text in UTF-8',
    (kind, hasMark) => {
      fc.assert(
        fc.property(fc.nat(1_000_000), (seed) => {
          // ASCII: byte offsets are then twice those of UTF-8.
          const text =
            `plain text first\n${makeText(seededRandom(`utf ${seed}`), 2_000, 3)}`.replaceAll(
              'é',
              'e',
            );
          const wide = Buffer.from(text, 'utf16le');
          if (kind === 'utf-16be') wide.swap16();
          const mark = Buffer.from(kind === 'utf-16le' ? [0xff, 0xfe] : [0xfe, 0xff]);
          const bytes = hasMark ? Buffer.concat([mark, wide]) : wide;
          const expected = scanner.scan(origin, Buffer.from(text));
          const skipped = hasMark ? 2 : 0;
          const found = scanner.scan(origin, bytes);
          expect(found).toEqual(
            expected.map((match) => ({
              ...match,
              decoded: [kind, ...(match.decoded ?? [])],
              start: { ...match.start, byte: match.start.byte * 2 + skipped },
              end: { ...match.end, byte: match.end.byte * 2 + skipped },
            })),
          );
          expect(inPieces(bytes, () => 333)).toEqual(found);
        }),
        { numRuns: 20, examples: [[117_310]] },
      );
    },
  );
});

describe('places', () => {
  const key = robotomailKey('place');

  it.each([
    ['at the very start', '', '', { line: 1, column: 1, byte: 0 }],
    ['behind a mark of UTF-8, which is no column', '\ufeff', '', { line: 1, column: 1, byte: 3 }],
    ['behind characters of several bytes', 'é€😀 ', '', { line: 1, column: 6, byte: 10 }],
    ['behind line breaks of both kinds', 'a\nb\r\n\n  ', '', { line: 4, column: 3, byte: 8 }],
  ])('%s', (_name, before, after, start) => {
    const found = scanner.scan(origin, Buffer.from(before + key + after));
    expect(found).toMatchObject([{ rule: 'robotomail-api-key', start }]);
    expect(found[0]?.end.byte).toBe(start.byte + key.length);
    expect(found[0]?.end.column).toBe(start.column + key.length);
  });

  it('a document without bytes has none', () => {
    expect(scanner.scan(origin, Buffer.alloc(0))).toEqual([]);
    expect(inPieces(Buffer.alloc(0), () => 1)).toEqual([]);
  });
});
