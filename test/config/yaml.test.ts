/** Settings come with what is scanned: no text may hold the reader up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, ruleFileLimits, settingsLimits } from '../../src/config/yaml.ts';
import { UserError } from '../../src/core/model/user-error.ts';

const where = 'keywarden.yaml';
const budgetMs = 2_000;

/** The value, or the message of the error that a person can fix. Fails when it takes too long. */
function read(text: string, limits = settingsLimits): unknown {
  const start = performance.now();
  try {
    return parseYaml(text, where, limits);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  } finally {
    expect(performance.now() - start).toBeLessThan(budgetMs);
  }
}

const fill = (unit: string, size: number): string => unit.repeat(Math.floor(size / unit.length));
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('hostile YAML', () => {
  const units = [
    '? ',
    '- ',
    '[',
    '{',
    '{a: [',
    '[? ',
    '[}',
    '{]',
    '- - ',
    '? ? ',
    'a: ',
    '"',
    '&a ',
    '*a ',
    '!a ',
    '[]',
    '{}',
    '{},',
    '|\n',
    '? |\n',
    '%a\n',
    '---\n',
    '- a\n',
    'a:\n',
    '"\n',
  ];
  const starts = ['', '[', '{', 'a: ', '- ', '"', 'a: |\n '];

  it.each(units)('filled with %j it is refused or read in time', (unit) => {
    for (const start of starts) {
      read(start + fill(unit, settingsLimits.maxCharacters - start.length));
    }
    read(`[${fill(unit, ruleFileLimits.maxCharacters - 1)}`, ruleFileLimits);
  });

  it('many keys, anchors and aliases are refused or read in time', () => {
    expect(read(lines(2_500, (index) => `k${index}: 1`))).toMatchObject({ k0: 1, k2499: 1 });
    read(lines(3_000, (index) => `k${index}: &a${index} 1`));
    read(lines(2_000, (index) => `- &a${index} x\n- *a${index}`));
    read(`{${lines(4_000, (index) => `k${index}: 1,`)}}`);
  });

  it('a deep block and a deep flow are refused with their line', () => {
    expect(read(`a: 1\nb: ${'['.repeat(33)}`)).toBe(
      `${where}:2: lists and maps are nested too deep; flatten them`,
    );
    expect(read(lines(300, (index) => `${' '.repeat(index)}a:`))).toMatch(
      /^keywarden\.yaml:20\d: lists and maps are nested too deep; flatten them$/,
    );
    expect(read('? '.repeat(200))).toMatch(/:1: lists and maps are nested too deep/);
  });

  it('what is too large is refused with what to do', () => {
    const text = fill('# a line\n', settingsLimits.maxCharacters + 100);
    expect(read(text)).toMatch(/^keywarden\.yaml: larger than 64 KiB; keep accepted findings/);
    expect(read(fill('a: 1\n', settingsLimits.maxCharacters))).toMatch(/too many words to read/);
    const rules = fill('# a line\n', ruleFileLimits.maxCharacters + 100);
    expect(read(rules, ruleFileLimits)).toMatch(/larger than 256 KiB; split it/);
  });

  it('any mixture ends in time with a value or a message', () => {
    const piece = fc.constantFrom(...units, '\n', '\n  ', ' ', ', ', ': ', ']', '}', "'", '#');
    const mixture = fc.tuple(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4_000 }),
    );
    fc.assert(
      fc.property(mixture, ([pieces, times]) => {
        read(pieces.join('').repeat(times).slice(0, settingsLimits.maxCharacters));
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

describe('parseYaml', () => {
  it('reads what people write', () => {
    expect(
      read("rules: [a.yaml]\nallow:\n  - { path: 'docs/**', reason: 'x: [y' }\nonly: []\n"),
    ).toEqual({ rules: ['a.yaml'], allow: [{ path: 'docs/**', reason: 'x: [y' }], only: [] });
    expect(read('a: &x [1, 2]\nb: *x\n')).toEqual({ a: [1, 2], b: [1, 2] });
    expect(read('')).toBeNull();
    expect(read(`pattern: '${'['.repeat(500)}'\ntext: |\n  ${'- '.repeat(300)}\n`)).toMatchObject({
      pattern: '['.repeat(500),
    });
  });

  it('names the line of what is wrong', () => {
    expect(read('a: 1\nb: 2\na: 3\n')).toBe(`${where}:3: invalid YAML: a stands twice`);
    expect(read('a: 1\nb: [1\n')).toMatch(/^keywarden\.yaml:\d: invalid YAML: /);
    expect(read('a: 1\n[x]: 2\n')).toMatch(/invalid YAML: a key should be a word/);
  });
});
