/** Robotomail: which key it is, making and revoking, and what goes wrong in between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import type { KeyScope } from '../../src/providers/provider.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import {
  startRobotomail,
  type RobotomailKey,
  type RobotomailServer,
} from '../support/key-api/robotomail.ts';
import { quickHttp, type QuickHttp } from '../support/quick-http.ts';

let server: RobotomailServer;
let http: QuickHttp;
let operator: RobotomailKey;

beforeEach(async () => {
  server = await startRobotomail();
  operator = server.addKey({ name: 'operator' });
  http = quickHttp(server.url);
});
afterEach(() => server.close());

const secret = ({ key }: { readonly key: string }) => new Secret(key, ['rm_']);
const identify = (key: RobotomailKey, by = operator) =>
  robotomail.identify?.(secret(key), secret(by), http);
const create = (scope: KeyScope, by = operator) =>
  robotomail.create?.(secret(by), { name: 'next', scope }, http);
const revoke = (id: string, by = operator) => robotomail.revoke?.(secret(by), id, http);
const sent = (method: string) => server.requests.filter((one) => one.method === method);

describe('list', () => {
  it('gives what the issuer tells, and says that it tells no scope', async () => {
    server.addKey({ name: null, hasPrefix: false, isEnabled: false });
    const listed = await robotomail.list?.(secret(operator), http);
    expect(listed).toMatchObject({
      ok: true,
      value: [
        { id: operator.id, name: 'operator', prefix: operator.key.slice(0, 8), isEnabled: true },
        { name: null, prefix: null, isEnabled: false, scope: { kind: 'unknown' } },
      ],
    });
    expect(robotomail.tells.scope).toBe(false);
  });

  it.each<[string, Fault | 'scoped' | 'suspended' | 'unknown', object]>([
    ['an unknown credential', 'unknown', { kind: 'rejected', status: 401 }],
    ['a scoped credential', 'scoped', { kind: 'forbidden', status: 403 }],
    ['a suspended account', 'suspended', { kind: 'suspended', status: 403 }],
    ['patience', { kind: 'rate-limit' }, { kind: 'rate-limited', status: 429 }],
    ['a page', { kind: 'html', status: 200 }, { kind: 'unexpected', status: 200 }],
    ['a gateway', { kind: 'html' }, { kind: 'unreachable', status: 502 }],
    [
      'a wrong path',
      { kind: 'reply', status: 404, json: { error: 'x', code: 'NOT_FOUND' } },
      { kind: 'unexpected' },
    ],
    [
      'another host',
      { kind: 'redirect', to: 'https://elsewhere.invalid' },
      { kind: 'unexpected', status: 302 },
    ],
    ['no answer', { kind: 'refused' }, { kind: 'unreachable' }],
  ])('fails in the way of %s', async (_, how, failure) => {
    let by = operator;
    if (how === 'suspended') server.account.isSuspended = true;
    else if (how === 'scoped') by = server.addKey({ mailboxIds: server.account.mailboxIds });
    else if (how === 'unknown') by = { ...operator, key: 'rm_nobody' };
    else server.break({ times: Infinity, fault: how });
    expect(await robotomail.list?.(secret(by), http)).toMatchObject({ ok: false, failure });
  });
});

describe('identify', () => {
  it('finds the only entry that shows the beginning', async () => {
    const exposed = server.addKey();
    expect(await identify(exposed)).toMatchObject({ kind: 'found', id: exposed.id, by: 'prefix' });
  });

  it('is exact when the key is the only enabled one of its account', async () => {
    const alone = server.addKey({ account: server.addAccount(), hasPrefix: false });
    expect(await identify(alone, alone)).toMatchObject({
      kind: 'found',
      id: alone.id,
      by: 'exact',
    });
  });

  it('never takes one of two', async () => {
    const exposed = server.addKey();
    const twin = server.addKey({ beginsLike: exposed.key });
    const found = await identify(exposed);
    expect(found).toMatchObject({
      kind: 'ambiguous',
      candidates: [{ id: exposed.id }, { id: twin.id }],
    });
  });

  it('does not take a disabled namesake into account', async () => {
    const exposed = server.addKey();
    server.addKey({ beginsLike: exposed.key, isEnabled: false });
    expect(await identify(exposed)).toMatchObject({ kind: 'found', id: exposed.id });
  });

  it('does not guess where no beginning is shown', async () => {
    const exposed = server.addKey({ hasPrefix: false });
    expect(await identify(exposed)).toMatchObject({
      kind: 'absent',
      message: expect.stringContaining('1 show none'),
    });
  });

  it('looks up no dead key, also where a namesake lives', async () => {
    const dead = server.addKey();
    server.addKey({ beginsLike: dead.key });
    await revoke(dead.id);
    expect(await identify(dead)).toMatchObject({ kind: 'absent' });
  });

  it('does not hit a namesake of a full-access key of another account', async () => {
    const foreign = server.addKey({ account: server.addAccount() });
    server.addKey({ beginsLike: foreign.key });
    expect(await identify(foreign)).toMatchObject({
      kind: 'absent',
      message: expect.stringContaining('another account'),
    });
  });

  it('does not hit a namesake of a scoped key of another account', async () => {
    const account = server.addAccount();
    const foreign = server.addKey({ account, mailboxIds: account.mailboxIds.slice(0, 1) });
    server.addKey({ beginsLike: foreign.key });
    expect(await identify(foreign)).toMatchObject({ kind: 'absent' });
  });

  it('finds a scoped key of the same account', async () => {
    const scoped = server.addKey({ mailboxIds: server.account.mailboxIds.slice(0, 1) });
    expect(await identify(scoped)).toMatchObject({ kind: 'found', id: scoped.id, by: 'prefix' });
  });

  it('says that it could not, and why', async () => {
    server.break({ times: Infinity, fault: { kind: 'html' } });
    expect(await identify(server.addKey())).toMatchObject({
      kind: 'failed',
      failure: { kind: 'unreachable' },
    });
  });
});

describe('create', () => {
  it('learns the id from the listings before and after', async () => {
    server.addKey({ hasPrefix: false });
    const made = await create({ kind: 'full' });
    const stored = server.keys.at(-1);
    expect(made).toMatchObject({ ok: true, value: { id: stored?.id, scope: { kind: 'full' } } });
    expect(made?.ok && made.value.key.reveal()).toBe(stored?.key);
    expect(sent('POST')[0]?.body).toEqual({ name: 'next' });
  });

  it('learns it from the one that is new where no beginning is shown', async () => {
    server.switches.hidesPrefix = true;
    const made = await create({ kind: 'full' });
    expect(made).toMatchObject({ ok: true, value: { id: server.keys.at(-1)?.id } });
  });

  it('tells no id where several keys are new and look alike', async () => {
    server.switches.nextBeginning = 'abcde';
    server.break({ method: 'POST', fault: { kind: 'doubled' } });
    const made = await create({ kind: 'full' });
    expect(made).toMatchObject({ ok: true });
    expect(made?.ok && made.value).not.toHaveProperty('id');
  });

  it('binds the key to the mailboxes', async () => {
    const ids = server.account.mailboxIds.slice(0, 2);
    const made = await create({ kind: 'mailboxes', ids });
    expect(made).toMatchObject({ ok: true, value: { scope: { kind: 'mailboxes', ids } } });
    expect(server.keys.at(-1)?.mailboxIds).toEqual(ids);
  });

  it.each<KeyScope>([
    { kind: 'mailboxes', ids: [] },
    { kind: 'mailboxes' },
    { kind: 'unknown' },
    { kind: 'organization' },
  ])('asks nothing for %o: it would open everything', async (scope) => {
    expect(await create(scope)).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
    expect(server.requests).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['lost', { kind: 'lost' }],
    ['cut', { kind: 'cut' }],
    ['a page', { kind: 'html' }],
    ['a success that cannot be read', { kind: 'reply', status: 201, json: { ok: true } }],
    ['a service that is busy', { kind: 'reply', status: 503, json: { error: 'busy' } }],
  ])('is unreachable and not tried again when the answer is %s', async (_, fault) => {
    server.break({ method: 'POST', times: Infinity, fault });
    expect(await create({ kind: 'full' })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    expect(sent('POST')).toHaveLength(1);
  });

  it.each<[string, Partial<RobotomailServer['account']>, KeyScope, object]>([
    ['payment gate', { isGated: true }, { kind: 'full' }, { kind: 'payment', status: 402 }],
    ['foreign mailbox', {}, { kind: 'mailboxes', ids: ['x'] }, { kind: 'not-found', status: 404 }],
  ])('is refused: %s', async (_, account, scope, failure) => {
    Object.assign(server.account, account);
    expect(await create(scope)).toMatchObject({ ok: false, failure });
  });

  it('makes nothing when the listing before it fails', async () => {
    server.break({ method: 'GET', times: Infinity, fault: { kind: 'rate-limit' } });
    expect(await create({ kind: 'full' })).toMatchObject({ failure: { kind: 'rate-limited' } });
    expect(sent('POST')).toEqual([]);
  });

  it('keeps the secret when only the listing after it fails', async () => {
    server.break({ method: 'GET', times: 1, fault: { kind: 'slow', delayMs: 0 } });
    server.break({ method: 'GET', times: Infinity, fault: { kind: 'html' } });
    const made = await create({ kind: 'full' });
    expect(made?.ok && made.value.key.reveal()).toBe(server.keys.at(-1)?.key);
    expect(made?.ok && made.value).not.toHaveProperty('id');
  });
});

describe('revoke', () => {
  it('revokes', async () => {
    const old = server.addKey();
    expect(await revoke(old.id)).toEqual({ ok: true, value: undefined });
    expect(old.isEnabled).toBe(false);
  });

  it.each<[string, () => Promise<unknown> | undefined, object]>([
    ['the last active key', () => revoke(operator.id), { kind: 'last-active-key', status: 400 }],
    ['an id that is not there', () => revoke('nothing'), { kind: 'not-found', status: 404 }],
    ['an id that is a path', () => revoke('..'), { kind: 'invalid' }],
    ['an id with a slash', () => revoke('a/../../mailboxes'), { kind: 'not-found', status: 404 }],
  ])('tells %s', async (_, act, failure) => {
    expect(await act()).toMatchObject({ ok: false, failure });
    expect(operator.isEnabled).toBe(true);
  });

  it('is not tried again when the answer is lost', async () => {
    const old = server.addKey();
    server.break({ method: 'DELETE', fault: { kind: 'lost' } });
    expect(await revoke(old.id)).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(sent('DELETE')).toHaveLength(1);
  });

  it('tells a payment gate nothing: it does not stop revoking', async () => {
    const old = server.addKey();
    server.account.isGated = true;
    expect(await revoke(old.id)).toMatchObject({ ok: true });
  });
});

it('asks for the mailboxes with the key itself', async () => {
  const mailboxIds = server.account.mailboxIds.slice(1);
  const scoped = server.addKey({ mailboxIds });
  const opened = await robotomail.mailboxes?.(secret(scoped), http);
  expect(opened).toEqual({ ok: true, value: mailboxIds });
});
