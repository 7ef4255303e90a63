import { describe, expect, it } from 'vitest';
import { commentFinder } from '../../../src/core/source-map/comment.ts';
import { dataOf } from '../../../src/core/source-map/data-url.ts';
import {
  askedVariable,
  assignedVariable,
  definedVariable,
} from '../../../src/core/source-map/public-variable.ts';
import { shownSource } from '../../../src/core/source-map/shown-source.ts';
import { mapNames, nameBeside } from '../../../src/sources/maps/names.ts';

describe('an original is called', () => {
  it.each([
    ['../src/a.ts', '', 'dist/x.js.map', 'src/a.ts'],
    ['a.ts', '../src', 'dist/x.js.map', 'src/a.ts'],
    ['a.ts', '/root/', 'dist/x.js.map', '/root/a.ts'],
    ['../../../up.ts', '', 'dist/x.js.map', '../../up.ts'],
    ['./a.ts', '', 'x.js.map', 'a.ts'],
    ['webpack://my-app/./src/a.ts?1a2b', '', 'dist/x.js.map', 'src/a.ts'],
    ['webpack:///./src/a.ts', '', 'dist/x.js.map', 'src/a.ts'],
    ['webpack:///src/a.ts', 'ignored', 'dist/x.js.map', 'src/a.ts'],
    ['a.ts', 'webpack:///src', 'dist/x.js.map', 'src/a.ts'],
    ['webpack:///../../../../etc/passwd', '', 'dist/x.js.map', '../../../../etc/passwd'],
    ['file:///home/me/p/a.ts', '', 'dist/x.js.map', '/home/me/p/a.ts'],
    ['https://me:pw@host/a.ts?k=v#x', '', 'dist/x.js.map', 'https://host/a.ts'],
    ['/abs/a.ts', '', 'dist/x.js.map', '/abs/a.ts'],
    ['C:\\src\\a.ts', '', 'dist/x.js.map', 'C:\\src\\a.ts'],
    ['a.ts', '', '/abs/dist/x.js.map', '/abs/dist/a.ts'],
  ])('%s with root %s in %s: %s', (name, root, map, shown) => {
    expect(shownSource(name, root, map)).toBe(shown);
  });

  it('by its end, when its name is very long', () => {
    const shown = shownSource(`${'a/'.repeat(5_000)}b.ts`, '', 'x.map');
    expect(shown).toHaveLength(1_000);
    expect(shown).toMatch(/^…\/?a.*b\.ts$/);
  });
});

describe('the comment that names a map', () => {
  it.each([
    ['a()\n//# sourceMappingURL=x.js.map\n', 'x.js.map'],
    ['a()\n//@ sourceMappingURL=x.js.map', 'x.js.map'],
    ['a{}\n/*# sourceMappingURL=x.css.map */', 'x.css.map'],
    ['a{}/*# sourceMappingURL=x.css.map*/\n', 'x.css.map'],
    ['//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map\r\n', 'b.map'],
    [String.raw`eval("x\n//# sourceMappingURL=inner.map\n//# sourceURL=y")`, undefined],
    ['"//# sourceMappingURL=" + name', undefined],
    ['x # sourceMappingURL=a.map', undefined],
    ['', undefined],
  ])('in %j is %s, wherever the text is cut', (text, address) => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const finder = commentFinder(1_000);
      finder.push(Buffer.from(text.slice(0, cut)));
      finder.push(Buffer.from(text.slice(cut)));
      expect(finder.end()).toBe(address);
    }
  });

  it('is let by when it is too long', () => {
    const finder = commentFinder(1_000);
    for (let at = 0; at < 100; at += 1) finder.push(Buffer.from('//# sourceMappingURL=data:,'));
    expect(finder.end()).toBeUndefined();
  });

  it.each([
    ['data:application/json;base64,eyJhIjoxfQ==', '{"a":1}'],
    ['data:application/json;charset=utf-8;base64,eyJhIjoxfQ==', '{"a":1}'],
    ['data:application/json;charset=utf-8,%7B%22a%22%3A%22%C3%BC%22%7D', '{"a":"ü"}'],
    ['data:,{}', '{}'],
    ['data:,%E0%A4%A', undefined],
    ['data:application/json;base64', undefined],
    ['x.js.map', undefined],
  ])('%s is read', (address, text) => {
    expect(dataOf(address)?.toString()).toBe(text);
  });
});

