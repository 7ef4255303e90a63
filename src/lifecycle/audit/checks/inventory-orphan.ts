/** An entry that describes no key of the account. */
import type { InventoryEntry } from '../../../core/inventory/inventory.ts';
import { seenInPart, skipped, type Check } from '../check.ts';
import { noInventory } from '../inventory-words.ts';

export const inventoryOrphan: Check = {
  id: 'inventory-orphan',
  severity: 'low',
  title: 'An inventory entry has no key',
  why: 'The key was revoked, renamed or never there; a list that is wrong in one place is believed in none.',
  remedy: 'Remove the entry, or correct its id or name.',
  run: ({ inventory, part }) => {
    if (!inventory) return skipped(noInventory);
    if (part !== undefined) return skipped(seenInPart(part));
    const { orphans, untold } = inventory;
    const failed = orphans.map((entry) => ({ message: messageOf(entry) }));
    if (untold.length === 0) return { failed };
    const why = `${untold.length} inventory entries have a digest alone; name their keys, or give them with --stdin`;
    return { failed, skipped: why };
  },
};

function messageOf({ name, id }: InventoryEntry): string {
  const named = name === undefined ? '' : ` "${name}"`;
  return `the entry${named}${id === undefined ? '' : ` (${id})`} belongs to no listed key, or not to one alone`;
}
