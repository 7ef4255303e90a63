/** AgentMail: listing page by page, which key it is, making and revoking on the route of a scope. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import type { KeyScope } from '../../src/providers/provider.ts';
import {
  startAgentmail,
  type AgentmailKey,
  type AgentmailScope,
  type AgentmailServer,
} from '../support/key-api/agentmail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import { quickHttp, type QuickHttp } from '../support/quick-http.ts';

let server: AgentmailServer;
let http: QuickHttp;
let operator: AgentmailKey;
let pod: AgentmailScope;
let podScope: KeyScope;

beforeEach(async () => {
  server = await startAgentmail();
  operator = server.addKey({ name: 'operator' });
  http = quickHttp(server.url);
  const podId = server.podIds[0] ?? '';
  pod = { kind: 'pod', podId };
  podScope = { kind: 'pod', ids: [podId] };
});
afterEach(() => server.close());

const secret = ({ key }: { readonly key: string }) => new Secret(key, ['am_us_']);
const list = (by = operator) => agentmail.list?.(secret(by), http);
const identify = (key: AgentmailKey) => agentmail.identify?.(secret(key), secret(operator), http);
const create = (scope: KeyScope, by = operator) =>
  agentmail.create?.(secret(by), { name: 'next', scope }, http);
const revoke = (id: string, by = operator) => agentmail.revoke?.(secret(by), id, http);
const sent = (method: string) => server.requests.filter((one) => one.method === method);

describe('list', () => {
  it('tells scope, permissions and last use', async () => {
    const permissions = { inbox_read: true };
    server.addKey({ scope: pod, permissions, usedAt: '2026-01-02T03:04:05Z' });
    server.addKey({ scope: { kind: 'inbox', podId: '', inboxId: server.inboxIds[0] ?? '' } });
    const listed = await list();
    expect(listed).toMatchObject({
      ok: true,
      value: [
        { usedAt: null, scope: { kind: 'inbox', ids: ['first@agentmail.example'] } },
        { usedAt: '2026-01-02T03:04:05.000Z', scope: { ...podScope, permissions } },
        { id: operator.id, name: 'operator', isEnabled: true, scope: { kind: 'organization' } },
      ],
    });
  });

  it('reads all pages, empty ones too, and passes over what is no bearer key', async () => {
    for (let count = 0; count < 250; count += 1) server.addKey();
    server.addPublicKey();
    server.switches.hasEmptyPage = true;
    const listed = await list();
    expect(listed?.ok && new Set(listed.value.map(({ id }) => id)).size).toBe(251);
    expect(server.requests).toHaveLength(4);
  });

  it('ends where pages go round', async () => {
    server.switches.loopsPages = true;
    expect(await list()).toMatchObject({ ok: false, failure: { kind: 'unexpected' } });
    expect(server.requests.length).toBeLessThan(5);
  });

  it('lists the pod of a credential that is bound to one', async () => {
    const bound = server.addKey({ scope: pod });
    const listed = await list(bound);
    expect(listed?.ok && listed.value.map(({ id }) => id)).toEqual([bound.id]);
  });

  it.each<[string, Fault, object]>([
    [
      'the gateway',
      { kind: 'reply', status: 403, json: { message: 'Forbidden' } },
      { kind: 'rejected' },
    ],
    [
      'a missing permission',
      { kind: 'reply', status: 403, json: { message: 'No', code: 'missing_permission' } },
      { kind: 'forbidden' },
    ],
    [
      'an entry of another form',
      { kind: 'reply', status: 200, json: { api_keys: [{ type: 'bearer' }] } },
      { kind: 'unexpected' },
    ],
    ['a page', { kind: 'html', status: 200 }, { kind: 'unexpected' }],
    ['a gateway page', { kind: 'html' }, { kind: 'unreachable', status: 502 }],
  ])('fails in the way of %s', async (_, fault, failure) => {
    server.break({ times: Infinity, fault });
    expect(await list()).toMatchObject({ ok: false, failure });
  });
});

describe('identify', () => {
  it('takes the id from the issuer, though beginnings collide', async () => {
    const exposed = server.addKey();
    server.addKey({ beginsLike: exposed.key });
    expect(await identify(exposed)).toEqual({ kind: 'found', id: exposed.id, by: 'exact' });
  });

  it('does not take a key of another organization for one of its own', async () => {
    const inEu = await startAgentmail({ seed: 'eu', region: 'eu' });
    const euKey = inEu.addKey();
    http = quickHttp({ main: server.url, regions: { us: server.url, eu: inEu.url } });
    expect(await agentmail.identify?.(new Secret(euKey.key), secret(operator), http)).toMatchObject(
      { kind: 'absent', message: expect.stringContaining('another organization') },
    );
    await inEu.close();
  });

  it('says that the credential is not accepted', async () => {
    const exposed = server.addKey();
    const found = await agentmail.identify?.(secret(exposed), new Secret('am_us_cut'), http);
    expect(found).toMatchObject({ kind: 'failed', failure: { kind: 'rejected' } });
  });

  it('looks at the listing only for a live key without an id', async () => {
    server.switches.hidesIdentityId = true;
    const exposed = server.addKey();
    expect(await identify(exposed)).toMatchObject({ kind: 'found', id: exposed.id, by: 'prefix' });
    const twin = server.addKey({ beginsLike: exposed.key });
    expect(await identify(exposed)).toMatchObject({
      kind: 'ambiguous',
      candidates: [{ id: twin.id }, { id: exposed.id }],
    });
  });

  it('takes a beginning that says only the region for none', async () => {
    server.switches.hidesIdentityId = true;
    server.switches.prefixLength = 6;
    expect(await identify(server.addKey())).toMatchObject({ kind: 'absent' });
  });

  it('never looks up a dead key', async () => {
    const dead = server.addKey();
    server.addKey({ beginsLike: dead.key });
    await revoke(dead.id);
    const before = server.requests.length;
    expect(await identify(dead)).toMatchObject({ kind: 'absent' });
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual(['/auth/me']);
  });

  it.each<[Fault, object]>([
    [{ kind: 'refused' }, { kind: 'unreachable' }],
    [{ kind: 'html' }, { kind: 'unreachable', status: 502 }],
    [{ kind: 'rate-limit' }, { kind: 'rate-limited', status: 429 }],
    [
      { kind: 'html', status: 200 },
      { kind: 'unexpected', status: 200 },
    ],
  ])('says that it could not: %o', async (fault, failure) => {
    server.break({ times: Infinity, fault });
    expect(await identify(server.addKey())).toMatchObject({ kind: 'failed', failure });
  });
});

describe('create', () => {
  it('sends no permissions where there are none', async () => {
    const made = await create({ kind: 'organization' });
    expect(made).toMatchObject({ ok: true, value: { id: server.keys.at(-1)?.id } });
    expect(made?.ok && made.value.scope).toEqual({ kind: 'organization' });
    expect(sent('POST')[0]?.body).toEqual({ name: 'next' });
  });

  it('makes it on the route of the scope, with the allow-list', async () => {
    const permissions = { inbox_read: true, inbox_create: false };
    const made = await create({ ...podScope, permissions });
    expect(made).toMatchObject({ ok: true, value: { scope: { ...podScope, permissions } } });
    expect(server.keys.at(-1)).toMatchObject({ scope: pod, permissions });
  });

  it.each<KeyScope>([
    { kind: 'organization', permissions: {} },
    { kind: 'organization', permissions: { inbox_read: false } },
    { kind: 'pod' },
    { kind: 'pod', ids: ['a', 'b'] },
    { kind: 'mailboxes', ids: ['a'] },
    { kind: 'full' },
    { kind: 'unknown' },
  ])('asks nothing for %o', async (scope) => {
    expect(await create(scope)).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
    expect(server.requests).toEqual([]);
  });

  it('is refused more than its parent may', async () => {
    const parent = server.addKey({ permissions: { api_key_create: true } });
    expect(await create({ kind: 'organization' }, parent)).toMatchObject({
      failure: { kind: 'forbidden', status: 403 },
    });
  });

  it('tells that a child was made with fewer rights', async () => {
    server.switches.constrainsChildren = true;
    const parent = server.addKey({ permissions: { api_key_create: true, inbox_read: true } });
    const permissions = { inbox_read: true, inbox_delete: true };
    expect(await create({ kind: 'organization', permissions }, parent)).toMatchObject({
      value: { scope: { permissions: { inbox_read: true } } },
    });
  });

  it.each<Fault>([
    { kind: 'lost' },
    { kind: 'cut' },
    { kind: 'html' },
    { kind: 'html', status: 200 },
  ])('is unreachable and not tried again: %o', async (fault) => {
    server.break({ method: 'POST', times: Infinity, fault });
    expect(await create({ kind: 'organization' })).toMatchObject({
      failure: { kind: 'unreachable' },
    });
    expect(sent('POST')).toHaveLength(1);
  });
});

describe('revoke', () => {
  it.each([200, 204] as const)('takes %d with an empty body', async (status) => {
    server.switches.deleteStatus = status;
    const old = server.addKey();
    expect(await revoke(old.id)).toEqual({ ok: true, value: undefined });
    expect(old.isDeleted).toBe(true);
  });

  it('goes by the route of a credential that is bound to a pod', async () => {
    const bound = server.addKey({ scope: pod });
    const old = server.addKey({ scope: pod });
    expect(await revoke(old.id, bound)).toMatchObject({ ok: true });
    expect(old.isDeleted).toBe(true);
  });

  it('does not reach out of the scope', async () => {
    const bound = server.addKey({ scope: pod });
    expect(await revoke(operator.id, bound)).toMatchObject({ failure: { kind: 'not-found' } });
    expect(operator.isDeleted).toBe(false);
  });

  it.each<[string, () => Promise<unknown> | undefined, object]>([
    ['an id that is not there', () => revoke('nothing'), { kind: 'not-found', status: 404 }],
    ['an id that is a path', () => revoke('.'), { kind: 'invalid' }],
    [
      'a credential that may not',
      () => revoke(operator.id, server.addKey({ permissions: { api_key_read: true } })),
      { kind: 'forbidden' },
    ],
  ])('tells %s', async (_, act, failure) => {
    expect(await act()).toMatchObject({ ok: false, failure });
  });

  it('finds the region of a credential that names none', async () => {
    const plain = await startAgentmail({ seed: 'plain', region: null });
    http = quickHttp({ main: server.url, regions: { us: server.url, eu: plain.url } });
    const by = plain.addKey();
    const old = plain.addKey();
    expect(await revoke(old.id, by)).toMatchObject({ ok: true });
    expect(old.isDeleted).toBe(true);
    await plain.close();
  });
});
