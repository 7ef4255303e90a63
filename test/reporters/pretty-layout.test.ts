import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columns,
  elideAround,
  elideEnd,
  elideMiddle,
  wrap,
} from '../../src/reporters/pretty-layout.ts';
import { age, number, size } from '../../src/reporters/words.ts';

describe('layout', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['日本', 4],
    ['😀', 2],
    ['e\u0301', 1],
    ['é', 1],
  ])('counts %j as %i columns', (text, width) => {
    expect(columns(text)).toBe(width);
  });

  it('keeps both ends of a path, more of the last', () => {
    expect(elideMiddle('src/one/two/three/four/settings.ts', 20, '…')).toBe('src/on…r/settings.ts');
    expect(elideMiddle('short.ts', 20, '…')).toBe('short.ts');
  });

  it('keeps the match of a long line in sight', () => {
    const line = `${'before '.repeat(20)}rm_1a2b…9f0e${' after'.repeat(20)}`;
    const shown = elideAround(line, 'rm_1a2b…9f0e', 40, '…');
    expect(shown).toContain('rm_1a2b…9f0e');
    expect(columns(shown)).toBeLessThanOrEqual(40);
  });

  it('does not break web addresses', () => {
    const address = `https://example.com/${'a/'.repeat(40)}`;
    expect(wrap(`Go to ${address}`, 30)).toEqual(['Go to', address]);
  });

  it('never exceeds the width and loses no word', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 100 }), (text, width) => {
        for (const line of wrap(text, width)) expect(columns(line)).toBeLessThanOrEqual(width);
        expect(wrap(text, width).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        expect(columns(elideEnd(text, width, '...'))).toBeLessThanOrEqual(width);
        expect(columns(elideMiddle(text, width, '...'))).toBeLessThanOrEqual(width);
        expect(columns(elideAround(text, text.slice(3, 6), width, '…'))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('words', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_999, '1.0 MB'],
    [88_000_000, '88.0 MB'],
    [3.2e12, '3.2 TB'],
    [5e15, '5000.0 TB'],
  ])('says %i bytes as %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });

  it.each([
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('groups %i as %s', (value, text) => {
    expect(number(value)).toBe(text);
  });

  it.each([
    ['2026-11-20T11:30:00Z', 'within the hour'],
    ['2026-11-20T10:30:00Z', '1 hour ago'],
    ['2026-11-17T12:00:00Z', '3 days ago'],
    ['2026-01-02T03:04:05Z', '10 months ago'],
    ['2020-11-01T00:00:00Z', '6 years ago'],
    ['2027-01-01T00:00:00Z', undefined],
    ['no date', undefined],
  ])('says of %s: %s', (date, text) => {
    expect(age(date, new Date('2026-11-20T12:00:00Z'))).toBe(text);
  });
});
