/** The inventory of keys: whose each key is. It holds digests and no key. */
import { checkDate } from '../findings/baseline.ts';
import type { KeyOwner } from '../model/key-owner.ts';
import { UserError } from '../model/user-error.ts';
import { readInventoryText, type EntryKey, type WrittenEntry } from './inventory-text.ts';

export interface InventoryEntry extends KeyOwner {
  /** Lower-case id of a provider, or of a rule's issuer. */
  readonly issuer: string;
  /** The issuer's id of the key. */
  readonly id?: string;
  readonly rotateAfter?: RotateAfter;
  /** The secret id (`ks1_…`, docs/identity.md). */
  readonly digest?: string;
}

/** When a key is due for rotation: at an age, or behind a day (`YYYY-MM-DD`). */
export type RotateAfter =
  { readonly kind: 'age'; readonly days: number } | { readonly kind: 'day'; readonly day: string };

const mostCharacters = 200;
const digestForm = /^ks1_[0-9a-f]{32}$/;

/** Throws UserError that names the line and repeats no value. */
export function parseInventory(text: string, where: string): InventoryEntry[] {
  const written = readInventoryText(text, where).entries;
  checkTwice(written, ({ fields }) => fields.get('digest')?.text, 'digest', where);
  checkTwice(written, idOf, 'id', where);
  return written.map((entry) => toEntry(entry, where));
}

function idOf({ fields }: WrittenEntry): string | undefined {
  const id = fields.get('id')?.text;
  return id === undefined ? undefined : `${fields.get('issuer')?.text ?? ''}\0${id}`;
}

function toEntry({ fields, at }: WrittenEntry, where: string): InventoryEntry {
  const wrong = (index: number, what: string): never => {
    throw new UserError(`${where}:${index + 1}: ${what}`);
  };
  const read = <const K extends EntryKey, T>(
    key: K,
    check: (text: string, place: string) => T,
  ): { readonly [One in K]?: T } => {
    const field = fields.get(key);
    if (field?.text === undefined || field.text === '') return {};
    if (field.text.length > mostCharacters) {
      wrong(field.at, `${key} is longer than ${mostCharacters} characters`);
    }
    const value = check(field.text, `${where}:${field.at + 1}: ${key}`);
    // The one key that there is.
    return { [key]: value } as { readonly [One in K]: T };
  };
  const { issuer } = read('issuer', asIs);
  const entry = {
    issuer: issuer ?? wrong(at, 'this entry says no issuer'),
    ...read('name', asIs),
    ...read('id', asIs),
    ...read('created', (text, place) => checkDate(text, place)),
    ...read('owner', asIs),
    ...read('service', asIs),
    ...read('environment', asIs),
    ...read('approver', asIs),
    ...read('rotateAfter', asRotateAfter),
    ...read('digest', asDigest),
  };
  if (entry.name === undefined && entry.id === undefined && entry.digest === undefined) {
    wrong(at, 'this entry says which key by nothing; give name, id or digest');
  }
  return entry;
}

function asIs(text: string): string {
  return text;
}

function asDigest(text: string, place: string): string {
  if (digestForm.test(text)) return text;
  throw new UserError(
    `${place} should be ks1_ and 32 hexadecimal digits, the "secretId" of a report; never the key itself`,
  );
}

function asRotateAfter(text: string, place: string): RotateAfter {
  const days = /^([1-9]\d{0,3}) days?$/.exec(text)?.[1];
  if (days !== undefined) return { kind: 'age', days: Number(days) };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { kind: 'day', day: checkDate(text, place) };
  throw new UserError(`${place} should be an age (90 days) or a day (2030-01-31)`);
}

/** One digest under two owners would say nothing. */
function checkTwice(
  entries: readonly WrittenEntry[],
  markOf: (entry: WrittenEntry) => string | undefined,
  what: string,
  where: string,
): void {
  const seen = new Map<string, WrittenEntry>();
  for (const entry of entries) {
    const mark = markOf(entry);
    if (mark === undefined) continue;
    const before = seen.get(mark);
    if (before) {
      throw new UserError(
        `${where}:${entry.at + 1}: this entry has the ${what} of line ${before.at + 1}`,
      );
    }
    seen.set(mark, entry);
  }
}
