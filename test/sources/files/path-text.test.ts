import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteText, bytesOf, pathText } from '../../../src/sources/files/path-text.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('pathText', () => {
  it.each([
    ['', ''],
    ['src/a.ts', 'src/a.ts'],
    ['a\nb', 'a\nb'],
    ['a\\b', 'a\\b'],
    ['caf\xc3\xa9', 'café'],
    ['\xf0\x9f\x94\x91', '🔑'],
    ['\xef\xbb\xbfa', '\ufeffa'],
    ['\xef\xbf\xbd', '\ufffd'],
    ['\xff', '\\xff'],
    ['a\xffb', 'a\\xffb'],
    ['caf\xe9', 'caf\\xe9'],
    ['\xc3\xa9\xff', 'é\\xff'],
    ['a\\b/\xff', 'a\\\\b/\\xff'],
    ['\\xff\xff', '\\\\xff\\xff'],
    ['\xe2\x82', '\\xe2\\x82'],
    ['\xe2\x82a', '\\xe2\\x82a'],
    ['\xf0\x9f\x94', '\\xf0\\x9f\\x94'],
    ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
    ['\xc0\xaf', '\\xc0\\xaf'],
    ['\xf4\x90\x80\x80', '\\xf4\\x90\\x80\\x80'],
    ['\x80\x0a', '\\x80\n'],
  ])('shows %j as %j', (bytes, shown) => {
    expect(pathText(latin1(bytes))).toBe(shown);
  });

  it('leaves all UTF-8 as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pathText(Buffer.from(text, 'utf8'))).toBe(text);
      }),
    );
  });

  it('shows different bytes that are not UTF-8 differently', () => {
    // The escape can be undone, so no two such paths look alike.
    const undo = (shown: string) =>
      byteText(shown).replace(/\\(\\|x[0-9a-f]{2})/g, (_, escape: string) =>
        escape === '\\' ? '\\' : String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
      );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const broken = Uint8Array.of(0x5c, 0xff, ...bytes);
        expect(undo(pathText(broken))).toBe(Buffer.from(broken).toString('latin1'));
      }),
    );
  });
});

describe('byteText', () => {
  it.each([
    ['plain', 'plain'],
    ['é', '\xc3\xa9'],
    ['🔑', '\xf0\x9f\x94\x91'],
  ])('writes %j as %j', (text, bytes) => {
    expect(byteText(text)).toBe(bytes);
    expect(bytesOf(bytes).toString('utf8')).toBe(text);
  });
});
