/** Rules without a literal: what the pattern finds in the whole text, both filters find. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmer } from '../../src/core/detect/confirm.ts';
import { filters as secretFilters } from '../../src/core/detect/filters/index.ts';
import type { CompiledRule } from '../../src/core/model/rule.ts';
import type { Copied } from '../../src/core/model/sink.ts';
import { compileRule } from '../../src/core/rules/compile.ts';
import { buildFilterTables } from '../../src/core/rules/filter-tables.ts';
import { openCore, type Core } from '../../src/engine/core.ts';
import {
  createFilter,
  createHits,
  literalFilter,
  type LiteralFilter,
} from '../../src/engine/filter.ts';
import { gramFilter, resident } from '../../src/engine/gram-filter.ts';
import { createScanner, type Scanner } from '../../src/engine/scanner.ts';
import { makeRule } from '../core/rules/make-rule.ts';
import { matchesOf } from './support/version-chain.ts';

const patterns = [
  '(?<![0-9a-f])([0-9a-f]{40})(?![0-9a-f])',
  '(?<![0-9a-z])([0-9a-z]{24,30})(?![0-9a-z])',
  '([0-9A-Z]{20}[0-9a-z]{0,6})(?![0-9A-Za-z])',
  '[0-9]{3,5}[^\\w-]([A-Za-z0-9_-]{27})',
  '([0-9a-f]{22})(?:Z|Y)',
  '(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{30}={0,2})(?![A-Za-z0-9+/=])',
  'x[^x]{0,3}([0-9]{20,})',
  '(?<![A-Za-z0-9])(?:[0-9a-f]{32}|(?:[a-f]{4}-?){6})(?![A-Za-z0-9])',
];
const rules = patterns.map((pattern, at) => compileRule(makeRule({ id: `run-${at}`, pattern })));
const literalRule = compileRule(makeRule());
const all = [...rules, literalRule];
const tables = tablesOf(all);
const filters = { WebAssembly: createFilter(all, tables), JavaScript: literalFilter(all) };

function tablesOf(some: readonly CompiledRule[]): Uint8Array {
  const built = buildFilterTables(some);
  if (!built) throw new Error('too many grams');
  return built;
}

interface Hit {
  readonly rule: number;
  readonly start: number;
}

function hitsOf(filter: LiteralFilter, bytes: Buffer, from = 0, to = bytes.length): Hit[] {
  const found: Hit[] = [];
  const hits = createHits();
  filter.search(bytes, from, to, hits, () => take(filter, hits, found));
  return found;
}

function take(filter: LiteralFilter, hits: ReturnType<typeof createHits>, found: Hit[]): void {
  for (let i = 0; i < hits.count; i += 1) {
    const rule = filter.anchors[hits.literals[i] ?? -1]?.rules[0] ?? -1;
    found.push({ rule, start: hits.starts[i] ?? -1 });
  }
}

const ofRuns = (hits: readonly Hit[]): Hit[] => hits.filter(({ rule }) => rule < rules.length);
const inOrder = (hits: readonly Hit[]): Hit[] =>
  [...hits].sort((a, b) => a.start - b.start || a.rule - b.rule);

/** `start..end` of every secret that is confirmed at one of the hits. */
function confirmed(hits: readonly Hit[], rule: CompiledRule, bytes: Buffer): Set<string> {
  const confirm = confirmer(rule);
  const spans = new Set<string>();
  for (const hit of hits) {
    const span = all[hit.rule] === rule ? confirm(bytes, hit.start, 1) : undefined;
    if (span) spans.add(`${span.secretStart}..${span.secretEnd}`);
  }
  return spans;
}

/** Secrets, not matches: one that overlaps the match before it starts later here than on its own. */
function byPattern(rule: CompiledRule, bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  return [...text.matchAll(new RegExp(rule.source, 'dgm'))].flatMap(({ indices }) => {
    const span = indices?.[rule.secretGroup];
    return span ? [`${span[0]}..${span[1]}`] : [];
  });
}

