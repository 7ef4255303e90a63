/** Starts the inventory of a folder, or adds to it what an account's listing tells. */
import { join } from 'node:path';
import { extendInventory, type KnownKey } from '../../core/inventory/extend-inventory.ts';
import { parseInventory, type InventoryEntry } from '../../core/inventory/inventory.ts';
import { inventoryFile } from '../../core/model/key-owner.ts';
import { writeAtomic } from '../../platform/atomic-file.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import { matchInventory } from '../audit/match-inventory.ts';

export interface InventoryAccount {
  readonly issuer: { readonly id: string };
  readonly keys: readonly KeyEntry[];
  /** Secret ids that are certain, by key id. */
  readonly digests: ReadonlyMap<string, string>;
}

export interface WrittenInventory {
  readonly inventory: readonly InventoryEntry[];
  readonly notes: readonly string[];
}

/**
 * `text`: what the file holds now; undefined: there is none. Disabled keys are not added. A name that
 * `mayBeWritten` refuses stays out. Throws UserError when the file cannot be written.
 */
export function writeInventory(
  folder: string,
  text: string | undefined,
  accounts: readonly InventoryAccount[],
  mayBeWritten: (name: string) => boolean,
): WrittenInventory {
  const before = text === undefined ? [] : parseInventory(text, inventoryFile);
  const indexes = new Map<string, number>();
  const known = accounts.flatMap(({ issuer, keys, digests }) => {
    const { entries } = matchInventory(before, issuer.id, keys, digests);
    for (const [id, entry] of entries) {
      indexes.set(markOf(issuer.id, id), before.indexOf(entry));
    }
    return [...keys]
      .sort(byName)
      .filter(({ id, isEnabled }) => isEnabled || entries.has(id))
      .filter(({ id }) => id.length <= mostCharacters)
      .map((key) => knownKey(issuer.id, key, digests.get(key.id), mayBeWritten));
  });
  const extended = extendInventory(text, inventoryFile, known, ({ issuer, id }) =>
    indexes.get(markOf(issuer, id)),
  );
  // Read back before it is written: what is in the file next time is what is told now.
  const inventory = parseInventory(extended.text, inventoryFile);
  if (extended.text !== text) writeAtomic(join(folder, inventoryFile), extended.text);
  const { added, filled } = extended;
  const blank = inventory.filter(({ digest }) => digest === undefined).length;
  return {
    inventory,
    notes: [
      `${inventoryFile}: ${added} added, ${filled} filled in, ${inventory.length} in all${blank > 0 ? `; ${blank} without a digest (give those keys with --stdin)` : ''}`,
    ],
  };
}

/** The same order whatever the issuer's; nameless ones last. */
function byName(a: KeyEntry, b: KeyEntry): number {
  const [one, other] = [a.name ?? '\uffff', b.name ?? '\uffff'];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** As many as an inventory may hold in one field. */
const mostCharacters = 200;

function markOf(issuer: string, id: string): string {
  return `${issuer}\0${id}`;
}

function knownKey(
  issuer: string,
  { id, name, createdAt }: KeyEntry,
  digest: string | undefined,
  mayBeWritten: (name: string) => boolean,
): KnownKey {
  const isWritten =
    name !== null && name.trim() !== '' && name.length <= mostCharacters && mayBeWritten(name);
  return {
    issuer,
    id,
    created: createdAt.slice(0, 10),
    ...(isWritten ? { name } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}
