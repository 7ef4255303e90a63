/** schema/keys.schema.json says what the reader of keywarden.keys.yaml says. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { entryKeys } from '../../src/core/inventory/inventory-text.ts';
import { parseInventory } from '../../src/core/inventory/inventory.ts';
import { schemaErrors } from '../reporters/support/json-schema.ts';
import { asObject, partOf, readSchema } from './schema.ts';

const schema = readSchema('keys.schema.json');
const properties = partOf(schema, 'properties', 'keys', 'items', 'properties');
const read = (text: string) => parseInventory(text, 'keywarden.keys.yaml');
const errorsOf = (text: string) => schemaErrors(parse(text), schema);

it('has the keys that the reader knows, in their order, each described', () => {
  expect(Object.keys(properties)).toEqual([...entryKeys]);
  for (const key of entryKeys) {
    expect(asObject(properties[key])['description']).toMatch(/^\S.{10,}[.…]$/s);
  }
});

const start = 'keys:\n  - issuer: robotomail\n    name: a\n';

describe('reader and schema', () => {
  it.each([
    ['no keys', 'keys: []\n'],
    ['an entry with a name', start],
    ['blanks', `${start}    owner:\n    rotateAfter:\n    digest:\n`],
    ['an age', `${start}    rotateAfter: 1 day\n`],
    ['a day', `${start}    rotateAfter: 2030-01-31\n`],
    ['a digest', `${start}    digest: ks1_${'0a'.repeat(16)}\n`],
  ])('accept %s', (_name, text) => {
    expect(() => read(text)).not.toThrow();
    expect(errorsOf(text)).toEqual([]);
  });

  it.each([
    ['an unknown key', `${start}    secret: x\n`],
    ['an entry without an issuer', 'keys:\n  - name: a\n'],
    ['an age without a unit', `${start}    rotateAfter: "90"\n`],
    ['a digest of another form', `${start}    digest: ks1_0\n`],
    ['a long name', `keys:\n  - issuer: a\n    name: ${'a'.repeat(201)}\n`],
    ['a list for a word', `${start}    owner: [a]\n`],
  ])('refuse %s', (_name, text) => {
    expect(() => read(text)).toThrow(/^keywarden\.keys\.yaml:\d/);
    expect(errorsOf(text)).not.toEqual([]);
  });
});
