import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIgnored, parseIgnore, type IgnoreLevel } from '../../../src/sources/files/gitignore.ts';
import { byteText } from '../../../src/sources/files/path-text.ts';
import { git, makeTree } from '../../support/make-tree.ts';

/** The paths (byte strings, none exists as a folder) that one .gitignore at the top leaves out. */
function ours(text: string, paths: readonly string[]): readonly string[] {
  const level = { rules: parseIgnore(text), baseLength: 0, outer: undefined };
  return paths.filter((path) => {
    const names = path.split('/');
    return names.some((_, i) => {
      const isFolder = i < names.length - 1;
      return isIgnored(level, names.slice(0, i + 1).join('/'), isFolder);
    });
  });
}

/** The same by git; `repo` is reused, only its .gitignore is written anew. */
function gits(repo: string, text: string, paths: readonly string[]): readonly string[] {
  writeFileSync(join(repo, '.gitignore'), text, 'latin1');
  const args = ['check-ignore', '--no-index', '-v', '-n', '--stdin', '-z'];
  let fields: readonly string[];
  try {
    fields = git(repo, args, paths.map((path) => `${path}\0`).join('')).split('\0');
  } catch (error) {
    // Status 1 is its way to say that nothing matched.
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  }
  return paths.filter((path, i) => {
    const [line = '', pattern = '', asked = ''] = fields.slice(i * 4 + 1, i * 4 + 4);
    if (asked !== path) throw new Error(`git answered for ${asked}, not ${path}`);
    return line !== '' && !pattern.startsWith('!');
  });
}

function emptyRepository(): string {
  const repo = makeTree();
  git(repo, ['init', '-q']);
  return repo;
}

const paths = [
  'foo', 'bar', 'foo/bar', 'foo/x/bar', 'foo/x/y/bar', 'x/foo', 'x/foo/bar', 'x/y/foo/bar', 'foobar',
  'fooxbar', 'foox/bar', 'foox/y/bar', 'a', 'b', 'ab', 'a b', 'a ', 'a  ', ' a', '#a', '!a', '\\a', 'a\\',
  'a*b', 'a?b', 'a[b', 'a]b', '[a]', ']', '[', '-', '^', 'a-b', 'A', 'B', 'z', '5', '_', 'é', 'aéb', 'aàb',
  '\xff', 'a\xffb', 'a.log', '.log', 'log', 'x/a.log', 'a.log.b', 'a\nb', 'a\tb', 'a\r', 'a\r\r', 'a/b/c',
  'a/b', 'a/x/b', 'a/x/y/b', 'a/b/c/d', 'x/a/b', 'debug1.log', 'debuga.log', 'dir/a/x', 'build/out.o', 'src/build/out.o',
  '*', '**', 'a/*', '...', '.a', 'abc/def/ghi', 'aXc', 'aaa', 'aab', 'aaab/b', 'x:a', '~', 'a\x7fb', 'a\x01b', 'a\x0bb',
].map(byteLike); // prettier-ignore

/** Text as bytes, but what is already meant as a single byte stays one. */
function byteLike(path: string): string {
  return /[\xff\x7f]/.test(path) ? path : byteText(path);
}

