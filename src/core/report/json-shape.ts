/** Checked reading of parsed JSON. A reader takes `unknown` and says where the first thing wrong stands. */

export type Read<T> = (value: unknown, at: string) => T;

/** The message names the place (`findings[3].start.line`) and what belongs there, never the value. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export const text: Read<string> = (value, at) =>
  typeof value === 'string' ? value : wrong(at, 'a text');

export const date: Read<string> = (value, at) =>
  Number.isNaN(Date.parse(text(value, at))) ? wrong(at, 'a date') : text(value, at);

export const flag: Read<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : wrong(at, 'true or false');

export const amount: Read<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(at, 'a number of at least 0');

export const count: Read<number> = (value, at) =>
  Number.isSafeInteger(value) ? amount(value, at) : wrong(at, 'a whole number of at least 0');

/** Lines and columns: 1 and up. */
export const ordinal: Read<number> = (value, at) =>
  value === 0 ? wrong(at, 'a whole number of at least 1') : count(value, at);

export function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (value, at) => words.find((word) => word === value) ?? wrong(at, words.join(', '));
}

export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => read(item, `${at}[${index}]`))
      : wrong(at, 'a list');
}

type Readers = Readonly<Record<string, Read<unknown>>>;
type NoReaders = { readonly [K in never]: Read<unknown> };
type Values<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> };

/** An object with these fields. Other fields are passed over: a later version may add some. */
export function object<R extends Readers, O extends Readers = NoReaders>(
  required: R,
  optional?: O,
): Read<Values<R> & Partial<Values<O>>> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrong(at, 'an object');
    }
    const given = new Map<string, unknown>(Object.entries(value));
    const place = (name: string): string => (at === '' ? name : `${at}.${name}`);
    const entries = Object.entries(required).map(([name, read]) => {
      if (!given.has(name)) return wrong(place(name), 'a value');
      return [name, read(given.get(name), place(name))] as const;
    });
    for (const [name, read] of Object.entries(optional ?? {})) {
      if (given.has(name)) entries.push([name, read(given.get(name), place(name))]);
    }
    // Every field was just read by the reader that its type comes from.
    return Object.fromEntries(entries) as Values<R> & Partial<Values<O>>;
  };
}

function wrong(at: string, expected: string): never {
  throw new ShapeError(`${at === '' ? 'the whole' : at} should be ${expected}`);
}
