/** Our reading of mappings against that of the library which debuggers and build tools use. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookUp, type Place } from '../../../src/core/source-map/mappings.ts';
import { readSourceMap } from '../../../src/core/source-map/source-map.ts';
import { makeTree } from '../../support/make-tree.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += digits[digit + (rest > 0 ? 32 : 0)] ?? '';
  } while (rest > 0);
  return text;
}

/** Segments of one number, four or five. */
function encode(lines: readonly (readonly (readonly number[])[])[]): string {
  let last = [0, 0, 0, 0, 0];
  return lines
    .map((segments) => {
      last = [0, ...last.slice(1)];
      return segments
        .map((segment) => {
          const text = segment.map((value, at) => vlq(value - (last[at] ?? 0))).join('');
          last = last.map((value, at) => segment[at] ?? value);
          return text;
        })
        .join(',');
    })
    .join(';');
}

function ours(mappings: string, places: readonly Place[]) {
  const bytes = Buffer.from(JSON.stringify({ mappings, sources: ['a', 'b', 'c'] }));
  const map = readSourceMap(bytes);
  return map?.mappings ? lookUp(bytes, map.mappings, places) : [];
}

function theirs(map: TraceMap, { line, column }: Place) {
  const found = originalPositionFor(map, { line: line + 1, column });
  if (found.source === null) return undefined;
  return {
    source: map.sources.indexOf(found.source),
    line: found.line - 1,
    column: found.column,
  };
}

describe('mappings', () => {
  it('are read as the library reads them', () => {
    const segment = fc
      .tuple(fc.nat(40), fc.nat(2), fc.nat(50), fc.nat(70_000), fc.integer({ min: 0, max: 2 }))
      .map(
        ([column, source, line, original, kind]) =>
          [[column], [column, source, line, original], [column, source, line, original, 0]][kind],
      );
    const line = fc.uniqueArray(segment, { selector: (one) => one?.[0] ?? 0, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const mappings = encode(lines.map((one) => one.map((it) => it ?? [])));
        const map = new TraceMap({ version: 3, sources: ['a', 'b', 'c'], names: ['n'], mappings });
        const places = Array.from({ length: 7 * 42 }, (_, at) => ({
          line: Math.floor(at / 42),
          column: at % 42,
        }));
        expect(ours(mappings, places)).toEqual(places.map((place) => theirs(map, place)));
      }),
      { numRuns: 60 },
    );
  });

  it('of a real bundler are read as the library reads them, at every place', () => {
    const folder = makeTree({
      'a.ts': 'export enum E { A = "x", B = "ü" }\nexport const f = (n: number) => n + 1;\n',
      'b.ts':
        'import { E, f } from "./a";\nclass C<T> { #x = 1; get(t: T) { return [this.#x, t, E.B]; } }\nconsole.log(f(2), new C().get("😀"));\n',
    });
    for (const minify of [true, false]) {
      const { outputFiles } = buildSync({
        absWorkingDir: folder,
        entryPoints: ['b.ts'],
        bundle: true,
        minify,
        sourcemap: 'external',
        outfile: 'out.js',
        write: false,
      });
      const text = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '';
      const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
      const bytes = Buffer.from(text);
      const map = readSourceMap(bytes);
      const places = code
        .split('\n')
        .flatMap((one, line) => Array.from(one, (_, column) => ({ line, column })));
      const found = map?.mappings ? lookUp(bytes, map.mappings, places) : [];
      const oracle = new TraceMap(text);
      expect(places.length).toBeGreaterThan(50);
      expect(found).toEqual(places.map((place) => theirs(oracle, place)));
    }
  });

  it.each([
    ['a digit that is none', 'AAAA,!!!!,IAAI'],
    ['a number without an end', 'AAAA,gggggggggggggggggggggggg'],
    ['a place before the start', 'AAAA,CADD'],
    ['a source that is not there', 'AAAA,CggggggB'],
    ['a cut segment', 'AAAA,CA'],
    ['more numbers than a segment has', 'AAAA,CAAAAAAAAA'],
  ])('with %s end there, and what came before counts', (_, mappings) => {
    const [first] = ours(mappings, [{ line: 0, column: 0 }]);
    expect(first).toEqual({ source: 0, line: 0, column: 0 });
    expect(() => ours(mappings, [{ line: 3, column: 2 ** 31 }])).not.toThrow();
  });

  it('of 20 MB on one line are read in a second or so, whatever number of places is asked for', () => {
    const mappings = `AAAA${',CAAC'.repeat(4_000_000)}`;
    const places = Array.from({ length: 10_000 }, (_, at) => ({ line: 0, column: at * 400 }));
    const start = process.cpuUsage();
    const found = ours(mappings, places);
    const { user } = process.cpuUsage(start);
    expect(found.at(-1)).toEqual({ source: 0, line: 0, column: 9_999 * 400 });
    expect(user / 1e6).toBeLessThan(6);
  });
});
