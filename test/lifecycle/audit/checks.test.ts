/** Every check fails on what it is for, passes on what is in order, and says when it cannot tell. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../../../src/core/inventory/inventory.ts';
import type { Account } from '../../../src/lifecycle/audit/account.ts';
import { checks } from '../../../src/lifecycle/audit/checks/index.ts';
import type { Exposed, FoundKey } from '../../../src/lifecycle/audit/match-exposures.ts';
import type { KeyEntry, KeyScope } from '../../../src/providers/provider.ts';
import { daysAgo, makeAccount, silent } from './make-account.ts';

const full: Partial<KeyEntry> = { scope: { kind: 'organization' } };
const inbox = (permissions: KeyScope['permissions']): Partial<KeyEntry> => ({
  scope: { kind: 'inbox', ids: ['i'], ...(permissions ? { permissions } : {}) },
});
const unknownScope: Partial<KeyEntry> = { scope: { kind: 'unknown' } };

function found(...paths: readonly string[]): FoundKey {
  return {
    secretId: 'ks1_0',
    redacted: 'am_us_0a10…ffff',
    places: paths.map((path) => ({ report: 'a.json', repository: 'a', path })),
  };
}

function exposures(
  sureness: 'certain' | 'likely' | 'possible',
  key = found('src/a.ts'),
): Partial<Account> {
  const one = { found: key, sureness, because: 'of a test' };
  const exposed: Exposed = { keys: new Map([['key_1', [one]]]), elsewhere: [] };
  return { exposures: exposed };
}

const nothingExposed: Partial<Account> = { exposures: { keys: new Map(), elsewhere: [] } };

function inventory(
  entry: Partial<InventoryEntry> | undefined,
  orphans: readonly InventoryEntry[] = [],
): Partial<Account> {
  const whole = entry && { issuer: 'agentmail', ...entry };
  return { inventory: { entries: new Map(whole ? [['key_1', whole]] : []), orphans, untold: [] } };
}

interface Case {
  readonly fails: readonly Account[];
  readonly passes: readonly Account[];
  /** Said to be not checked, and no failure. */
  readonly skips?: readonly Account[];
}

const a = makeAccount;
const twoRepositories: FoundKey = {
  ...found(),
  places: [
    { report: 'a.json', repository: 'one', path: 'x' },
    { report: 'b.json', repository: 'two', path: 'x' },
  ],
};

