/** Globs as people write them. */
import { describe, expect, it } from 'vitest';
import { pathMatcher } from '../../src/config/path-matcher.ts';

const paths = [
  'a.ts',
  'src/a.ts',
  'src/deep/b.ts',
  'test/a.test.ts',
  '.env',
  'src/.env.local',
  'dist/x/y.js',
];

describe('pathMatcher', () => {
  it.each([
    [['a.ts'], ['a.ts', 'src/a.ts']],
    [['*.ts'], ['a.ts', 'src/a.ts', 'src/deep/b.ts', 'test/a.test.ts']],
    [['/a.ts'], ['a.ts', 'src/a.ts']],
    [['src'], ['src/a.ts', 'src/deep/b.ts', 'src/.env.local']],
    [['src/'], ['src/a.ts', 'src/deep/b.ts', 'src/.env.local']],
    [['./src/'], ['src/a.ts', 'src/deep/b.ts', 'src/.env.local']],
    [['src/*'], ['src/a.ts', 'src/deep/b.ts', 'src/.env.local']],
    [['src/**/*.ts'], ['src/a.ts', 'src/deep/b.ts']],
    [['deep'], ['src/deep/b.ts']],
    [['src/deep/b.ts'], ['src/deep/b.ts']],
    [['.env*'], ['.env', 'src/.env.local']],
    [['**/*.{js,test.ts}'], ['test/a.test.ts', 'dist/x/y.js']],
    [['src', '!*.ts'], ['src/.env.local']],
    [
      ['!src', '!test', '!dist'],
      ['a.ts', '.env'],
    ],
    [
      ['b.ts', 'y.js'],
      ['src/deep/b.ts', 'dist/x/y.js'],
    ],
    [['nothing'], []],
  ])('%j', (globs, expected) => {
    expect(paths.filter(pathMatcher(globs))).toEqual(expected);
  });

  it('takes names as they are where they hold no glob', () => {
    expect(pathMatcher(['a b/c+d.ts'])('a b/c+d.ts')).toBe(true);
    expect(pathMatcher(['c.ts'])('cxts')).toBe(false);
  });
});
