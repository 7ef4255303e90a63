/** Accounts for the checks: a key that nothing is wrong with, and what a test changes about it. */
import type { Account } from '../../../src/lifecycle/audit/account.ts';
import { defaultNamePattern } from '../../../src/lifecycle/audit/names.ts';
import type { KeyEntry } from '../../../src/providers/provider.ts';

export const now = new Date('2026-03-01T12:00:00Z');

export function daysAgo(days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString();
}

/** A key of one inbox that only reads: young, used, well named. */
export function makeKey(parts: Partial<KeyEntry> = {}): KeyEntry {
  return {
    id: 'key_1',
    name: 'mailer-production',
    prefix: 'am_us_0a1b',
    isEnabled: true,
    createdAt: daysAgo(10),
    usedAt: daysAgo(1),
    scope: { kind: 'inbox', ids: ['inbox_1'], permissions: { message_read: true } },
    ...parts,
  };
}

export function makeAccount(
  keys: readonly Partial<KeyEntry>[],
  parts: Partial<Account> = {},
): Account {
  return {
    issuer: {
      id: 'agentmail',
      name: 'AgentMail',
      tells: { scope: true, lastUse: true, permissions: true },
    },
    keys: keys.map((key, index) =>
      makeKey({ id: `key_${index + 1}`, prefix: `am_us_0a1${index}`, ...key }),
    ),
    settings: { maxAgeDays: 90, maxIdleDays: 90, namePattern: defaultNamePattern },
    now,
    secretsInNames: new Map(),
    ...parts,
  };
}

/** An issuer that tells as little as Robotomail does. */
export const silent: Account['issuer'] = {
  id: 'robotomail',
  name: 'Robotomail',
  tells: { scope: false, lastUse: false, permissions: false },
};
