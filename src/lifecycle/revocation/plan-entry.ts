/** What the account's listing says of one key, and what follows. Reads only. */
import type { Secret } from '../../core/model/secret.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import type { KeyApi } from '../ports.ts';
import { mayMakeKeys, mayRevokeKeys, scopeOf } from '../scope.ts';
import {
  decided,
  failed,
  refused,
  type Decision,
  type Draft,
  type RevocationPlan,
} from './plan.ts';

/** An issuer with a credential that may ask it. */
export type Armed = KeyApi & { readonly operator: Secret };

/** The key's id is settled: what the listing says of it. */
export async function planEntry(draft: Draft, keyId: string, api: Armed): Promise<RevocationPlan> {
  const { provider, http, operator } = api;
  const listed = await provider.list?.(operator, http);
  if (!listed?.ok) {
    const why = listed?.failure.message ?? `${provider.name} lists no keys`;
    const isLocked = listed?.failure.kind === 'suspended' || listed?.failure.kind === 'forbidden';
    // An exact id needs no listing: some credentials may revoke and not list.
    if (isLocked && draft.identifiedBy !== 'prefix' && draft.by === 'operator') {
      return decided({ ...draft, isLast: 'unknown' }, { kind: 'revoke' });
    }
    return decided(draft, failed(`the account's keys could not be listed: ${why}`));
  }
  const entry = listed.value.find(({ id }) => id === keyId);
  if (!entry) {
    if (draft.identifiedBy === 'exact') {
      return decided({ ...draft, isLast: 'no' }, { kind: 'revoke' });
    }
    return decided(
      draft,
      refused(`the account lists no key ${keyId}: it is gone already, or another account's`),
    );
  }
  const scope = scopeOf(entry, draft.before);
  const known: Draft = {
    ...draft,
    entry,
    scope,
    isLast: lastOf(entry, listed.value, draft, api),
    ...childrenOf(entry, listed.value, { ...draft, scope }),
  };
  const doubt = doubtAbout(entry, draft);
  if (doubt) return decided(known, doubt);
  if (!entry.isEnabled && draft.before?.state !== 'live') {
    return decided(known, { kind: 'already-dead', why: 'the account lists it as disabled' });
  }
  return decided(
    known,
    known.isLast === 'yes' && draft.use !== 'rotate' ? lastKey : { kind: 'revoke' },
  );
}

const lastKey: Decision = {
  kind: 'refused',
  why: 'it is the last active key: without it nothing opens the account. Replace it first: keywarden rotate',
};

/** An id that a person gave is believed only as far as nothing speaks against it. */
function doubtAbout(entry: KeyEntry, { named, isOwnUnknown, by }: Draft): Decision | undefined {
  if (named !== undefined && named !== entry.id) {
    return entry.prefix === null && named === null
      ? undefined
      : refused(
          `the key that was given is not ${entry.id}${named === null ? '' : `, but ${named}`}`,
        );
  }
  if (isOwnUnknown && entry.prefix === null && by !== 'itself') {
    return refused(
      `that id may be the credential's own; give another credential, or say --with-itself`,
    );
  }
  return undefined;
}

/** Whoever revokes with another key keeps that one. */
function lastOf(
  entry: KeyEntry,
  all: readonly KeyEntry[],
  { by }: Draft,
  { provider }: KeyApi,
): 'yes' | 'no' | 'unknown' {
  if (by === 'operator') return 'no';
  const others = all.filter(({ id, isEnabled }) => isEnabled && id !== entry.id);
  if (others.length === 0) return 'yes';
  // Where the listing hides scopes the others may all be scoped keys; the issuer decides.
  if (!provider.tells.scope) return 'unknown';
  return others.some(({ scope }) => mayRevokeKeys(scope)) ? 'no' : 'yes';
}

function childrenOf(
  entry: KeyEntry,
  all: readonly KeyEntry[],
  { target, scope }: Pick<Draft, 'target' | 'scope'>,
): Pick<RevocationPlan, 'children' | 'childrenSince'> {
  if (scope.kind !== 'unknown' && !mayMakeKeys(scope)) return {};
  // Without a date of exposure any key made after it may be its child.
  const childrenSince = target.exposedSince ?? entry.createdAt;
  const since = Date.parse(childrenSince);
  const children = all.filter(
    ({ id, createdAt, isEnabled }) => isEnabled && id !== entry.id && Date.parse(createdAt) > since,
  );
  return { children, childrenSince };
}

export function describeEntry({ id, name, createdAt }: KeyEntry): string {
  return `${id} ${name === null ? '(no name)' : `"${name}"`} of ${createdAt.slice(0, 10)}`;
}
