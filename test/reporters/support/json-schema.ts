/** The part of JSON Schema that `schema/report.schema.json` uses. Any other keyword is an error, so
 * that none is passed over unseen. */
type Json = Readonly<Record<string, unknown>>;

const annotations = ['$schema', 'title', 'description', '$defs'];

/** What is wrong, each with its place; empty when the value is valid. */
export function schemaErrors(value: unknown, schema: unknown): readonly string[] {
  return check(value, asObject(schema), asObject(schema), '');
}

function check(value: unknown, schema: Json, root: Json, at: string): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]): readonly string[] => {
    if (annotations.includes(keyword)) return [];
    switch (keyword) {
      case '$ref':
        return check(value, resolve(String(rule), root), root, at);
      case 'const':
        return value === rule ? [] : [`${at}: not ${String(rule)}`];
      case 'enum':
        return asList(rule).includes(value) ? [] : [`${at}: not in the list`];
      case 'type':
        return hasType(value, String(rule)) ? [] : [`${at}: no ${String(rule)}`];
      case 'required':
        return asList(rule)
          .filter((name) => !Object.hasOwn(asObject(value), String(name)))
          .map((name) => `${at}.${String(name)}: missing`);
      case 'additionalProperties':
        if (rule !== false) throw new Error('only additionalProperties: false is known');
        return Object.keys(asObject(value))
          .filter((name) => !Object.hasOwn(asObject(schema['properties']), name))
          .map((name) => `${at}.${name}: not allowed`);
      case 'properties':
        return Object.entries(asObject(value)).flatMap(([name, item]) => {
          const part = asObject(rule)[name];
          return part === undefined ? [] : check(item, asObject(part), root, `${at}.${name}`);
        });
      case 'items':
        return asList(value).flatMap((item, index) =>
          check(item, asObject(rule), root, `${at}[${index}]`),
        );
      case 'minItems':
        return asList(value).length >= Number(rule) ? [] : [`${at}: too short`];
      case 'maxItems':
        return asList(value).length <= Number(rule) ? [] : [`${at}: too long`];
      case 'minLength':
        return typeof value === 'string' && value.length >= Number(rule)
          ? []
          : [`${at}: too short`];
      case 'minimum':
        return typeof value === 'number' && value >= Number(rule) ? [] : [`${at}: too small`];
      case 'pattern':
        return typeof value === 'string' && new RegExp(String(rule), 'u').test(value)
          ? []
          : [`${at}: not of the form ${String(rule)}`];
      case 'anyOf': {
        const choices = asList(rule).map((one) => check(value, asObject(one), root, at));
        const isValid = choices.some((errors) => errors.length === 0);
        return isValid ? [] : [`${at}: none of the choices (${choices.flat().join('; ')})`];
      }
      case 'maxLength':
        return typeof value === 'string' && value.length > Number(rule) ? [`${at}: too long`] : [];
      default:
        throw new Error(`unknown keyword ${keyword}`);
    }
  });
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      throw new Error(`unknown type ${type}`);
  }
}

function resolve(reference: string, root: Json): Json {
  const name = /^#\/\$defs\/(\w+)$/.exec(reference)?.[1] ?? '';
  const found = asObject(root['$defs'])[name];
  if (found === undefined) throw new Error(`unknown reference ${reference}`);
  return asObject(found);
}

function asObject(value: unknown): Json {
  return hasType(value, 'object') ? Object.fromEntries(Object.entries(Object(value))) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
