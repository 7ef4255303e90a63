import { describe, expect, it } from 'vitest';
import { readSourceMap } from '../../../src/core/source-map/source-map.ts';
import { traceBuilt, traceWithin } from '../../../src/core/source-map/trace.ts';
import { robotomailKey } from '../../support/sample.ts';

const key = robotomailKey('map');

function mapOf(value: unknown) {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return { bytes, map: readSourceMap(bytes) };
}

function trace(value: unknown, line: number, column: number, secret = key) {
  const { bytes, map } = mapOf(value);
  return map && traceBuilt(bytes, map, [{ place: { line, column }, secret }])[0];
}

describe('a key in a built file', () => {
  const content = `// a\n\nexport const a = '${key}';\n`;
  const map = {
    version: 3,
    sources: ['../src/a.ts'],
    sourcesContent: [content],
    // Column 0 is line 2 of the original, column 8 is line 1.
    mappings: 'AAEA,QADA',
  };

  it('is where the original holds it, near the mapped place', () => {
    expect(trace(map, 0, 7)).toMatchObject({
      source: '../src/a.ts',
      place: { line: 2, column: 18 },
      isSeen: true,
    });
  });

  it('is at the nearest of several places', () => {
    const many = `'${key}'\n'${key}'\n'${key}'\n`;
    const found = trace({ ...map, sourcesContent: [many] }, 0, 10);
    expect(found?.place).toEqual({ line: 1, column: 1 });
  });

  it('is looked for in the other originals where the mapped one lacks it', () => {
    const two = {
      ...map,
      sources: ['../src/a.ts', 'lib.js', '../src/keys.ts'],
      sourcesContent: ['a\nb\nuse(K)\n', `x = "${key}"`, `\n  K = "${key}"`],
      ignoreList: [1],
    };
    expect(trace(two, 0, 2)).toMatchObject({
      source: '../src/keys.ts',
      place: { line: 1, column: 7 },
      isSeen: true,
    });
    expect(trace({ ...two, ignoreList: [] }, 0, 2)?.source).toBe('lib.js');
  });

  it('is what it was put in for, where no original holds it', () => {
    const line = '  "quoted \\\\" + process.env.REACT_APP_KEY;';
    const found = trace({ ...map, sourcesContent: [`a\nb\n${line}\nc`] }, 0, 3);
    expect(found).toMatchObject({ place: { line: 2, column: 0 }, isSeen: false, line });
    const without = trace({ ...map, sourcesContent: undefined }, 0, 3);
    expect(without).toEqual({
      source: '../src/a.ts',
      sourceRoot: '',
      place: { line: 2, column: 0 },
      isSeen: false,
    });
  });

  it('is told by the section that its place is in', () => {
    const sections = [
      { offset: { line: 0, column: 0 }, map },
      { offset: { line: 0, column: 100 }, map: { ...map, sources: ['b.ts'], sourceRoot: '/r' } },
      { offset: { line: 5, column: 2 }, map: { ...map, sources: ['c.ts'] } },
    ];
    const at = (line: number, column: number) => trace({ version: 3, sections }, line, column);
    expect(at(0, 99)?.source).toBe('../src/a.ts');
    expect(at(0, 100)).toMatchObject({ source: 'b.ts', sourceRoot: '/r' });
    expect(at(5, 2)?.source).toBe('c.ts');
    expect(at(5, 1)?.source).toBe('../src/a.ts');
  });
});

describe('a key in a map itself', () => {
  it('is at its own place in the original, through the escapes', () => {
    const text = `\t"é😀\\"\r\n// \u2028 x\n  k = "${key}";`;
    const { bytes, map } = mapOf({
      mappings: '',
      sources: ['a', 'b'],
      sourcesContent: [null, text],
    });
    const [found] = map ? traceWithin(bytes, map, [bytes.indexOf(key)]) : [];
    expect(found).toMatchObject({ source: 'b', place: { line: 2, column: 7 } });
  });

  it('counts escaped characters as one, and line breaks written as numbers as breaks', () => {
    const json = `{"mappings":"","sources":["b"],"sourcesContent":["\\u00e9\\u000a\\ud83d\\ude00\\/${key}"]}`;
    const { bytes, map } = mapOf(json);
    const [found] = map ? traceWithin(bytes, map, [bytes.indexOf(key)]) : [];
    expect(found?.place).toEqual({ line: 1, column: 3 });
  });

  it('has no original where it stands outside of all', () => {
    const { bytes, map } = mapOf({
      mappings: '',
      file: key,
      sources: [key],
      sourcesContent: ['x'],
    });
    const offsets = [bytes.indexOf(key), bytes.lastIndexOf(key)];
    expect(map && traceWithin(bytes, map, offsets)).toEqual([undefined, undefined]);
  });
});

describe('what a hostile map is made of', () => {
  const deep = (open: string, close: string): string =>
    open.repeat(200_000) + close.repeat(200_000);

  it.each([
    ['nothing', ''],
    ['no object', '[1,2]'],
    ['numbers', { mappings: 5, sources: 7, sourcesContent: 'x', sourceRoot: {}, ignoreList: 3 }],
    ['lists for texts', { mappings: ['AAAA'], sources: [['a']], sourcesContent: [{ a: 1 }] }],
    [
      'names of the prototype',
      '{"__proto__":{"mappings":"AAAA"},"constructor":1,"mappings":"AAAA"}',
    ],
    ['cut', '{"mappings":"AAAA","sources":["a'],
    ['an open string', '{"mappings":"AAAA'],
    ['sections that are none', { sections: [5, null, { offset: 1, map: 2 }, {}] }],
    ['sections of sections', nested(50)],
    ['depth', `{"x":${deep('[', ']')},"mappings":"AAAA","sources":["a"]}`],
    ['depth without an end', `{"mappings":"AAAA","sources":${'['.repeat(500_000)}`],
    [
      'huge offsets',
      { sections: [{ offset: { line: 1e300, column: -5 }, map: { mappings: '' } }] },
    ],
    [
      'backslashes',
      `{"mappings":"${'\\\\'.repeat(300_000)}","sources":["${'\\"'.repeat(300_000)}"]}`,
    ],
  ])('%s: no more than a missing original', (_, value) => {
    const start = performance.now();
    expect(() => trace(value, 0, 5)).not.toThrow();
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('a million sources are read, and the key is found in the last', () => {
    const count = 400_000;
    const json = `{"mappings":"","sources":[${'"a",'.repeat(count)}"z"],"sourcesContent":[${'"",'.repeat(count)}"${key}"]}`;
    const found = trace(json, 0, 0);
    expect(found).toMatchObject({ source: 'z', place: { line: 0, column: 0 } });
  });

  it('a guard line and a mark of UTF-8 are passed over', () => {
    const json = JSON.stringify({ mappings: 'AAAA', sources: ['a'] });
    expect(trace(`\uFEFF)]}'\n${json}`, 0, 0)?.source).toBe('a');
  });
});

function nested(depth: number): unknown {
  const inner = { mappings: 'AAAA', sources: ['a'] };
  return Array.from({ length: depth }).reduce<unknown>(
    (map) => ({ sections: [{ offset: { line: 0, column: 0 }, map }] }),
    inner,
  );
}
