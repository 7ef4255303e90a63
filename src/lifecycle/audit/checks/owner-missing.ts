/** A key that belongs to nobody. */
import { called, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { noInventory } from '../inventory-words.ts';

export const ownerMissing: Check = {
  id: 'owner-missing',
  severity: 'low',
  title: 'The inventory names no owner',
  why: 'When the key leaks at night somebody must know whom to ask before it is revoked.',
  remedy:
    'Write its owner into keywarden.keys.yaml; keywarden audit --write-inventory adds the entry.',
  run: ({ keys, inventory }) => {
    if (!inventory) return skipped(noInventory);
    return eachKey(enabled(keys), (key) => {
      const entry = inventory.entries.get(key.id);
      if (!entry) return `${called(key)} is not in the inventory`;
      return entry.owner === undefined ? `${called(key)} has no owner in the inventory` : undefined;
    });
  },
};