const files = [
  // comments, empty lines, escapes
  '', '\n\n', '#a', '\\#a', '!a', '\\!a', 'a\n!a', '!a\na', '# a\n \n\t\na', ' a', 'a', 'a\\', '\\a', '\\\\a', 'a\\\\',
  // blanks at the end, line ends, byte order mark, NUL
  'a ', 'a  ', 'a\\ ', 'a\\  ', 'a\\ \\ ', 'a\\\\ ', 'a\t', 'a\r\n', 'a\r\r\n', 'a \r\n', 'a\\ \r\n', '\r\n', 'a\r', '   ',
  '\xef\xbb\xbfa', '\xef\xbb\xbf#a\nb', 'b\n\xef\xbb\xbfa', 'a\0b\nb', '\xef\xbb\xbf', 'foo\nbar',
  // anchors and folders only
  '/', '//', '!', '!/', 'foo/', '/foo', '/foo/', 'foo/bar', '/foo/bar', 'foo/bar/', 'x/foo/', '//foo', 'foo//bar', 'foo//', '!!a',
  'foo/*', 'foo/*\n!foo/bar', 'foo/\n!foo/bar', 'foo\n!foo/', '*\n!foo', '*\n!foo/', '/*\n!/foo\n!/x\n/x/*\n!/x/foo', '*/', '/*/',
  // stars
  '*', '**', '***', '/*', '/**', '*/*', '*a', 'a*', '*.log', '*.log\n!a.log', 'a*b', 'a**b', 'a*b*', '*/foo', '**/foo', '**/foo/bar', 'foo/**', 'foo/**/',
  'foo/**/bar', 'a/**/b', 'a/**/**/b', '**/**/b', '/**/b', '**/', '**/b/**', 'foo**/bar', 'foo**bar', 'x**/foo', 'a**/b', '/foo**/bar', 'fo?**/bar',
  'a/***/b', 'a/**x', '**x/b', 'a/x**', '*/**/b', '**/*/b', 'a/*/**', 'foo/*/bar', '*/x/*', '**\\/b', 'a\\/b', '\\/a', 'a/**\\/b', 'a\\/', '*o*/*r',
  // single characters and brackets
  '?', '??', 'a?b', 'a??b', 'a???b', 'a/?', '?/b', 'a[b', '[a]', '[!a]', '[^a]', '[ab]', '[a-c]', '[c-a]', '[a-]', '[-a]', '[]]', '[!]]', '[]a]', '[]-a]', '[]-_]',
  '[[]', '[\\]]', '[\\a]', '[a\\-c]', '[a-\\c]', '[\\a-c]', '[', '[]', '[!]', '[a', '[a\\', '[a-', 'a[!b]b', 'a[/]b', 'a[!x]b', 'a[^x]x/b', 'a[.-0]b', 'a[!a-z]*b',
  '[[:alpha:]]', '[![:alpha:]]', '[[:foo:]]', '[[:alpha]', '[[:]', '[[::]]', '[[:alpha:', '[[:', '[[:alpha:]', '[[:upper:]a]', '[[:digit:]-a]', '[[:alpha:]-z]', '[a[:digit:]]', '[a-[:digit:]]',
  '[[:constructor:]]', 'debug[0-9].log', 'debug[!0-9].log', 'aXc', 'a[A-Z]c', '\\*', 'a\\*b', 'a\\?b', '\\[a]', 'a\xc3\xa9b', 'a[\xc3][\xa9]b', 'a[\xc3\xa9]b', 'a[\x80-\xff]b',
  '\xff', 'a\xffb', '*a*a*b', 'build\n!src/build', 'a/b/**\n!a/b/c', 'x:a', '~',
]; // prettier-ignore