const table: Readonly<Record<string, Case>> = {
  'key-exposed': {
    fails: [a([{}], exposures('certain')), a([{}], exposures('likely'))],
    passes: [a([{}], nothingExposed), a([{}], exposures('possible'))],
    skips: [a([{}])],
  },
  'key-exposed-perhaps': {
    fails: [a([{}], exposures('possible'))],
    passes: [a([{}], nothingExposed), a([{}], exposures('certain'))],
    skips: [a([{}])],
  },
  'key-shared': {
    fails: [
      a([{}], exposures('certain', twoRepositories)),
      a([{}], exposures('possible', found('deploy/.env.production', 'deploy/.env.staging'))),
      a([{}], {
        ...exposures('certain', found('ci/staging.yml')),
        ...inventory({ environment: 'prod' }),
      }),
    ],
    passes: [
      a([{}], nothingExposed),
      a([{}], exposures('certain', found('deploy/.env.production', 'prod/values.yml'))),
      a([{}], {
        ...exposures('certain', found('src/a.ts')),
        ...inventory({ environment: 'prod' }),
      }),
    ],
    skips: [a([{}])],
  },
  'name-holds-secret': {
    fails: [a([{ name: 'key x' }], { secretsInNames: new Map([['key x', 'a key']]) })],
    passes: [a([{}]), a([{ name: null }])],
  },
  'permissions-escalation': {
    fails: [
      a([inbox({ api_key_create: true })]),
      a([inbox({ message_read: true, webhook_create: true })]),
      a([{ scope: { kind: 'organization', permissions: { message_send: true } } }]),
      a([{ scope: { kind: 'organization', permissions: { domain_update: true } } }]),
    ],
    passes: [
      a([inbox({ api_key_create: false, message_send: true })]),
      a([full]),
      a([{ ...inbox({ api_key_create: true }), isEnabled: false }]),
    ],
    skips: [a([unknownScope], { issuer: silent })],
  },
  'full-access': {
    fails: [a([full]), a([{ scope: { kind: 'full' } }])],
    passes: [
      a([{}]),
      a([full], { operatorId: 'key_1' }),
      a([{ ...full, name: 'ops-production' }]),
      a([{ ...full, isEnabled: false }]),
    ],
    skips: [a([unknownScope], { issuer: silent })],
  },
  'full-access-many': {
    fails: [a([full, full, full])],
    passes: [a([full, full]), a([full, full, { ...full, isEnabled: false }]), a([full, {}, {}])],
    skips: [
      a([unknownScope, unknownScope, unknownScope], { issuer: silent }),
      a([full, full, full], { part: 'pod p' }),
    ],
  },
  'full-access-single': {
    fails: [
      a([full]),
      a([full, {}]),
      // Who lists keys where no scope is told has full access: the only key is that one.
      a([unknownScope], { issuer: silent }),
      a([{ ...unknownScope, isEnabled: false }, unknownScope], { issuer: silent }),
    ],
    passes: [a([full, full]), a([{}])],
    skips: [
      a([unknownScope, unknownScope], { issuer: silent }),
      a([unknownScope, unknownScope], { issuer: silent, operatorId: 'key_1' }),
      a([full], { part: 'pod p' }),
    ],
  },
  'permissions-missing': {
    fails: [a([inbox(undefined)]), a([{ scope: { kind: 'pod', ids: ['p'] } }])],
    passes: [a([inbox({})]), a([full])],
    skips: [a([unknownScope], { issuer: silent })],
  },
  'key-too-old': {
    fails: [
      a([{ createdAt: daysAgo(91) }]),
      a([{ createdAt: daysAgo(11) }], { settings: { ...a([]).settings, maxAgeDays: 10 } }),
      a([{ createdAt: daysAgo(40) }], inventory({ rotateAfter: { kind: 'age', days: 30 } })),
      a([{}], inventory({ rotateAfter: { kind: 'day', day: '2026-02-28' } })),
      a([{ createdAt: 'sometime' }]),
    ],
    passes: [
      a([{ createdAt: daysAgo(90) }]),
      a([{ createdAt: daysAgo(200), isEnabled: false }]),
      a([{ createdAt: daysAgo(200) }], inventory({ rotateAfter: { kind: 'age', days: 365 } })),
      a(
        [{ createdAt: daysAgo(200) }],
        inventory({ rotateAfter: { kind: 'day', day: '2026-03-01' } }),
      ),
    ],
  },
  'predecessor-used': {
    fails: [
      a([{ createdAt: daysAgo(60) }, { createdAt: daysAgo(20) }]),
      a([{ createdAt: daysAgo(60) }, { createdAt: daysAgo(20), name: 'mailer-production-v2' }]),
    ],
    passes: [
      a([{ createdAt: daysAgo(60), usedAt: daysAgo(20) }, { createdAt: daysAgo(20) }]),
      a([{ createdAt: daysAgo(60), usedAt: null }, { createdAt: daysAgo(20) }]),
      a([{ createdAt: daysAgo(60) }, { createdAt: daysAgo(20), name: 'billing-production' }]),
      a([
        { createdAt: daysAgo(60) },
        { createdAt: daysAgo(20), scope: { kind: 'inbox', ids: ['other'] } },
      ]),
      a([{ createdAt: daysAgo(60) }, { createdAt: daysAgo(20), isEnabled: false }]),
      a([
        { name: null, createdAt: daysAgo(60) },
        { name: null, createdAt: daysAgo(20) },
      ]),
    ],
    skips: [a([{}], { issuer: silent })],
  },
  'key-idle': {
    fails: [
      a([{ createdAt: daysAgo(200), usedAt: daysAgo(91) }]),
      a([{ createdAt: daysAgo(91), usedAt: null }]),
    ],
    passes: [
      a([{ createdAt: daysAgo(200), usedAt: daysAgo(90) }]),
      a([{ createdAt: daysAgo(30), usedAt: null }]),
      a([{ createdAt: daysAgo(200), usedAt: null, isEnabled: false }]),
    ],
    skips: [a([{}], { issuer: silent })],
  },
  'key-disabled': { fails: [a([{ isEnabled: false }])], passes: [a([{}])] },
  'prefix-collision': {
    fails: [a([{ prefix: 'rm_0a1b2' }, { prefix: 'rm_0a1b2' }])],
    passes: [
      a([{ prefix: 'rm_0a1b2' }, { prefix: 'rm_0a1b3' }]),
      a([{ prefix: 'rm_0a1b2' }, { prefix: 'rm_0a1b2', isEnabled: false }]),
      a([{ prefix: null }, { prefix: null }]),
    ],
    // Both begin with the same single character, as one pair in sixteen does.
    skips: [a([{ prefix: 'am_us_a' }, { prefix: 'am_us_a' }])],
  },
  'name-missing': {
    fails: [a([{ name: null }]), a([{ name: '  ' }])],
    passes: [a([{}]), a([{ name: null, isEnabled: false }])],
  },
  'name-placeholder': {
    fails: ['default', 'test', 'Test Key 2', 'my-new_api-key', 'foo', 'apiKey', 'tmp1', '123'].map(
      (name) => a([{ name }]),
    ),
    passes: [a([{}]), a([{ name: null }]), a([{ name: 'tester' }]), a([{ name: 'mailer-test' }])],
  },
  'name-convention': {
    fails: [a([{ name: 'Mailer' }]), a([{ name: 'mailer production' }])],
    passes: [
      a([{ name: 'mailer-production' }]),
      a([{ name: 'billing-export_staging' }]),
      a([{ name: 'default' }]),
      a([{ name: null }]),
      a([{ name: 'Mailer' }], { settings: { ...a([]).settings, namePattern: /^[A-Z]\w+$/ } }),
    ],
  },
  'owner-missing': {
    fails: [a([{}], inventory(undefined)), a([{}], inventory({ name: 'mailer-production' }))],
    passes: [
      a([{}], inventory({ owner: 'team-mail' })),
      a([{ isEnabled: false }], inventory(undefined)),
    ],
    skips: [a([{}])],
  },
  'inventory-orphan': {
    fails: [a([{}], inventory(undefined, [{ issuer: 'agentmail', name: 'gone' }]))],
    passes: [a([{}], inventory(undefined))],
    skips: [
      a([{}]),
      a([{}], { ...inventory(undefined), part: 'inbox i' }),
      a([{}], {
        inventory: { entries: new Map(), orphans: [], untold: [{ issuer: 'agentmail' }] },
      }),
    ],
  },
  'prefix-missing': {
    fails: [a([{ prefix: null }])],
    passes: [a([{}]), a([{ prefix: null, isEnabled: false }])],
  },
  'exposed-elsewhere': {
    fails: [a([{}], { exposures: { keys: new Map(), elsewhere: [found('x')] } })],
    passes: [a([{}], exposures('certain'))],
    skips: [a([{}])],
  },
};

