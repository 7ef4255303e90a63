/** The pipeline of an audit: list, place, write the inventory, check, collect. */
import { loadRules } from '../config/load-rules.ts';
import { packageVersion } from '../config/package-root.ts';
import type { AuditReport } from '../core/audit/audit-report.ts';
import { redactor, type Redactor } from '../core/findings/redactor.ts';
import { parseInventory, type InventoryEntry } from '../core/inventory/inventory.ts';
import { ownerOf } from '../core/inventory/whose.ts';
import { inventoryFile } from '../core/model/key-owner.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Account, AuditSettings } from '../lifecycle/audit/account.ts';
import { auditAccount, checkFacts, failedAccount } from '../lifecycle/audit/audit-account.ts';
import { listAccount, type ListedAccount } from '../lifecycle/audit/list-account.ts';
import { matchExposures, type SavedScan } from '../lifecycle/audit/match-exposures.ts';
import { matchInventory } from '../lifecycle/audit/match-inventory.ts';
import { defaultNamePattern } from '../lifecycle/audit/names.ts';
import { readInventoryFile } from '../lifecycle/inventory/inventory-file.ts';
import { writeInventory } from '../lifecycle/inventory/write-inventory.ts';
import type { KeyApi } from '../lifecycle/ports.ts';
import type { GivenKey } from './audit-accounts.ts';
import { secretsInTexts } from './secrets-in-names.ts';

export interface AuditRun {
  readonly accounts: readonly Required<KeyApi>[];
  /** Raw keys that a person handed in. */
  readonly given: readonly GivenKey[];
  readonly scans: readonly SavedScan[];
  readonly hasExposures: boolean;
  readonly maxAgeDays: number;
  readonly maxIdleDays: number;
  readonly namePattern?: RegExp;
  readonly writesInventory: boolean;
  readonly cwd: string;
  readonly now: Date;
}

export interface Audited {
  readonly report: AuditReport;
  /** What a person should know beside it. */
  readonly notes: readonly string[];
}

/** Throws UserError for an inventory that cannot be read or written. */
export async function runAudit(run: AuditRun): Promise<Audited> {
  const before = readInventoryFile(run.cwd);
  const known = before === undefined ? undefined : parseInventory(before, inventoryFile);
  const ruleSet = await loadRules();
  const listings = await Promise.all(
    run.accounts.map(async (api) => {
      const given = run.given.filter(({ provider }) => provider.id === api.provider.id);
      const keys = given.map(({ key }) => key);
      return { api, listing: await listAccount(api, keys) };
    }),
  );
  const listed = listings.flatMap(({ api, listing }) =>
    listing.ok ? [{ issuer: api.provider, ...listing.account }] : [],
  );
  const names = namesIn(listed, ruleSet, run);
  const written = run.writesInventory
    ? writeInventory(run.cwd, before, listed, (name) => !names.kinds.has(name))
    : undefined;
  const inventory = written?.inventory ?? known;
  const settings: AuditSettings = {
    maxAgeDays: run.maxAgeDays,
    maxIdleDays: run.maxIdleDays,
    namePattern: run.namePattern ?? defaultNamePattern,
  };
  const clean = cleaner(names.clean, inventory, ruleSet);
  const accounts = listings.map(({ api, listing }) =>
    listing.ok
      ? auditAccount(
          {
            ...accountOf(api, listing.account, inventory, run),
            settings,
            secretsInNames: names.kinds,
          },
          clean,
        )
      : failedAccount(api.provider, listing.failure),
  );
  return {
    report: {
      schema: 1,
      tool: { name: 'keywarden', version: packageVersion() },
      checkedAt: run.now.toISOString(),
      settings: { ...settings, namePattern: settings.namePattern.source },
      hasInventory: inventory !== undefined,
      checks: checkFacts,
      accounts,
    },
    notes: [...(written?.notes ?? []), ...notesOf(listed, run)],
  };
}

function accountOf(
  { provider }: Required<KeyApi>,
  { keys, digests, operatorId, part }: ListedAccount,
  inventory: readonly InventoryEntry[] | undefined,
  { scans, hasExposures, now }: AuditRun,
): Omit<Account, 'settings' | 'secretsInNames'> {
  const matched = inventory && matchInventory(inventory, provider.id, keys, digests);
  const entries = matched?.entries ?? new Map<string, InventoryEntry>();
  return {
    issuer: provider,
    keys,
    now,
    ...(operatorId === undefined ? {} : { operatorId }),
    ...(part === undefined ? {} : { part }),
    ...(matched ? { inventory: matched } : {}),
    ...(hasExposures
      ? { exposures: matchExposures(scans, { issuer: provider, keys, entries, digests }) }
      : {}),
  };
}

interface Names {
  /** By name: the kind of the secret in it. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly clean: Redactor;
}

/** What is a secret in the names that the issuers list, and what must not be shown of them. */
function namesIn(
  listed: readonly (ListedAccount & { readonly issuer: { readonly rules: readonly string[] } })[],
  ruleSet: RuleSet,
  { accounts, given }: AuditRun,
): Names {
  const own = new Set(listed.flatMap(({ issuer }) => issuer.rules));
  const names = listed.flatMap(({ keys }) => keys.flatMap(({ name }) => name ?? []));
  const found = secretsInTexts(names, ruleSet);
  const titles = new Map(ruleSet.rules.map(({ id, name }) => [id, name]));
  const kinds = found
    .filter(({ rule, isSure }) => isSure || own.has(rule))
    .flatMap(({ secret, rule }) =>
      names
        .filter((name) => name.includes(secret.reveal()))
        .map((name) => [name, titles.get(rule) ?? rule] as const),
    );
  const secrets = [
    ...found.map(({ secret }) => secret),
    ...accounts.map(({ operator }) => operator),
    ...given.map(({ key }) => key),
  ];
  return { kinds: new Map(kinds), clean: redactor(secrets) };
}

/** The words of an inventory may hold secrets too. */
function cleaner(
  clean: Redactor,
  inventory: readonly InventoryEntry[] | undefined,
  ruleSet: RuleSet,
): Redactor {
  const words = (inventory ?? []).flatMap((entry) => [
    ...Object.values(ownerOf(entry)),
    entry.id ?? '',
  ]);
  const more = redactor(secretsInTexts(words, ruleSet).map(({ secret }) => secret));
  return (text) => more(clean(text));
}

function notesOf(
  listed: readonly (ListedAccount & { readonly issuer: { readonly id: string } })[],
  { given, accounts }: AuditRun,
): readonly string[] {
  const asked = new Set(accounts.map(({ provider }) => provider.id));
  const strangers = given.filter(({ provider }) => !asked.has(provider.id));
  return [
    ...listed.flatMap(({ unplaced }) =>
      unplaced.map(({ key, why }) => `${key.redacted} was not placed: ${why}`),
    ),
    ...strangers.map(
      ({ key, provider }) => `${key.redacted} was not placed: no credential of ${provider.name}`,
    ),
  ];
}
