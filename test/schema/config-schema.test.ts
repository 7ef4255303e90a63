/** schema/config.schema.json says what the reader of keywarden.yaml says. */
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/read-settings.ts';
import { settingKeys } from '../../src/config/settings.ts';
import { parseYaml } from '../../src/config/yaml.ts';
import { confidences } from '../../src/core/model/rule.ts';
import { failLevels } from '../../src/core/report/exit-code.ts';
import { asObject, errorsOf, partOf, readSchema } from './schema.ts';

const schema = readSchema('config.schema.json');
const properties = partOf(schema, 'properties');
const where = 'keywarden.yaml';

const errorsOfText = (text: string): readonly string[] => errorsOf(parseYaml(text, where), schema);

describe('the words of the schema', () => {
  it('has the keys that the reader knows, no more and no fewer', () => {
    expect(Object.keys(properties).sort()).toEqual(settingKeys.map(({ key }) => key).sort());
  });

  it.each([
    ['minConfidence', confidences],
    ['failOn', failLevels],
  ] as const)('lists what %s can be', (key, known) => {
    expect(partOf(properties, key)['enum']).toEqual([...known]);
  });

  it.each(settingKeys.map(({ key, isPrivate }) => [key, isPrivate === true] as const))(
    'describes %s, and says whether a project may set it',
    (key, isPrivate) => {
      const description = asObject(properties[key])['description'];
      expect(description).toMatch(/^\S.{10,}\.$/s);
      expect(String(description).startsWith('Only in your own file')).toBe(isPrivate);
    },
  );
});

describe('what reader and schema accept', () => {
  it.each(settingKeys.map(({ key, example }) => [key, `${key}: ${example}\n`] as const))(
    'the example of %s that init writes',
    (_key, text) => {
      expect(() => readSettings(text, where, false)).not.toThrow();
      expect(errorsOfText(text)).toEqual([]);
    },
  );

  it.each([
    ['rule', 'jwt'],
    ['path', 'docs/**'],
    ['pattern', '^test'],
    ['secretId', 'ks1_0'],
  ])('an allow entry that names only its %s', (key, value) => {
    const text = `allow: [{ ${key}: '${value}', reason: sample }]`;
    expect(readSettings(text, where, true).allow).toHaveLength(1);
    expect(errorsOfText(text)).toEqual([]);
  });
});

describe('what reader and schema refuse', () => {
  it.each([
    ['an unknown key', 'exlude: [a]'],
    ['a single word for a list', 'only: jwt'],
    ['a list of numbers', 'exclude: [1]'],
    ['an unknown level', 'failOn: urgent'],
    ['an unknown confidence', 'minConfidence: none'],
    ['a size with a unit', 'maxFileSize: 10 MB'],
    ['a negative size', 'maxFileSize: -1'],
    ['a word for true or false', 'archives: perhaps'],
    ['an allow entry without a reason', 'allow: [{ rule: jwt }]'],
    ['an allow entry that names nothing', 'allow: [{ reason: because }]'],
    ['an allow entry that names a day only', 'allow: [{ reason: because, expires: 2030-01-31 }]'],
    ['an unknown key of an allow entry', 'allow: [{ rule: jwt, reason: a, until: 2030-01-31 }]'],
    ['a date in another form', 'allow: [{ rule: jwt, reason: a, expires: 31.1.2030 }]'],
  ])('%s', (_what, text) => {
    expect(() => readSettings(text, where, true)).toThrow(/^keywarden\.yaml/);
    expect(errorsOfText(text)).not.toEqual([]);
  });
});