it('has cases for every check, and no check twice', () => {
  const ids = checks.map(({ id }) => id);
  expect(Object.keys(table).sort()).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
});

it('has a row for every check in docs/audit.md, with its severity', () => {
  const page = readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\w+) +\|/gm)].map(([, id, level]) => [
    id,
    level,
  ]);
  expect(rows).toEqual(checks.map(({ id, severity }) => [id, severity]));
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  const { fails = [], passes = [], skips = [] } = table[id] ?? {};

  it.each(fails)('fails on what it is for ($#)', (account) => {
    const { failed } = check.run(account);
    expect(failed.length).toBeGreaterThan(0);
    for (const { message, keyId } of failed) {
      expect(message).not.toBe('');
      if (keyId !== undefined) expect(account.keys.map((key) => key.id)).toContain(keyId);
    }
  });

  it.each(passes)('passes what is in order ($#)', (account) => {
    expect(check.run(account)).toEqual({ failed: [] });
  });

  it.each(skips.map((account) => ({ account })))('says that it cannot tell ($#)', ({ account }) => {
    const { failed, skipped } = check.run(account);
    expect(failed).toEqual([]);
    expect(skipped).toMatch(/\S.{10,}/);
  });

  it('tells what is wrong, why it matters and what to do', () => {
    for (const text of [check.why, check.remedy]) expect(text).toMatch(/^[A-Z].{20,}\.$/);
    expect(check.title).toMatch(/^[A-Z].{5,}[^.]$/);
  });
});
