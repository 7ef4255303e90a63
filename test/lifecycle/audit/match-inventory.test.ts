/** Which entry is which key's: never two keys for one entry, never a guess. */
import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../../../src/core/inventory/inventory.ts';
import { matchInventory } from '../../../src/lifecycle/audit/match-inventory.ts';
import type { KeyEntry } from '../../../src/providers/provider.ts';
import { makeKey } from './make-account.ts';

const issuer = 'robotomail';
const key = (id: string, name: string | null, parts: Partial<KeyEntry> = {}) =>
  makeKey({ id, name, ...parts });

function pairs(
  entries: readonly Partial<InventoryEntry>[],
  keys: readonly KeyEntry[],
  digests?: ReadonlyMap<string, string>,
) {
  const inventory = entries.map((entry, index) => ({ issuer, owner: `o${index}`, ...entry }));
  const matched = matchInventory(inventory, issuer, keys, digests);
  return {
    owners: Object.fromEntries([...matched.entries].map(([id, { owner }]) => [id, owner])),
    orphans: matched.orphans.map(({ owner }) => owner),
  };
}

describe('an entry belongs to', () => {
  it.each([
    [
      'the key with its id, whatever its name',
      [{ id: 'k2', name: 'a' }],
      [key('k1', 'a'), key('k2', 'b')],
      { k2: 'o0' },
    ],
    ['the only key with its name', [{ name: 'a' }], [key('k1', 'a'), key('k2', 'b')], { k1: 'o0' }],
    [
      'the enabled one of two with its name',
      [{ name: 'a' }],
      [key('k1', 'a', { isEnabled: false }), key('k2', 'a')],
      { k2: 'o0' },
    ],
    [
      'the one that no other entry names by id',
      [{ id: 'k1', name: 'a' }, { name: 'a' }],
      [key('k1', 'a'), key('k2', 'a')],
      { k1: 'o0', k2: 'o1' },
    ],
  ] as const)('%s', (_what, entries, keys, owners) => {
    expect(pairs(entries, keys)).toEqual({ owners, orphans: [] });
  });

  it('the key at hand with its digest', () => {
    const digest = `ks1_${'0'.repeat(32)}`;
    const keys = [key('k1', 'a'), key('k2', 'a')];
    expect(pairs([{ digest, name: 'a' }], keys, new Map([['k2', digest]]))).toEqual({
      owners: { k2: 'o0' },
      orphans: [],
    });
  });
});

describe('an entry belongs to none', () => {
  it.each([
    ['where two enabled keys have its name', [{ name: 'a' }], [key('k1', 'a'), key('k2', 'a')]],
    ['where another entry has its name too', [{ name: 'a' }, { name: 'a' }], [key('k1', 'a')]],
    [
      'where no key has its id, though one has its name',
      [{ id: 'gone', name: 'a' }],
      [key('k1', 'a')],
    ],
  ] as const)('%s', (_what, entries, keys) => {
    expect(pairs(entries, keys)).toEqual({
      owners: {},
      orphans: entries.map((_one, at) => `o${at}`),
    });
  });

  it('and is no orphan either, where it is of another issuer', () => {
    expect(pairs([{ issuer: 'agentmail', name: 'a' }], [key('k1', 'a')])).toEqual({
      owners: {},
      orphans: [],
    });
  });

  it('and is no orphan, but untold, where it has a digest alone and no key is at hand', () => {
    const entry = { issuer, digest: `ks1_${'0'.repeat(32)}` };
    const matched = matchInventory([entry], issuer, [key('k1', null)]);
    expect(matched).toEqual({ entries: new Map(), orphans: [], untold: [entry] });
  });
});
