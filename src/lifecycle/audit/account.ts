/** What the checks look at: one account's keys and all that is known beside them. Values only. */
import type { InventoryEntry } from '../../core/inventory/inventory.ts';
import type { KeyEntry, Provider } from '../../providers/provider.ts';
import type { Exposed } from './match-exposures.ts';

export interface AuditSettings {
  readonly maxAgeDays: number;
  readonly maxIdleDays: number;
  /** The convention of names. */
  readonly namePattern: RegExp;
}

export interface Account {
  readonly issuer: Pick<Provider, 'id' | 'name' | 'tells'>;
  /** Disabled ones too. */
  readonly keys: readonly KeyEntry[];
  /** Id of the key that the listing was asked with, where it is known for certain. */
  readonly operatorId?: string;
  /** The credential saw only this part of the account. */
  readonly part?: string;
  readonly settings: AuditSettings;
  readonly now: Date;
  /** Absent: there is no inventory. */
  readonly inventory?: AccountInventory;
  /** Absent: no report of a scan was given. */
  readonly exposures?: Exposed;
  /** By name: what kind of secret stands in it. */
  readonly secretsInNames: ReadonlyMap<string, string>;
}

/** The inventory, as far as it is this issuer's. */
export interface AccountInventory {
  /** By key id. */
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  /** Entries to which no key of the account belongs. */
  readonly orphans: readonly InventoryEntry[];
  /** Entries with a digest alone, of which the raw key would have to be at hand. */
  readonly untold: readonly InventoryEntry[];
}

const dayMs = 86_400_000;

/** Whole days from a date (ISO 8601) to another; below 0 for a date to come. */
export function daysBetween(from: string, to: Date): number {
  return Math.floor((to.getTime() - Date.parse(from)) / dayMs);
}

/** As a person finds it in the issuer's list: its name, else its id. */
export function called({ name, id }: Pick<KeyEntry, 'name' | 'id'>): string {
  return name === null || name.trim() === '' ? `the nameless key ${id}` : `"${name}"`;
}

export function enabled(keys: readonly KeyEntry[]): readonly KeyEntry[] {
  return keys.filter(({ isEnabled }) => isEnabled);
}
