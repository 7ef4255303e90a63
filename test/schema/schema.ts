/** Published schemas for tests: read from schema/, and asked with a real validator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaErrors } from '../reporters/support/json-schema.ts';

export type Json = Readonly<Record<string, unknown>>;

export function readSchema(name: string): Json {
  const text = readFileSync(join(import.meta.dirname, '../../schema', name), 'utf8');
  return asObject(JSON.parse(text));
}

/** The part of a schema at a path of keys. Throws where there is none. */
export function partOf(schema: Json, ...keys: readonly string[]): Json {
  return keys.reduce((part, key) => {
    if (!Object.hasOwn(part, key)) throw new Error(`the schema has no ${keys.join('.')}`);
    return asObject(part[key]);
  }, schema);
}

/**
 * What is wrong, by the choice of `anyOf` that fits best; empty when one fits wholly. Each way to choose is
 * asked as a schema of its own, so that the errors are those of one. A list whose items choose differently
 * must be given one item at a time.
 */
export function errorsOf(value: unknown, schema: Json): readonly string[] {
  const [best = []] = choices(schema)
    .map((choice) => schemaErrors(value, choice))
    .sort((a, b) => a.length - b.length);
  return best;
}

function choices(node: unknown): readonly unknown[] {
  if (!isObject(node)) return [node];
  const { anyOf, ...rest } = node;
  const plain = Object.entries(rest).reduce<readonly Json[]>(
    (found, [key, part]) =>
      found.flatMap((one) => choices(part).map((choice) => ({ ...one, [key]: choice }))),
    [{}],
  );
  if (!Array.isArray(anyOf)) return plain;
  const alternatives = anyOf.flatMap(choices).map(asObject);
  return plain.flatMap((one) => alternatives.map((other) => merged(one, other)));
}

function merged(one: Json, other: Json): Json {
  const required = [one['required'] ?? [], other['required'] ?? []].flat();
  return { ...one, ...other, ...(required.length > 0 ? { required } : {}) };
}

export function asObject(value: unknown): Json {
  if (!isObject(value)) throw new Error('expected keys and values');
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