describe('a map lies', () => {
  it.each([
    ['dist/a.js', 'a.js.map', ['a.js.map']],
    ['dist/a.js', 'maps/a%20b.map?v=1', ['maps/a b.map', 'a.js.map']],
    ['dist/a.js', undefined, ['a.js.map']],
    ['dist/a.js', 'https://cdn/a.js.map', ['a.js.map']],
    ['dist/a.js', '//cdn/a.js.map', ['a.js.map']],
    ['dist/a.js', '/abs/a.js.map', ['a.js.map']],
    ['dist/a.js', '\\\\host\\a.map', ['a.js.map']],
    ['dist/a.js', '%2Fetc/passwd', ['a.js.map']],
    ['dist/a.js', 'a%00b', ['a.js.map']],
    ['dist/a.js', 'data:,x', ['a.js.map']],
  ])('of %s with %s: %j', (name, address, names) => {
    expect(mapNames(name, address)).toEqual(names);
  });

  it.each([
    ['package/dist/a.js', '../maps/a.map', 'package/maps/a.map'],
    ['./dist/a.js', 'a.js.map', './dist/a.js.map'],
    ['a.js', '../a.js.map', undefined],
  ])('beside %s, at %s: %s', (name, relative, found) => {
    expect(nameBeside(name, relative)).toBe(found);
  });
});

describe('a variable that is public', () => {
  it.each([
    ['a={VITE_KEY:"', 'VITE_KEY'],
    ['a={"NEXT_PUBLIC_KEY":"', 'NEXT_PUBLIC_KEY'],
    ['JSON.parse("{\\"REACT_APP_KEY\\":\\"', 'REACT_APP_KEY'],
    ['a.VUE_APP_KEY=`', 'VUE_APP_KEY'],
    ["{GATSBY_A:1,EXPO_PUBLIC_KEY:'", 'EXPO_PUBLIC_KEY'],
    ['{PUBLIC_MAIL_KEY:"', 'PUBLIC_MAIL_KEY'],
    ['{MY_VITE_KEY:"', undefined],
    ['{PUBLIC_KEY:"', undefined],
    ['{API_KEY:"', undefined],
    ['process.env.REACT_APP_KEY||"', undefined],
    ['VITE_KEY: "', undefined],
  ])('stands before the value: %s', (before, name) => {
    expect(assignedVariable(before, true)).toBe(name);
  });

  it('may have blanks around it in what is not minified', () => {
    expect(assignedVariable('  VITE_KEY: "', false)).toBe('VITE_KEY');
  });

  it.each([
    ['VITE_KEY=', 'VITE_KEY'],
    ['export NUXT_PUBLIC_KEY = "', 'NUXT_PUBLIC_KEY'],
    ['# VITE_KEY=', undefined],
    ['KEY=', undefined],
  ])('is defined: %s', (before, name) => {
    expect(definedVariable(before)).toBe(name);
  });

  it.each([
    ['x = import.meta.env.VITE_KEY', 4, 'VITE_KEY'],
    ['f(process.env.REACT_APP_A, process.env.REACT_APP_B)', 27, 'REACT_APP_B'],
    ['f(process.env.REACT_APP_A, process.env.REACT_APP_B)', 0, undefined],
    ['f(process.env["STORYBOOK_KEY"])', 0, 'STORYBOOK_KEY'],
    ['f(PUBLIC_MAIL_KEY)', 2, 'PUBLIC_MAIL_KEY'],
    ['f(process.env.API_KEY)', 2, undefined],
  ])('is asked for: %s', (line, column, name) => {
    expect(askedVariable(line, column)).toBe(name);
  });
});
