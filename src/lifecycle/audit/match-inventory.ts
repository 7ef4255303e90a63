/** Inventory × listing → which entry is which key's. By id, else by a name that only one key has. */
import type { InventoryEntry } from '../../core/inventory/inventory.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import type { AccountInventory } from './account.ts';

export function matchInventory(
  inventory: readonly InventoryEntry[],
  issuerId: string,
  keys: readonly KeyEntry[],
  digests: ReadonlyMap<string, string> = new Map(),
): AccountInventory {
  const entries = new Map<string, InventoryEntry>();
  const orphans: InventoryEntry[] = [];
  const untold: InventoryEntry[] = [];
  const own = inventory.filter(({ issuer }) => issuer === issuerId);
  for (const entry of own) {
    const id = keyOf(entry, keys, own, digests);
    const hasOnlyDigest = entry.id === undefined && entry.name === undefined;
    if (id === undefined && hasOnlyDigest) untold.push(entry);
    else if (id === undefined || entries.has(id)) orphans.push(entry);
    else entries.set(id, entry);
  }
  return { entries, orphans, untold };
}

function keyOf(
  { id, name, digest }: InventoryEntry,
  keys: readonly KeyEntry[],
  entries: readonly InventoryEntry[],
  digests: ReadonlyMap<string, string>,
): string | undefined {
  if (id !== undefined) return keys.find((key) => key.id === id)?.id;
  const [known] = [...digests].find(([, one]) => one === digest) ?? [];
  if (known !== undefined) return known;
  if (name === undefined) return undefined;
  const taken = new Set(entries.flatMap((entry) => entry.id ?? []));
  const called = keys.filter((key) => key.name === name && !taken.has(key.id));
  // A disabled namesake is what a rotation left.
  const [only, other] = called.length > 1 ? called.filter(({ isEnabled }) => isEnabled) : called;
  const isOnly =
    entries.filter((entry) => entry.id === undefined && entry.name === name).length === 1;
  return other === undefined && isOnly ? only?.id : undefined;
}
