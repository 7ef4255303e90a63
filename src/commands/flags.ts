/** Flags as data: one table serves parsing, help and completion. */
import { didYouMean } from '../core/nearest.ts';
import { UserError } from '../core/model/user-error.ts';

export interface Flag {
  /** `optional`: its value can only stand behind `=`; without one it is the first of its choices. */
  readonly kind: 'switch' | 'text' | 'texts' | 'number' | 'optional';
  readonly help: string;
  /** One letter. */
  readonly short?: string;
  /** What the value is called in help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** `--no-NAME` turns it off. */
  readonly isNegatable?: boolean;
}

export type FlagTable = Readonly<Record<string, Flag>>;

export type FlagValue = boolean | string | number | readonly string[];

export interface Parsed {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** Throws UserError for what the table does not know, with the nearest name. */
export function parseFlags(args: readonly string[], table: FlagTable): Parsed {
  const words: string[] = [];
  const flags: Record<string, FlagValue> = {};
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      words.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const written = equals < 0 ? arg : arg.slice(0, equals);
    const { name, flag, isOff } = lookUp(written, table);
    if (flag.kind === 'switch' || isOff) {
      if (equals >= 0) throw new UserError(`${written}: takes no value`);
      flags[name] = !isOff;
      continue;
    }
    const byDefault = flag.kind === 'optional' ? flag.choices?.[0] : undefined;
    const value = equals >= 0 ? arg.slice(equals + 1) : (byDefault ?? args[(at += 1)]);
    if (value === undefined || value === '') {
      throw new UserError(`${written}: a value is missing (${written} ${flag.value ?? 'VALUE'})`);
    }
    flags[name] = checked(written, value, flag, flags[name]);
  }
  return { words, flags };
}

interface Known {
  readonly name: string;
  readonly flag: Flag;
  readonly isOff: boolean;
}

function lookUp(written: string, table: FlagTable): Known {
  const isShort = !written.startsWith('--');
  const bare = written.replace(/^--?/, '');
  const name = isShort ? Object.keys(table).find((key) => table[key]?.short === bare) : bare;
  const flag = name === undefined ? undefined : table[name];
  if (name !== undefined && flag) return { name, flag, isOff: false };
  const positive = bare.startsWith('no-') ? bare.slice(3) : '';
  const negated = table[positive];
  if (!isShort && negated?.isNegatable) return { name: positive, flag: negated, isOff: true };
  const names = Object.entries(table).flatMap(([key, { isNegatable }]) =>
    isNegatable ? [`--${key}`, `--no-${key}`] : [`--${key}`],
  );
  throw new UserError(`unknown flag ${written}${didYouMean(written, names)}`);
}

function checked(
  written: string,
  value: string,
  flag: Flag,
  before: FlagValue | undefined,
): FlagValue {
  if (flag.choices && !flag.choices.includes(value)) {
    throw new UserError(
      `${written} ${value}: expected one of ${flag.choices.join(', ')}${didYouMean(value, flag.choices)}`,
    );
  }
  if (flag.kind === 'texts') return [...(Array.isArray(before) ? (before as string[]) : []), value];
  if (flag.kind === 'text' || flag.kind === 'optional') return value;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new UserError(`${written} ${value}: expected a whole number`);
  }
  return number;
}