const of = (characters: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
const piece = fc.oneof(
  of('0123456789abcdef', 18, 45),
  of('abcdef', 20, 30),
  of('0123456789', 1, 26),
  of('0123456789ABCDEFXYZ', 18, 30),
  of('0123456789abcdefghijnrtxyz', 18, 36),
  of('ABab01+/', 28, 34),
  of('ABab01_-', 26, 28),
  fc.constantFrom('0123456789abcdef', 'Z', 'Y', '=', '==', '-', '|', ':', ' ', '\n', '"', 'x', '.'),
  fc.constantFrom('\\n', '\\t', '\\', 'é', '\u0000', 'n', '/', '_', 'acme_'),
);
const text = fc
  .array(piece, { maxLength: 14 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

describe.each(Object.entries(filters))('the filter in %s', (_name, filter) => {
  it('loses no match of a pattern', () => {
    let matches = 0;
    fc.assert(
      fc.property(text, (bytes) => {
        const hits = hitsOf(filter, bytes);
        for (const rule of rules) {
          const expected = byPattern(rule, bytes);
          matches += expected.length;
          expect([...confirmed(hits, rule, bytes)]).toEqual(expect.arrayContaining(expected));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(matches).toBeGreaterThan(1_000);
  });

  it('finds in two parts what it finds in one, wherever they meet', () => {
    fc.assert(
      fc.property(text, fc.nat(400), (bytes, place) => {
        const middle = Math.min(place, bytes.length);
        const hits = [...hitsOf(filter, bytes, 0, middle), ...hitsOf(filter, bytes, middle)];
        for (const rule of rules) {
          const expected = byPattern(rule, bytes);
          expect([...confirmed(hits, rule, bytes)]).toEqual(expect.arrayContaining(expected));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['a', '0a', '0', '0aZ+'])('goes through a megabyte of %j in one go', (unit) => {
    const bytes = Buffer.from(unit.repeat((1 << 20) / unit.length));
    const started = performance.now();
    const hits = hitsOf(filter, bytes);
    expect(hits.length).toBeLessThan(all.length * (bytes.length / 10));
    // Quadratic would be minutes.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('reports a letter that may be the end of an escape, and what follows it', () => {
    const secret = '0123456789abcdef'.repeat(2);
    const bytes = Buffer.from(`"first\\n${secret.slice(0, 24)}\\n"`);
    const starts = hitsOf(filter, bytes).filter(({ rule }) => rule === 1);
    expect(starts.map(({ start }) => start)).toEqual([7, 8]);
  });
});

it('both filters report the same places, in order', () => {
  fc.assert(
    fc.property(text, fc.nat(100), fc.nat(100), (bytes, front, back) => {
      const from = Math.min(front, bytes.length);
      const to = Math.max(from, bytes.length - back);
      const [fast, slow] = [filters.WebAssembly, filters.JavaScript].map((filter) =>
        ofRuns(hitsOf(filter, bytes, from, to)),
      );
      expect(fast?.map(({ start }) => start)).toEqual(
        inOrder(fast ?? []).map(({ start }) => start),
      );
      expect(inOrder(fast ?? [])).toEqual(inOrder(slow ?? []));
      expect(fast?.every(({ start }) => start >= from && start < to)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

it('more hits than there is room for come all, in order', () => {
  const bytes = Buffer.from('0123456789abcdef'.repeat(40_000));
  const [fast, slow] = [filters.WebAssembly, filters.JavaScript].map((filter) =>
    ofRuns(hitsOf(filter, bytes)),
  );
  expect(fast?.length).toBeGreaterThan(20_000);
  expect(inOrder(fast ?? [])).toEqual(inOrder(slow ?? []));
  expect(fast?.every(({ start }, at) => at === 0 || start >= (fast[at - 1]?.start ?? 0))).toBe(
    true,
  );
});

describe('in ranges', () => {
  const core = openCore() as Core;
  const filter = gramFilter(all, tables, core);
  const ranges = core.reserve(64);

  it('finds what starts in them, as a search of each', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(500), { maxLength: 8 }), (content, cuts) => {
        const at = resident(content, core);
        const bytes = core.bytes().subarray(at, at + content.length);
        const ends = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort(
          (a, b) => a - b,
        );
        const count = ends.length >> 1;
        core.words().set(ends.slice(0, count * 2), ranges >> 2);
        const found: Hit[] = [];
        const hits = createHits();
        filter.searchRanges(bytes, ranges, count, hits, () => take(filter, hits, found));
        const expected = Array.from({ length: count }, (_, i) =>
          hitsOf(filters.JavaScript, content, ends[i * 2], ends[i * 2 + 1]),
        ).flat();
        expect(inOrder(ofRuns(found))).toEqual(inOrder(ofRuns(expected)));
      }),
      { numRuns: 2_000 },
    );
  });
});

function scannerOf(set: readonly string[]): Scanner {
  const skipFilters = secretFilters.map(({ name }) => name);
  const own = set.map((pattern, at) =>
    compileRule(makeRule({ id: `run-${at}`, pattern, skipFilters })),
  );
  return createScanner(own, tablesOf(own));
}

describe('a version of a document', () => {
  const core = openCore() as Core;
  const sets = {
    'of one line': [...patterns, '(?<![0-9a-f])([0-9a-f]{300,330})(?![0-9a-f])'],
    // Their places are remembered.
    'of more lines': ['([0-9A-F]{280})(?:Z|\\n{2})', '(?<![0-9a-f])([0-9a-f]{300,330}\\n?)'],
  };
  const origin = { kind: 'blob', oid: 'version' } as const;
  const segments = core.reserve(64);
  const [hex, HEX] = ['0123456789abcdef', '0123456789ABCDEF'].map((unit) => unit.repeat(20));
  const longPiece = fc.tuple(
    fc.constantFrom(hex ?? '', HEX ?? ''),
    fc.integer({ min: 100, max: 320 }),
  );
  const content = fc
    .array(
      fc.oneof(
        piece,
        longPiece.map(([all16, length]) => all16.slice(0, length)),
      ),
      {
        minLength: 1,
        maxLength: 10,
      },
    )
    .map((pieces) => pieces.join(''));

  function version(scanner: Scanner, text: string, copied?: Copied) {
    const bytes = Buffer.from(text, 'latin1');
    const at = resident(bytes, core);
    const there = core.bytes().subarray(at, at + bytes.length);
    return scanner.version({ bytes: there, origin: () => origin, isSilent: false, copied });
  }

  it.each(Object.entries(sets))('has the findings of the whole (matches %s)', (_name, set) => {
    const scanner = scannerOf(set);
    let findings = 0;
    const change = fc.tuple(fc.nat(2_000), fc.nat(8), fc.oneof(piece, fc.constant('')));
    fc.assert(
      fc.property(content, change, (before, [place, removed, added]) => {
        const from = Math.min(place, before.length);
        const to = Math.min(before.length, from + removed);
        const after = before.slice(0, from) + added + before.slice(to);
        const rest = from + added.length;
        const { remembered } = version(scanner, before);
        const copies = [
          [0, 0, from],
          [rest, to, before.length - to],
        ].filter(([, , length]) => length !== 0);
        core.words().set(copies.flat(), segments >> 2);
        const copied = {
          from: remembered,
          length: before.length,
          segments,
          segmentCount: copies.length,
        };
        const matches = matchesOf(version(scanner, after, copied), origin.oid);
        const whole = scanner.scan(origin, Buffer.from(after, 'latin1'));
        findings += whole.length;
        expect(matches).toEqual(whole);
      }),
      { numRuns: 3_000 },
    );
    expect(findings).toBeGreaterThan(300);
  });
});

it('a document in pieces has the findings of the whole', () => {
  const [rule] = rules;
  if (!rule) throw new Error('no rule');
  const scanner = createScanner([rule], tablesOf([rule]));
  const origin = { kind: 'file', path: 'a' } as const;
  const filler = 'filler filler filler filler\n'.repeat(((8 << 20) - 60_000) / 28);
  const secrets = Array.from({ length: 1_500 }, (_, i) =>
    Buffer.from(`${i}`.padStart(20, '9ab3e5c71d2840f6')).toString('hex').slice(0, 40),
  );
  const bytes = Buffer.from(`${filler}${secrets.join('\n')}\n`);
  const stream = scanner.open(origin);
  const found = [];
  for (let at = 0; at < bytes.length; at += 100_003) {
    found.push(...stream.push(Buffer.from(bytes.subarray(at, at + 100_003))));
  }
  found.push(...stream.end());
  const whole = scanner.scan(origin, bytes);
  expect(whole.length).toBeGreaterThan(1_000);
  expect(found).toEqual(whole);
});
