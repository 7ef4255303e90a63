/** The inventory of keys as it is written: whose each key is. It holds digests and no key. */
import { asFields, asList, asText, type Fields } from '../check-shape.ts';
import { checkDate } from '../findings/baseline.ts';
import type { KeyOwner } from '../model/key-owner.ts';
import { UserError } from '../model/user-error.ts';

export const inventoryFile = 'keywarden.keys.yaml';

export interface InventoryEntry extends KeyOwner {
  readonly issuer: string;
  /** The issuer's id of the key. */
  readonly id?: string;
  readonly rotateAfter?: RotateAfter;
  /** The secret id (`ks1_…`, docs/identity.md). */
  readonly digest?: string;
}

/** When a key is due for rotation: at an age, or on a day (`YYYY-MM-DD`). */
export type RotateAfter =
  { readonly kind: 'age'; readonly days: number } | { readonly kind: 'day'; readonly day: string };

/** In the order in which they are written. */
export const entryKeys = [
  'issuer',
  'name',
  'id',
  'created',
  'owner',
  'service',
  'environment',
  'approver',
  'rotateAfter',
  'digest',
] as const;
type EntryKey = (typeof entryKeys)[number];

/** Chosen: far above any account's number of keys, and soon read. */
const mostEntries = 10_000;
const mostCharacters = 200;
const digestForm = /^ks1_[0-9a-f]{32}$/;

/**
 * Throws UserError that names the place and never repeats what stands there: it may be a key that
 * somebody put into the wrong field. A field without a value is as good as absent.
 */
export function parseInventory(value: unknown, where: string): InventoryEntry[] {
  const { keys } = asFields(value ?? {}, where, ['keys']);
  const list = asList(keys ?? undefined, `${where}: keys`);
  if (list.length > mostEntries) throw new UserError(`${where}: more than ${mostEntries} keys`);
  const entries = list.map((one, index) => parseEntry(one, `${where}: keys[${index}]`));
  checkTwice(entries, 'digest', where);
  checkTwice(entries, 'id', where);
  return entries;
}

function parseEntry(value: unknown, where: string): InventoryEntry {
  const fields = asFields(value, where, entryKeys);
  const issuer = textOf(fields, 'issuer', where);
  if (issuer === undefined) throw new UserError(`${where}: issuer is missing`);
  const created = textOf(fields, 'created', where);
  const rotateAfter = textOf(fields, 'rotateAfter', where);
  const digest = textOf(fields, 'digest', where);
  if (digest !== undefined && !digestForm.test(digest)) {
    throw new UserError(
      `${where}.digest: expected ks1_ and 32 hexadecimal digits, the "secretId" of a report; never the key itself`,
    );
  }
  const words = ['name', 'id', 'owner', 'service', 'environment', 'approver'] as const;
  const entry: InventoryEntry = {
    issuer,
    ...Object.fromEntries(
      words.flatMap((key) => {
        const text = textOf(fields, key, where);
        return text === undefined ? [] : [[key, text]];
      }),
    ),
    ...(created === undefined ? {} : { created: checkDate(created, `${where}.created`) }),
    ...(rotateAfter === undefined
      ? {}
      : { rotateAfter: parseRotateAfter(rotateAfter, `${where}.rotateAfter`) }),
    ...(digest === undefined ? {} : { digest }),
  };
  if (entry.name === undefined && entry.id === undefined && digest === undefined) {
    throw new UserError(`${where}: says which key by nothing; give name, id or digest`);
  }
  return entry;
}

function textOf(fields: Fields, key: EntryKey, where: string): string | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  const text = asText(value, `${where}.${key}`);
  if (text.length > mostCharacters) {
    throw new UserError(`${where}.${key}: longer than ${mostCharacters} characters`);
  }
  return text;
}

function parseRotateAfter(text: string, where: string): RotateAfter {
  const days = /^([1-9]\d{0,3}) days?$/.exec(text)?.[1];
  if (days !== undefined) return { kind: 'age', days: Number(days) };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { kind: 'day', day: checkDate(text, where) };
  throw new UserError(`${where}: write an age ("90 days") or a day ("2030-01-31")`);
}

/** One digest under two owners would say nothing. */
function checkTwice(entries: readonly InventoryEntry[], key: 'digest' | 'id', where: string): void {
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    const value = entry[key];
    if (value === undefined) return;
    const mark = key === 'id' ? `${entry.issuer}\0${value}` : value;
    const before = seen.get(mark);
    if (before !== undefined) {
      throw new UserError(`${where}: keys[${index}].${key}: keys[${before}] has the same`);
    }
    seen.set(mark, index);
  });
}