describe('the same answer as git', () => {
  it.each(files)('for %j', (text) => {
    const repo = emptyRepository();
    expect(ours(text, paths)).toEqual(gits(repo, text, paths));
  });

  it.each([
    'alnum', 'alpha', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'xdigit',
  ])('for every byte and [[:%s:]]', (name) => {
    const every = Array.from({ length: 255 }, (_, i) => `x${String.fromCharCode(i + 1)}y`);
    const bytes = every.filter((path) => path !== 'x/y');
    const repo = emptyRepository();
    const expected = gits(repo, `x[[:${name}:]]y`, bytes);
    expect(expected.length).toBeGreaterThan(0);
    expect(ours(`x[[:${name}:]]y`, bytes)).toEqual(expected);
  }); // prettier-ignore

  it('for generated patterns and paths', () => {
    const repo = emptyRepository();
    const piece = fc.constantFrom(
      'a', 'a', 'b', 'b', 'c', '/', '/', '/', '*', '*', '**', '**/', '/**/', '/**', '?', '[ab]', '[!a]', '[^b-c]', '[a-b]', '[', ']', '\\', '!', '#',
      ' ', '\\ ', '-', '.', '[[:alpha:]]', '[[:', ':]', '\xe9', '\r', '[]', '\t',
    ); // prettier-ignore
    const line = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
    const file = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    const char = fc.constantFrom(
      'a',
      'a',
      'b',
      'b',
      'c',
      '-',
      '\\',
      ' ',
      '[',
      ']',
      '!',
      '\xe9',
      '#',
    );
    const name = fc.array(char, { minLength: 1, maxLength: 3 }).map((chars) => chars.join(''));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    const asked = fc.uniqueArray(path, { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(file, asked, (text, asked) => {
        expect(ours(text, asked)).toEqual(gits(repo, text, asked));
      }),
      { numRuns: Number(process.env['FUZZ'] ?? 120) },
    );
  });
});

describe('hostile ignore files', () => {
  const name = 'a'.repeat(255);
  const deep = `${'a/'.repeat(2000)}c`;
  const long = `${`${name}/`.repeat(15)}c`;

  it.each([
    ['stars in a name', 'a*a*a*a*a*a*a*a*a*a*a*a*b', name],
    ['very many stars', `${'a*'.repeat(100_000)}b`, name],
    ['stars first', `${'*a'.repeat(100)}*b`, name],
    ['brackets', `${'*[!b]'.repeat(100)}b`, name],
    ['stars in folders', `${'**/a*'.repeat(100)}/b`, deep],
    ['double stars', `${'**/a/'.repeat(100)}b`, deep],
    ['stars and double stars', `${'**/*a*a*a/'.repeat(20)}b`, long],
    ['stars below a double star', `/**/*${'a*'.repeat(50)}/b`, long],
    ['very many double stars', `${'**/'.repeat(100_000)}b`, deep],
    ['many slow patterns', `${'**/a*'.repeat(50)}/b\n`.repeat(3_000), deep],
    ['open brackets', '['.repeat(500_000), name],
    ['openings of classes', `${'[:'.repeat(300_000)}]`, name],
    ['openings of brackets and classes', '[[:'.repeat(300_000), name],
    ['backslashes', '\\'.repeat(500_000), name],
    ['blanks', `${' '.repeat(500_000)}x${' '.repeat(500_000)}`, name],
    ['marks', '!'.repeat(500_000), name],
    ['lines', 'b*\n'.repeat(300_000), name],
  ])('take no time: %s', (_, text, path) => {
    const level = { rules: parseIgnore(text), baseLength: 0, outer: undefined };
    const before = performance.now();
    for (let i = 0; i < 10; i++) expect(isIgnored(level, path, false)).toBe(false);
    // The budget is about a millisecond a path; the rest is for busy machines.
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('ignore nothing when they take too long, whatever they say first', () => {
    const level = (text: string) => ({ rules: parseIgnore(text), baseLength: 0, outer: undefined });
    const slow = `${'**/a*'.repeat(50)}/b\n`.repeat(3_000);
    expect(isIgnored(level('c'), deep, false)).toBe(true);
    expect(isIgnored(level(`*c\n${slow}`), deep, false)).toBe(false);
    expect(isIgnored(level(`*c\n${slow}`), 'c', false)).toBe(true);
  });

  it('take no time in each of two thousand folders', () => {
    const rules = parseIgnore('/b\n');
    const levels = Array.from({ length: 2000 }, (_, i) => ({ rules, baseLength: 2 * i }));
    const level = levels.reduce<IgnoreLevel | undefined>(
      (outer, at) => ({ ...at, outer }),
      undefined,
    );
    const before = performance.now();
    for (let i = 0; i < 10; i++) expect(isIgnored(level, deep, false)).toBe(false);
    expect(performance.now() - before).toBeLessThan(500);
    expect(isIgnored(level, `${deep.slice(0, 2)}b`, false)).toBe(true);
  });
});
