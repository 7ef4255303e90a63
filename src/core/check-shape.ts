/** Small checks at the boundary: unknown value in, typed value out, or a UserError that names the place. */
import { redactTokens } from './findings/redact.ts';
import { UserError } from './model/user-error.ts';
import { didYouMean } from './nearest.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown, where: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${where}: expected keys and values`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new UserError(`${where}: unknown key "${redactTokens(key)}"${didYouMean(key, known)}`);
    }
  }
  return value as Fields;
}

export function asText(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new UserError(`${where}: expected a text`);
  return value;
}

export function asOptionalText(value: unknown, where: string): string | undefined {
  return value === undefined ? undefined : asText(value, where);
}

export function asNumber(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new UserError(`${where}: expected a number that is not negative`);
  }
  return value;
}

export function asList(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UserError(`${where}: expected a list`);
  return value;
}

export function asTexts(value: unknown, where: string): string[] {
  return asList(value, where).map((item, index) => asText(item, `${where}[${index}]`));
}

export function asOneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
  throw new UserError(`${where}: expected one of ${choices.join(', ')}${hint}`);
}
