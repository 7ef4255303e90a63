/**
 * Robotomail's key API as it is documented, over real HTTP. Where nothing is published there is a switch.
 * @see https://robotomail.com/openapi.json
 */
import { mint } from './minted.ts';
import { revocations } from './revocations.ts';
import { startServer, type Asked, type KeyServer, type Reply } from './server.ts';

export interface RobotomailAccount {
  readonly id: string;
  /** UUIDs. */
  readonly mailboxIds: string[];
  isSuspended: boolean;
  /** Behind the payment gate: keys can be listed and revoked, none made. */
  isGated: boolean;
  /** The owner's address is confirmed. */
  isVerified: boolean;
}

export interface RobotomailKey {
  readonly id: string;
  readonly key: string;
  readonly account: RobotomailAccount;
  readonly name: string | null;
  /** As the listing shows it. */
  prefix: string | null;
  readonly createdAt: string;
  isEnabled: boolean;
  /** Absent: full access. */
  readonly mailboxIds?: readonly string[];
}

export interface RobotomailSwitches {
  /** A revoked key stays in the listing with `enabled: false`; else it disappears. */
  keepsRevoked: boolean;
  /** Answer to a second DELETE of the same id. */
  secondDelete: 200 | 404;
  /** A revoked key is still accepted for so many requests with it. */
  revokedLivesRequests: number;
  /** … and for so long. */
  revokedLivesMs: number;
  /** A key that nobody has made is taken for one of the first account: a server that says yes to anything. */
  acceptsAnyKey: boolean;
  /** Keys made from now on are listed without a prefix. */
  hidesPrefix: boolean;
  /** Keys made from now on begin so (hexadecimal behind `rm_`), for collisions. */
  nextBeginning: string;
  /** The payment gate closes the listing, too. */
  gatesListing: boolean;
}

export interface RobotomailServer extends KeyServer {
  readonly account: RobotomailAccount;
  /** All that was ever made, revoked ones too. */
  readonly keys: readonly RobotomailKey[];
  readonly switches: RobotomailSwitches;
  addAccount(mailboxes?: number): RobotomailAccount;
  /** A key made elsewhere (sign-up, dashboard). `beginsLike`: has the same prefix as that key. */
  addKey(options?: {
    readonly account?: RobotomailAccount;
    readonly name?: string | null;
    readonly mailboxIds?: readonly string[];
    readonly beginsLike?: string;
    readonly hasPrefix?: boolean;
    readonly isEnabled?: boolean;
    readonly createdAt?: string;
  }): RobotomailKey;
  /** Enabled keys of the first account. */
  enabled(): readonly RobotomailKey[];
}

const prefixLength = 8;
const hexLength = 64;
const needsFull = { error: 'This operation requires a full-access API key' };

export interface RobotomailOptions {
  readonly seed?: string;
  readonly port?: number;
  readonly now?: () => Date;
}

