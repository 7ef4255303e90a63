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
    return { failed: inventory.orphans.map((entry) => ({ message: messageOf(entry) })) };
  },
};

function messageOf({ name, id }: InventoryEntry): string {
  const named = name === undefined ? '' : ` "${name}"`;
  return `the entry${named}${id === undefined ? '' : ` (${id})`} belongs to no listed key, or not to one alone`;
}
