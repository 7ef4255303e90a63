/**
 * JUnit XML: well-formed, and with the numbers that it states. By junit-10.xsd of Jenkins' xUnit plugin, as pytest
 * ships it with its own tests, it is valid but for `file` and `line`, which GitLab and CircleCI read.
 * @see https://pypi.org/project/pytest/9.0.1/ testing/example_scripts/junit-10.xsd (read 2026-11-26)
 */
import { describe, expect, it } from 'vitest';
import { junit } from '../../src/reporters/junit.ts';
import { makeReport } from '../support/make-report.ts';
import { cases } from './support/cases.ts';
import { render } from './support/render.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

const entity = /&(?:amp|lt|gt|quot|apos|#\d+);/g;
/** Characters that XML 1.0 has. */
const character = /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Well-formed XML → its elements. Throws on anything else. */
function parseXml(text: string): Element {
  if (!character.test(text)) throw new Error('a character that XML does not have');
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)(\/?)>|([^<>]+)/y;
  while (token.lastIndex < body.length) {
    const found = token.exec(body);
    if (!found) throw new Error('no XML');
    const [, close, name = '', list = '', isEmpty, content = ''] = found;
    for (const part of [list, content])
      if (part.replace(entity, '').includes('&')) throw new Error('a bare &');
    if (name === '') continue;
    if (close === '/') {
      if (open.pop()?.name !== name) throw new Error(`${name} is closed, and not open`);
      continue;
    }
    const attributes = Object.fromEntries(
      [...list.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const element = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  const [only] = root.children;
  if (open.length !== 1 || !only || root.children.length !== 1) throw new Error('not one element');
  return only;
}

describe('junit', () => {
  it.each(Object.entries(cases))('is XML with the numbers that it states: %s', (_name, make) => {
    const report = make();
    const suites = parseXml(render(junit, report));
    const [suite] = suites.children;
    expect(suites.name).toBe('testsuites');
    expect(suite?.attributes).toEqual(suites.attributes);
    const tests = suite?.children ?? [];
    const having = (name: string): number =>
      tests.filter(({ children }) => children.some((one) => one.name === name)).length;
    expect(suite?.attributes).toMatchObject({
      tests: String(tests.length),
      failures: String(having('failure')),
      errors: String(having('error')),
    });
    expect(having('failure')).toBe(report.findings.length);
    expect(having('error')).toBe(report.coverage.complete ? 0 : 1);
    expect(new Set(tests.map(({ attributes }) => attributes['name'])).size).toBe(tests.length);
  });

  it('has one test that passed when nothing was found', () => {
    const [suite] = parseXml(render(junit, makeReport([]))).children;
    expect(suite?.children).toEqual([
      {
        name: 'testcase',
        attributes: { classname: 'keywarden', name: 'all was looked at', time: '0' },
        children: [],
      },
    ]);
  });

  it('refuses what is no XML, so the check does look', () => {
    const text = render(junit, makeReport([{}]));
    for (const [from, to] of [
      ['</testsuite>', ''],
      ['classname="', 'classname="<'],
      ['Robotomail API key', 'Robotomail & API'],
      ['Robotomail', '\u0001'],
    ] as const)
      expect(() => parseXml(text.replace(from, to))).toThrow();
  });
});
