/** schema/rules.schema.json says what the reader of rule files says. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/config/yaml.ts';
import { checksums } from '../../src/core/detect/checksum.ts';
import { filters } from '../../src/core/detect/filters/index.ts';
import { confidences, severities, specificities } from '../../src/core/model/rule.ts';
import { parseRuleFile, ruleKeys } from '../../src/core/rules/parse.ts';
import { ruleFolder } from '../support/rules.ts';
import { asObject, errorsOf, partOf, readSchema, type Json } from './schema.ts';

const schema = readSchema('rules.schema.json');
const rule = partOf(schema, '$defs', 'rule', 'properties');

describe('the built-in rule files', () => {
  const names = readdirSync(ruleFolder).filter((name) => name.endsWith('.yaml'));

  it.each(names)('%s is valid', (name) => {
    const file = asObject(parseYaml(readFileSync(join(ruleFolder, name), 'utf8'), name));
    const { rules } = file;
    const errors = (Array.isArray(rules) ? rules : [rules]).flatMap((one) =>
      errorsOf({ ...file, rules: [one] }, schema),
    );
    expect(errors).toEqual([]);
  });
});

describe('the words of the schema', () => {
  it('has the keys that the reader knows, no more and no fewer', () => {
    expect(Object.keys(rule).sort()).toEqual([...ruleKeys].sort());
  });

  it.each([
    ['severities', partOf(rule, 'severity')['enum'], severities],
    ['confidences', partOf(schema, '$defs', 'confidence')['enum'], confidences],
    ['specificities', partOf(rule, 'specificity')['enum'], specificities],
    ['checksums', partOf(rule, 'checksum')['enum'], Object.keys(checksums)],
    ['filters', partOf(rule, 'skip-filters', 'items')['enum'], filters.map(({ name }) => name)],
  ])('lists the %s of the code', (_what, listed, known) => {
    expect(listed).toEqual([...known]);
  });

  it.each(Object.entries(rule))('describes %s', (_key, part) => {
    expect(asObject(part)['description']).toMatch(/^\S.{10,}\.$/s);
  });
});

const least = { id: 'acme-key', name: 'Acme key', severity: 'high', pattern: 'acme_[0-9]{20}' };
const every = {
  ...least,
  variable: ['acme'],
  entropy: 3.5,
  context: ['acme'],
  'context-lines': 2,
  confidence: { 'with-context': 'high', without: 'none' },
  specificity: 'format',
  checksum: 'jwt',
  verify: 'acme',
  requires: [{ rule: 'acme-id', within: '1 line' }],
  paths: ['*.env', '!docs/**'],
  'skip-filters': ['hash'],
  references: ['https://acme.example/b'],
  revoke: 'https://acme.example/keys',
  advice: 'Tell the owner first.',
  examples: { match: ['{{secret}}'], miss: ['acme'] },
};

function fileOf(one: Json): Json {
  return { issuer: 'acme', references: ['https://acme.example/a'], rules: [one] };
}

describe('what reader and schema accept', () => {
  it.each([
    ['the least that a rule says', least],
    ['all that a rule can say', every],
    ['one word for the confidence', { ...least, confidence: 'low' }],
  ])('%s', (_what, one) => {
    expect(parseRuleFile(fileOf(one), 'acme.yaml')).toHaveLength(1);
    expect(errorsOf(fileOf(one), schema)).toEqual([]);
  });

  it('tries every key', () => {
    expect(Object.keys(every).sort()).toEqual([...ruleKeys].sort());
  });
});

describe('what reader and schema refuse', () => {
  const without = (key: string): Json =>
    Object.fromEntries(Object.entries(least).filter(([name]) => name !== key));

  it.each<[string, Json]>([
    ['a rule without an id', fileOf(without('id'))],
    ['a rule without a name', fileOf(without('name'))],
    ['a rule without a severity', fileOf(without('severity'))],
    ['a rule without a pattern', fileOf(without('pattern'))],
    ['an id with capitals', fileOf({ ...least, id: 'Acme' })],
    ['an unknown key', fileOf({ ...least, entropi: 3 })],
    ['an unknown severity', fileOf({ ...least, severity: 'urgent' })],
    ['an unknown confidence', fileOf({ ...least, confidence: 'none' })],
    ['half a confidence', fileOf({ ...least, confidence: { without: 'low' } })],
    ['an unknown checksum', fileOf({ ...least, checksum: 'crc' })],
    ['a negative entropy', fileOf({ ...least, entropy: -1 })],
    ['an entropy as text', fileOf({ ...least, entropy: '3' })],
    ['a single word for a list', fileOf({ ...least, context: 'acme' })],
    ['an empty text', fileOf({ ...least, advice: '' })],
    [
      'a distance without a unit',
      fileOf({ ...least, requires: [{ rule: 'acme-id', within: '20' }] }),
    ],
    ['an unknown kind of example', fileOf({ ...least, examples: { hit: ['a'] } })],
    ['a file without rules', { issuer: 'acme', rules: [] }],
    ['a file without an issuer', { rules: [least] }],
    ['an unknown key of the file', { ...fileOf(least), vendor: 'acme' }],
  ])('%s', (_what, file) => {
    expect(() => parseRuleFile(file, 'acme.yaml')).toThrow(/^acme\.yaml/);
    expect(errorsOf(file, schema)).not.toEqual([]);
  });

  it('a filter that is not there (the schema alone)', () => {
    expect(errorsOf(fileOf({ ...least, 'skip-filters': ['nonsense'] }), schema)).not.toEqual([]);
  });
});
