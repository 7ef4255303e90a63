/**
 * AgentMail's key API as it is documented, one region, over real HTTP. Where nothing is published there is a switch.
 * @see https://docs.agentmail.to/api-reference/api-keys/list
 */
import { agentmailRefusals as refuse } from './agentmail-errors.ts';
import {
  covers,
  idsOf,
  lackingRights,
  readFields,
  shown,
  type AgentmailKey,
  type AgentmailScope,
  type Permissions,
} from './agentmail-model.ts';
import { mint } from './minted.ts';
import { revocations } from './revocations.ts';
import { startServer, type Asked, type KeyServer, type Reply } from './server.ts';

export type { AgentmailKey, AgentmailScope };

export interface AgentmailSwitches {
  /** Items of a page where the request does not say. */
  pageSize: number;
  /** A page without items but with a token stands before the last one. */
  hasEmptyPage: boolean;
  /** The last page's token leads to the first page again. */
  loopsPages: boolean;
  /** Keys that nobody has made are refused by the gateway, before the API. */
  gatewayRefuses: boolean;
  /** 200 or 204. */
  deleteStatus: 200 | 204;
  deletedLivesRequests: number;
  deletedLivesMs: number;
  acceptsAnyKey: boolean;
  /** A key may delete itself. */
  allowsSelfDeletion: boolean;
  /** A child with rights that the caller lacks is made with fewer instead of refused. */
  constrainsChildren: boolean;
  /** `api_key_id` is left out of the identity. */
  hidesIdentityId: boolean;
  /** Characters of a key that a listing shows. */
  prefixLength: number;
  nextBeginning: string;
}

export interface AgentmailServer extends KeyServer {
  /** For the SDK, which adds the version path itself. */
  readonly organizationId: string;
  readonly podIds: readonly string[];
  /** The first belongs to the first pod. */
  readonly inboxIds: readonly string[];
  readonly keys: readonly AgentmailKey[];
  readonly switches: AgentmailSwitches;
  addKey(options?: {
    readonly name?: string;
    readonly scope?: AgentmailScope;
    readonly permissions?: Permissions;
    readonly beginsLike?: string;
    readonly createdAt?: string;
    readonly usedAt?: string;
  }): AgentmailKey;
  /** An entry that is no bearer key. */
  addPublicKey(): void;
  enabled(): readonly AgentmailKey[];
}

export interface AgentmailOptions {
  readonly seed?: string;
  readonly port?: number;
  readonly now?: () => Date;
  /** In the keys it makes; null: none. */
  readonly region?: 'us' | 'eu' | null;
}

const hexLength = 64;

