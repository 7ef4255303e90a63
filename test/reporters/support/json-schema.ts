/** Values against JSON Schema 2020-12, by a validator that is not ours. A keyword that it does not know is an error. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false });
const compiled = new WeakMap<object, ValidateFunction>();

/** What is wrong, each with its place; empty when the value is valid. */
export function schemaErrors(value: unknown, schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) throw new Error('this is no schema');
  const check = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, check);
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
