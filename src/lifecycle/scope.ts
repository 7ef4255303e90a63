/** What a key's scope lets it do, and in words. */
import type { KeyEntry, KeyScope, Probe } from '../providers/provider.ts';

/** The listing knows permissions, the probe often the kind: the more telling of the two. */
export function scopeOf(
  entry: Pick<KeyEntry, 'scope'> | undefined,
  probe: Pick<Probe, 'scope'> | undefined,
): KeyScope {
  const listed = entry?.scope;
  if (listed && listed.kind !== 'unknown') return listed;
  return probe?.scope ?? listed ?? { kind: 'unknown' };
}

/** False also where it is not known. */
export function mayRevokeKeys(scope: KeyScope): boolean {
  return managesKeys(scope, 'api_key_delete');
}

export function mayMakeKeys(scope: KeyScope): boolean {
  return managesKeys(scope, 'api_key_create');
}

function managesKeys({ kind, permissions }: KeyScope, permission: string): boolean {
  if (kind === 'mailboxes' || kind === 'unknown') return false;
  return permissions === undefined || permissions[permission] === true;
}

/** As in "opens …". */
export function describeScope({ kind, ids = [], permissions }: KeyScope): string {
  return `${places[kind]}${ids.length > 0 ? ` ${ids.join(', ')}` : ''}${rights(permissions)}`;
}

const places = {
  full: 'everything in the account: keys, mailboxes, domains, billing',
  mailboxes: 'the mailboxes',
  organization: 'the whole organization',
  pod: 'the pod',
  inbox: 'the inbox',
  unknown: 'what the issuer does not say',
} as const satisfies Record<KeyScope['kind'], string>;

function rights(permissions: KeyScope['permissions']): string {
  if (!permissions) return '';
  const granted = Object.keys(permissions).filter((name) => permissions[name] === true);
  return granted.length === 0 ? ', without any permission' : ` (${granted.sort().join(', ')})`;
}

/** Same kind, same places, same permissions; the order of lists does not count. */
export function isSameScope(a: KeyScope, b: KeyScope): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ kind, ids, permissions }: KeyScope): string {
  const granted =
    permissions && Object.keys(permissions).filter((name) => permissions[name] === true);
  return JSON.stringify([kind, [...(ids ?? [])].sort(), granted ? granted.sort() : null]);
}