export async function startAgentmail(options: AgentmailOptions = {}): Promise<AgentmailServer> {
  const { seed = 'agentmail', now = () => new Date(), region = 'us' } = options;
  const minted = mint(seed);
  const marker = region === null ? 'am_' : `am_${region}_`;
  const keys: AgentmailKey[] = [];
  const publicKeys: { readonly [field: string]: unknown }[] = [];
  const switches: AgentmailSwitches = {
    pageSize: 50,
    hasEmptyPage: false,
    loopsPages: false,
    gatewayRefuses: false,
    deleteStatus: 200,
    deletedLivesRequests: 0,
    deletedLivesMs: 0,
    acceptsAnyKey: false,
    allowsSelfDeletion: true,
    constrainsChildren: false,
    hidesIdentityId: false,
    prefixLength: 8,
    nextBeginning: '',
  };
  const revoked = revocations(
    {
      get revokedLivesRequests() {
        return switches.deletedLivesRequests;
      },
      get revokedLivesMs() {
        return switches.deletedLivesMs;
      },
    },
    now,
  );
  const organizationId = `org_${minted.id(16)}`;
  const podIds = [`pod_${minted.id(12)}`, `pod_${minted.id(12)}`];
  const inboxIds = ['first', 'second', 'third'].map((name) => `${name}@agentmail.example`);
  const podOf = (inboxId: string): string => podIds[inboxIds.indexOf(inboxId) === 0 ? 0 : 1] ?? '';

  const addKey: AgentmailServer['addKey'] = (made = {}) => {
    const shown = switches.prefixLength;
    const beginning = made.beginsLike?.slice(marker.length, shown) ?? switches.nextBeginning;
    const key = `${marker}${beginning}${minted.hex(hexLength - beginning.length)}`;
    const at = made.createdAt ?? now().toISOString();
    const stored: AgentmailKey = {
      id: minted.id(24),
      key,
      scope: made.scope ?? { kind: 'organization' },
      name: made.name ?? 'default',
      prefix: key.slice(0, shown),
      createdAt: at,
      updatedAt: at,
      ...(made.usedAt === undefined ? {} : { usedAt: made.usedAt }),
      ...(made.permissions === undefined ? {} : { permissions: made.permissions }),
      isDeleted: false,
    };
    keys.push(stored);
    return stored;
  };

  const authenticate = (asked: Asked): AgentmailKey | Reply => {
    const value = asked.bearer;
    if (value === undefined || value === '' || /\s/.test(value)) return refuse.missingAuthorization;
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return refuse.invalidTokenType;
    const stored = keys.find(({ key }) => key === value);
    if (stored && (!stored.isDeleted || revoked.stillLives(stored.id))) return stored;
    const any = switches.acceptsAnyKey ? keys[0] : undefined;
    if (any) return any;
    const isCut = !/^am_[A-Za-z0-9_-]{20,}$/.test(value);
    return switches.gatewayRefuses || isCut ? refuse.gateway : refuse.unknownApiKey;
  };

  const answer = (asked: Asked): Reply => {
    const route = routeOf(asked.path);
    if (!route) return refuse.notFound;
    const caller = authenticate(asked);
    if ('status' in caller) return caller;
    // Any accepted request counts as a use, a probe too.
    caller.usedAt = now().toISOString();
    return operate(asked, route, caller);
  };

  const operate = ({ method, body, query }: Asked, route: Route, caller: AgentmailKey): Reply => {
    const what = `${method} ${route.noun}${route.id === undefined ? '' : '/id'}`;
    if (what === 'GET auth/me') return { status: 200, json: identity(caller) };
    if (what === 'GET organizations') {
      return caller.scope.kind === 'organization'
        ? { status: 200, json: { organization_id: organizationId, inbox_count: inboxIds.length } }
        : refuse.forbidden;
    }
    if (what === 'GET pods') return guarded(caller, 'pod_read', () => listPods(caller));
    if (what === 'GET inboxes') return guarded(caller, 'inbox_read', () => listInboxes(caller));
    if (route.noun !== 'api-keys') return refuse.notFound;
    if (!covers(caller.scope, route.scope)) {
      return route.scope.kind === 'organization' ? refuse.forbidden : refuse.notFound;
    }
    switch (what) {
      case 'GET api-keys':
        return guarded(caller, 'api_key_read', () => list(route.scope, query));
      case 'POST api-keys':
        return guarded(caller, 'api_key_create', () => create(body, route.scope, caller));
      case 'GET api-keys/id':
        return guarded(caller, 'api_key_read', () =>
          onKey(route, (key) => ({ status: 200, json: shown(key) })),
        );
      case 'PATCH api-keys/id':
        return guarded(caller, 'api_key_update', () =>
          onKey(route, (key) => update(key, body, caller)),
        );
      case 'DELETE api-keys/id':
        return guarded(caller, 'api_key_delete', () => onKey(route, (key) => remove(key, caller)));
      default:
        return refuse.notFound;
    }
  };

  const onKey = (route: Route, act: (key: AgentmailKey) => Reply): Reply => {
    const key = keys.find(({ id, isDeleted }) => id === route.id && !isDeleted);
    return key && covers(route.scope, key.scope) ? act(key) : refuse.notFound;
  };

  const identity = ({ id, scope }: AgentmailKey): unknown => ({
    scope_type: scope.kind,
    scope_id:
      scope.kind === 'organization'
        ? organizationId
        : scope.kind === 'pod'
          ? scope.podId
          : scope.inboxId,
    organization_id: organizationId,
    ...idsOf(scope),
    ...(switches.hidesIdentityId ? {} : { api_key_id: id }),
  });

  const list = (scope: AgentmailScope, query: URLSearchParams): Reply => {
    const type = query.get('type');
    const bearers = keys
      .filter((key) => !key.isDeleted && covers(scope, key.scope))
      .map((key) => shown(key));
    const all = [
      ...(type === 'public_key' ? [] : bearers),
      ...(type === 'bearer' || scope.kind !== 'organization' ? [] : publicKeys),
    ];
    const ordered = query.get('ascending') === 'true' ? all : all.reverse();
    return page('api_keys', ordered, query);
  };

  /** Tokens say where the next page starts; `-empty` is the page without items. */
  const page = (name: string, items: readonly unknown[], query: URLSearchParams): Reply => {
    const token = query.get('page_token');
    const limit = Number(query.get('limit') ?? switches.pageSize);
    const from = Number.parseInt(token ?? '0', 10);
    if (!Number.isInteger(from) || !(limit > 0)) return refuse.validation('page_token', 'Invalid');
    const isEmpty = token?.endsWith('-empty') === true;
    const slice = isEmpty ? [] : items.slice(from, from + limit);
    const until = from + slice.length;
    const isBeforeLast = until < items.length && until + limit >= items.length;
    const next =
      until < items.length
        ? `${until}${switches.hasEmptyPage && !isEmpty && isBeforeLast ? '-empty' : ''}`
        : switches.loopsPages
          ? '0'
          : undefined;
    return {
      status: 200,
      json: {
        count: slice.length,
        ...(next === undefined ? {} : { next_page_token: next }),
        [name]: slice,
      },
    };
  };

  const create = (body: unknown, scope: AgentmailScope, caller: AgentmailKey): Reply => {
    const wish = readFields(body);
    if (!wish) return refuse.validation('permissions', 'Invalid input');
    if (wish.permissions === undefined && caller.permissions) return refuse.unrestrictedRequired;
    const lacking = lackingRights(caller, wish.permissions);
    if (lacking.length > 0 && !switches.constrainsChildren) return refuse.escalation;
    const kept = Object.entries(wish.permissions ?? {}).filter(([name]) => !lacking.includes(name));
    const made = addKey({
      scope,
      name: wish.name ?? 'Untitled',
      ...(wish.permissions ? { permissions: Object.fromEntries(kept) } : {}),
    });
    const { used_at: _, type: _type, updated_at: _updated, ...fields } = shown(made);
    return { status: 200, json: { ...fields, api_key: made.key } };
  };

  const update = (key: AgentmailKey, body: unknown, caller: AgentmailKey): Reply => {
    const wish = readFields(body);
    if (!wish) return refuse.validation('permissions', 'Invalid input');
    const changesRights = wish.permissions !== undefined || wish.clearsPermissions;
    if (changesRights && caller.permissions && (wish.clearsPermissions || !key.permissions)) {
      return refuse.unrestrictedRequired;
    }
    if (lackingRights(caller, wish.permissions).length > 0) return refuse.escalation;
    if (wish.name !== undefined) key.name = wish.name;
    if (wish.permissions) key.permissions = wish.permissions;
    if (wish.clearsPermissions) delete key.permissions;
    key.updatedAt = now().toISOString();
    return { status: 200, json: shown(key) };
  };

  const remove = (key: AgentmailKey, caller: AgentmailKey): Reply => {
    if (key === caller && !switches.allowsSelfDeletion) return refuse.cannotDelete;
    key.isDeleted = true;
    revoked.add(key.id);
    return { status: switches.deleteStatus };
  };

  const listPods = ({ scope }: AgentmailKey): Reply => {
    if (scope.kind === 'inbox') return refuse.forbidden;
    const ids = scope.kind === 'organization' ? podIds : [scope.podId];
    const at = '2026-01-01T00:00:00.000Z';
    const pods = ids.map((id) => ({ pod_id: id, name: id, created_at: at, updated_at: at }));
    return { status: 200, json: { count: pods.length, pods } };
  };

  const listInboxes = ({ scope }: AgentmailKey): Reply => {
    const at = '2026-01-01T00:00:00.000Z';
    const inboxes = inboxIds
      .map((id) => ({ inbox_id: id, pod_id: podOf(id), email: id, created_at: at, updated_at: at }))
      .filter(({ inbox_id: inboxId, pod_id: podId }) =>
        covers(scope, { kind: 'inbox', podId, inboxId }),
      );
    return { status: 200, json: { count: inboxes.length, inboxes } };
  };

  const routeOf = (path: string): Route | undefined => {
    const found =
      /^(?:\/(pods|inboxes)\/([^/]+))?\/(auth\/me|organizations|pods|inboxes|api-keys)(?:\/([^/]+))?$/.exec(
        path,
      );
    if (!found) return undefined;
    const [, kind, owner = '', noun = '', rawId] = found;
    const name = decodeURIComponent(owner);
    const scope: AgentmailScope =
      kind === 'pods'
        ? { kind: 'pod', podId: name }
        : kind === 'inboxes'
          ? { kind: 'inbox', podId: podOf(name), inboxId: name }
          : { kind: 'organization' };
    const isThere = scope.kind === 'organization' || [...podIds, ...inboxIds].includes(name);
    const id = rawId === undefined ? {} : { id: decodeURIComponent(rawId) };
    return isThere ? { scope, noun, ...id } : undefined;
  };

  const server = await startServer({
    basePath: '/v0',
    answer,
    outside: () => refuse.notFound,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  return {
    ...server,
    organizationId,
    podIds,
    inboxIds,
    keys,
    switches,
    addKey,
    addPublicKey: () => {
      const at = now().toISOString();
      publicKeys.push({
        type: 'public_key',
        api_key_id: minted.id(24),
        name: 'sign-in',
        status: 'pending',
        permissions: { app_connect: true },
        created_by: { api_key_id: keys[0]?.id ?? minted.id(24) },
        created_at: at,
        updated_at: at,
      });
    },
    enabled: () => keys.filter(({ isDeleted }) => !isDeleted),
  };
}

interface Route {
  readonly scope: AgentmailScope;
  readonly noun: string;
  readonly id?: string;
}

function guarded(caller: AgentmailKey, permission: string, act: () => Reply): Reply {
  const isAllowed = !caller.permissions || caller.permissions[permission] === true;
  return isAllowed ? act() : refuse.missingPermission;
}