export async function startRobotomail(options: RobotomailOptions = {}): Promise<RobotomailServer> {
  const { seed = 'robotomail', now = () => new Date() } = options;
  const minted = mint(seed);
  const keys: RobotomailKey[] = [];
  const switches: RobotomailSwitches = {
    keepsRevoked: true,
    secondDelete: 404,
    revokedLivesRequests: 0,
    revokedLivesMs: 0,
    acceptsAnyKey: false,
    hidesPrefix: false,
    nextBeginning: '',
    gatesListing: false,
  };
  const revoked = revocations(switches, now);

  const uuid = (): string => [8, 4, 4, 4, 12].map((length) => minted.hex(length)).join('-');
  const addAccount = (mailboxes = 3): RobotomailAccount => ({
    id: `acc_${minted.id(16)}`,
    mailboxIds: Array.from({ length: mailboxes }, uuid),
    isSuspended: false,
    isGated: false,
    isVerified: true,
  });
  const account = addAccount();

  const addKey: RobotomailServer['addKey'] = (made = {}) => {
    const beginning = made.beginsLike?.slice(3, prefixLength) ?? switches.nextBeginning;
    const key = `rm_${beginning}${minted.hex(hexLength - beginning.length)}`;
    const hasPrefix = made.hasPrefix ?? !switches.hidesPrefix;
    const stored: RobotomailKey = {
      id: `clx${minted.id(22)}`,
      key,
      account: made.account ?? account,
      name: made.name === undefined ? 'default' : made.name,
      prefix: hasPrefix ? key.slice(0, prefixLength) : null,
      createdAt: made.createdAt ?? now().toISOString(),
      isEnabled: made.isEnabled ?? true,
      ...(made.mailboxIds ? { mailboxIds: made.mailboxIds } : {}),
    };
    keys.push(stored);
    return stored;
  };

  const authenticate = (asked: Asked): RobotomailKey | undefined => {
    const stored = keys.find(({ key }) => key === asked.bearer);
    if (stored) return stored.isEnabled || revoked.stillLives(stored.id) ? stored : undefined;
    return switches.acceptsAnyKey ? keys.find((one) => one.account === account) : undefined;
  };

  const answer = (asked: Asked): Reply => {
    const { method, path } = asked;
    const [, folder, id, more] = path.split('/');
    const isKnown =
      more === undefined &&
      (id === undefined
        ? path === '/mailboxes'
          ? method === 'GET'
          : path === '/api-keys' && ['GET', 'POST'].includes(method)
        : folder === 'api-keys' && method === 'DELETE');
    if (!isKnown) return notThere(asked);
    const caller = authenticate(asked);
    if (!caller) return { status: 401, json: { error: 'Invalid or missing API key' } };
    const reply = operate(asked, caller, id);
    const quota = { 'x-robotomail-inbound-quota': '12/unlimited' };
    return { ...reply, headers: { ...quota, ...reply.headers } };
  };

  const operate = (asked: Asked, caller: RobotomailKey, id: string | undefined): Reply => {
    if (asked.path === '/mailboxes') return listMailboxes(caller);
    if (caller.mailboxIds) return { status: 403, json: needsFull };
    if (asked.method === 'GET') return list(caller);
    if (asked.method === 'POST') return create(asked.body, caller);
    return revoke(id ?? '', caller);
  };

  const list = ({ account }: RobotomailKey): Reply => {
    if (account.isSuspended) return suspended;
    if (!account.isVerified) return unverified;
    if (account.isGated && switches.gatesListing) return gated;
    const listed = keys.filter(
      (one) => one.account === account && (one.isEnabled || switches.keepsRevoked),
    );
    return { status: 200, json: { keys: listed.map(summary) } };
  };

  const create = (body: unknown, { account }: RobotomailKey): Reply => {
    if (account.isSuspended) return suspended;
    if (!account.isVerified) return unverified;
    if (account.isGated) return gated;
    const wish = readWish(body);
    if (typeof wish === 'string') return { status: 400, json: { error: wish } };
    if (wish.mailboxIds.some((one) => !account.mailboxIds.includes(one))) {
      return { status: 404, json: { error: 'Mailbox not found' } };
    }
    // An empty list means full access: the documented trap.
    const scope = wish.mailboxIds.length > 0 ? { mailboxIds: wish.mailboxIds } : {};
    const made = addKey({ account, name: wish.name, ...scope });
    return {
      status: 201,
      json: {
        key: made.key,
        prefix: made.key.slice(0, prefixLength),
        scoped: made.mailboxIds !== undefined,
      },
    };
  };

  const revoke = (id: string, { account }: RobotomailKey): Reply => {
    const target = keys.find((one) => one.id === id && one.account === account);
    if (!target) return { status: 404, json: { error: 'API key not found' } };
    if (!target.isEnabled) {
      return switches.secondDelete === 200
        ? { status: 200, json: { revoked: true } }
        : { status: 404, json: { error: 'API key not found' } };
    }
    const full = keys.filter((one) => one.account === account && one.isEnabled && !one.mailboxIds);
    if (!account.isSuspended && full.length === 1 && full[0] === target) {
      return { status: 400, json: { error: 'Cannot revoke only active key' } };
    }
    target.isEnabled = false;
    revoked.add(target.id);
    return { status: 200, json: { revoked: true } };
  };

  const listMailboxes = ({ account, mailboxIds }: RobotomailKey): Reply => {
    if (account.isSuspended) return suspended;
    if (!account.isVerified) return unverified;
    const ids = mailboxIds ?? account.mailboxIds;
    return { status: 200, json: { mailboxes: ids.map(mailbox) } };
  };

  const server = await startServer({
    basePath: '/v1',
    answer,
    outside: notThere,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  return {
    ...server,
    account,
    keys,
    switches,
    addAccount,
    addKey,
    enabled: () => keys.filter((one) => one.account === account && one.isEnabled),
  };
}

const suspended: Reply = {
  status: 403,
  json: { error: 'Account suspended', suspended: true, reason: 'abuse' },
};
const unverified: Reply = { status: 403, json: { error: 'Verify your email address first' } };
const gated: Reply = {
  status: 402,
  json: {
    error: 'Payment required',
    payment_required: true,
    code: 'PAYMENT_REQUIRED',
    upgrade: {
      browserUrl: 'https://robotomail.com/billing',
      apiEndpoint: { method: 'POST', path: '/v1/billing/upgrade' },
      hint: 'Choose a plan',
    },
  },
};

function notThere({ method, path }: Asked): Reply {
  return {
    status: 404,
    json: {
      error: 'Not found',
      code: 'NOT_FOUND',
      message: `No route for ${method} ${path}`,
      resolution: {
        openapi: 'https://robotomail.com/openapi.json',
        docs: 'https://robotomail.com/docs',
        endpoints: 40,
        commonEndpoints: ['GET /v1/mailboxes', 'GET /v1/api-keys'],
      },
    },
  };
}

function summary({ id, name, prefix, createdAt, isEnabled }: RobotomailKey): unknown {
  return { id, name, prefix, createdAt, enabled: isEnabled };
}

function mailbox(id: string): unknown {
  const address = `box-${id.slice(0, 4)}`;
  return { id, address, fullAddress: `${address}@robotomail.example`, status: 'active' };
}

/** The wish, or what is wrong with it. */
function readWish(
  body: unknown,
): { readonly name: string | null; readonly mailboxIds: readonly string[] } | string {
  if (body === undefined) return { name: null, mailboxIds: [] };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'Invalid body';
  const fields = new Map<string, unknown>(Object.entries(body));
  const name = fields.get('name');
  const ids: unknown = fields.get('mailboxIds') ?? [];
  if (name !== undefined && typeof name !== 'string') return 'name: expected a string';
  const isList = Array.isArray(ids) && ids.every((one) => typeof one === 'string');
  if (!isList) return 'mailboxIds: expected a list of strings';
  return { name: name?.trim() ?? null, mailboxIds: ids };
}
