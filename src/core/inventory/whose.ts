/** Found keys × inventory → whose they are. By digest alone: nobody is asked, and nothing is guessed. */
import type { Exposure } from '../model/exposure.ts';
import type { KeyOwner } from '../model/key-owner.ts';
import type { InventoryEntry } from './inventory.ts';

/** The exposures, those of the inventory with its words, which `clean` has gone over. */
export function tellOwners(
  keys: readonly Exposure[],
  inventory: readonly InventoryEntry[],
  clean: (text: string) => string,
): readonly Exposure[] {
  const byDigest = new Map(inventory.map((entry) => [entry.digest, entry]));
  return keys.map((key) => {
    const entry = byDigest.get(key.secretId);
    return entry ? { ...key, owner: ownerOf(entry, clean) } : key;
  });
}

const words = ['name', 'owner', 'service', 'environment', 'approver', 'created'] as const;

export function ownerOf(entry: KeyOwner, clean: (text: string) => string = asIs): KeyOwner {
  return Object.fromEntries(
    words.flatMap((key) => {
      const text = entry[key];
      return text === undefined ? [] : [[key, clean(text)]];
    }),
  );
}

/** All texts of the inventory that a report of these keys would show. */
export function shownWords(
  keys: readonly Exposure[],
  inventory: readonly InventoryEntry[],
): readonly string[] {
  const found = new Set(keys.map(({ secretId }) => secretId));
  return inventory
    .filter(({ digest }) => digest !== undefined && found.has(digest))
    .flatMap((entry) => Object.values(ownerOf(entry)));
}

function asIs(text: string): string {
  return text;
}
