/** Whose the found keys are: the inventory of the current folder, asked offline. Loaded when there is one. */
import { inventoryFile } from '../core/model/key-owner.ts';
import { parseInventory, type InventoryEntry } from '../core/inventory/inventory.ts';
import { shownWords, tellOwners } from '../core/inventory/whose.ts';
import { redactor } from '../core/findings/redactor.ts';
import type { Exposure } from '../core/model/exposure.ts';
import type { RuleSet } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import { readInventoryFile } from '../lifecycle/inventory/inventory-file.ts';
import { secretsInTexts } from './secrets-in-names.ts';

export interface Told {
  readonly keys: readonly Exposure[];
  /** Why there are no owners, though there is a file. */
  readonly note?: string;
}

/**
 * An inventory that cannot be read stops no scan: it would only have added words, and the folder may
 * be a stranger's.
 */
export function tellOwnersIn(folder: string, keys: readonly Exposure[], ruleSet: RuleSet): Told {
  let inventory: readonly InventoryEntry[];
  try {
    const text = readInventoryFile(folder);
    if (text === undefined) return { keys };
    inventory = parseInventory(text, inventoryFile);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { keys, note: `${error.message}; owners of keys are not told` };
  }
  const secrets = [
    ...keys.map(({ secret }) => secret),
    ...secretsInTexts(shownWords(keys, inventory), ruleSet).map(({ secret }) => secret),
  ];
  return { keys: tellOwners(keys, inventory, redactor(secrets)) };
}
