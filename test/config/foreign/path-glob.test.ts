/** Path patterns as globs: whatever is converted takes the same paths. */
import { describe, expect, it } from 'vitest';
import { pathGlob } from '../../../src/config/foreign/path-glob.ts';
import { openPatterns } from '../../../src/config/foreign/gitleaks-pattern.ts';
import { pathMatcher } from '../../../src/config/path-matcher.ts';

const paths = [
  'package-lock.json',
  'a/package-lock.json',
  'package-lock.json.bak',
  'docs/a.md',
  'docs.md',
  'src/docs/a.md',
  'mydocs/a.md',
  'test/fixtures/a/b.env',
  'vendor/x.go',
  'a/vendor/x.go',
  'a/myvendor/x.go',
  'a.lock',
  'a/b.lock',
  'b.lockx',
  'a[1].txt',
];

describe('pathGlob', () => {
  it.each([
    ['package-lock\\.json$', '**/*package-lock.json'],
    ['^docs/', 'docs/**'],
    ['docs/', '**/*docs/**'],
    ['(^|/)vendor/', '**/vendor/**'],
    ['(?:^|/)vendor/.*', '**/vendor/**'],
    ['\\.lock$', '**/*.lock'],
    ['.*\\.lock$', '**/*.lock'],
    ['^.*\\.lock$', undefined],
    ['^test/fixtures/.*', 'test/fixtures/**'],
    ['/fixtures/', '**/fixtures/**'],
    ['^docs\\.md$', './docs.md'],
    ['a\\[1\\]', '**/*a\\[1\\]*'],
    ['(?i)docs', undefined],
    ['a|b', undefined],
    ['a[0-9]', undefined],
    ['a+', undefined],
    ['', undefined],
  ])('%s is %s', (pattern, glob) => {
    expect(pathGlob(pattern)).toBe(glob);
    if (glob === undefined) return;
    const byPattern = paths.filter((path) => openPatterns().search(pattern).test(path));
    expect(paths.filter(pathMatcher([glob]))).toEqual(byPattern);
  });
});
