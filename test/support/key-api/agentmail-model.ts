/** What AgentMail's keys are and how they are written: scopes, rights, entries. Answers nothing. */

export type Permissions = Readonly<Record<string, boolean>>;

export type AgentmailScope =
  | { readonly kind: 'organization' }
  | { readonly kind: 'pod'; readonly podId: string }
  | { readonly kind: 'inbox'; readonly podId: string; readonly inboxId: string };

export interface AgentmailKey {
  readonly id: string;
  readonly key: string;
  readonly scope: AgentmailScope;
  name: string;
  readonly prefix: string;
  readonly createdAt: string;
  updatedAt: string;
  usedAt?: string;
  /** Absent: everything in the scope. */
  permissions?: Permissions;
  isDeleted: boolean;
}

export function lackingRights(caller: AgentmailKey, wished: Permissions = {}): string[] {
  const own = caller.permissions;
  if (!own) return [];
  return Object.keys(wished).filter((name) => wished[name] === true && own[name] !== true);
}

/** Whether a key of the one scope may see what belongs to the other. */
export function covers(scope: AgentmailScope, other: AgentmailScope): boolean {
  if (scope.kind === 'organization') return true;
  if (scope.kind === 'pod') return other.kind !== 'organization' && other.podId === scope.podId;
  return other.kind === 'inbox' && other.inboxId === scope.inboxId;
}

export function idsOf(scope: AgentmailScope): {
  readonly pod_id?: string;
  readonly inbox_id?: string;
} {
  if (scope.kind === 'organization') return {};
  return scope.kind === 'pod'
    ? { pod_id: scope.podId }
    : { pod_id: scope.podId, inbox_id: scope.inboxId };
}

export function shown(key: AgentmailKey) {
  return {
    type: 'bearer',
    api_key_id: key.id,
    prefix: key.prefix,
    name: key.name,
    created_at: key.createdAt,
    updated_at: key.updatedAt,
    ...(key.usedAt === undefined ? {} : { used_at: key.usedAt }),
    ...idsOf(key.scope),
    ...(key.permissions ? { permissions: key.permissions } : {}),
  };
}

interface Wish {
  readonly name?: string;
  readonly permissions?: Permissions;
  readonly clearsPermissions: boolean;
}

export function readFields(body: unknown): Wish | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(body));
  const name = fields.get('name');
  const permissions = fields.get('permissions');
  if (name !== undefined && typeof name !== 'string') return undefined;
  const isMissing = permissions === undefined || permissions === null;
  if (!isMissing && !isFlags(permissions)) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(isMissing ? {} : { permissions }),
    clearsPermissions: permissions === null,
  };
}

function isFlags(value: unknown): value is Permissions {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((flag) => typeof flag === 'boolean')
  );
}
