/** The local key-API servers answer as the documentation says. */
import { afterEach, describe, expect, it } from 'vitest';
import { startAgentmail, type AgentmailServer } from '../support/key-api/agentmail.ts';
import { startRobotomail, type RobotomailServer } from '../support/key-api/robotomail.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function call(url: string, key: string | undefined, method = 'GET', body?: unknown) {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, json, headers: response.headers };
}

async function robotomail(): Promise<RobotomailServer> {
  const server = await startRobotomail();
  close = server.close;
  return server;
}

async function agentmail(): Promise<AgentmailServer> {
  const server = await startAgentmail();
  close = server.close;
  return server;
}

describe('Robotomail', () => {
  it('lists with the first eight characters and a quota header', async () => {
    const server = await robotomail();
    const { id, key } = server.addKey({ name: 'ci' });
    const { status, json, headers } = await call(`${server.url}/api-keys`, key);
    expect(status).toBe(200);
    expect(headers.get('x-robotomail-inbound-quota')).toBe('12/unlimited');
    expect(json).toMatchObject({
      keys: [{ id, name: 'ci', prefix: key.slice(0, 8), enabled: true }],
    });
  });

  it('creates without telling the id; an empty list of mailboxes means full access', async () => {
    const server = await robotomail();
    const { key } = server.addKey();
    const made = await call(`${server.url}/api-keys`, key, 'POST', {
      name: ' new ',
      mailboxIds: [],
    });
    expect(made.status).toBe(201);
    expect(Object.keys(made.json as object).sort()).toEqual(['key', 'prefix', 'scoped']);
    expect(made.json).toMatchObject({ scoped: false });
    expect(server.keys[1]?.name).toBe('new');
  });

  it.each([
    ['no key', undefined, 401],
    ['an unknown key', 'rm_0', 401],
  ])('refuses %s', async (_, key, status) => {
    const server = await robotomail();
    expect((await call(`${server.url}/api-keys`, key)).status).toBe(status);
  });

  it('keeps the only full-access key of a healthy account, and only of such', async () => {
    const server = await robotomail();
    const { id, key } = server.addKey();
    server.addKey({ mailboxIds: server.account.mailboxIds.slice(0, 1) });
    expect((await call(`${server.url}/api-keys/${id}`, key, 'DELETE')).status).toBe(400);
    server.account.isSuspended = true;
    expect((await call(`${server.url}/api-keys/${id}`, key, 'DELETE')).json).toEqual({
      revoked: true,
    });
    expect((await call(`${server.url}/api-keys`, key)).status).toBe(401);
  });

  it('gives a scoped key its mailboxes and nothing of the account', async () => {
    const server = await robotomail();
    const mailboxIds = server.account.mailboxIds.slice(1, 2);
    const { key } = server.addKey({ mailboxIds });
    expect((await call(`${server.url}/api-keys`, key)).status).toBe(403);
    const { json } = await call(`${server.url}/mailboxes`, key);
    expect(json).toMatchObject({ mailboxes: [{ id: mailboxIds[0] }] });
  });

  it('lets a revoked key live on for as many requests as told', async () => {
    const server = await robotomail();
    const operator = server.addKey();
    const old = server.addKey();
    server.switches.revokedLivesRequests = 2;
    await call(`${server.url}/api-keys/${old.id}`, operator.key, 'DELETE');
    const states = [];
    for (let count = 0; count < 3; count += 1) {
      states.push((await call(`${server.url}/api-keys`, old.key)).status);
    }
    expect(states).toEqual([200, 200, 401]);
  });

  it('does what was asked though the answer is lost', async () => {
    const server = await robotomail();
    const { key } = server.addKey();
    server.break({ method: 'POST', fault: { kind: 'lost' } });
    await expect(call(`${server.url}/api-keys`, key, 'POST', {})).rejects.toThrow();
    expect(server.enabled()).toHaveLength(2);
    expect(server.asked(key).map(({ method, status }) => [method, status])).toEqual([
      ['POST', undefined],
    ]);
  });

  it('answers unknown paths with JSON', async () => {
    const server = await robotomail();
    const { status, json } = await call(`${server.origin}/v2/api-keys`, 'x');
    expect([status, json]).toMatchObject([404, { code: 'NOT_FOUND' }]);
  });
});

describe('AgentMail', () => {
  it('walks pages, an empty one among them', async () => {
    const server = await agentmail();
    const { key } = server.addKey();
    for (let count = 0; count < 4; count += 1) server.addKey();
    server.switches.pageSize = 2;
    server.switches.hasEmptyPage = true;
    const sizes: unknown[] = [];
    let token: unknown = '';
    while (typeof token === 'string') {
      const query = token === '' ? '' : `?page_token=${token}`;
      const { json } = await call(`${server.url}/api-keys${query}`, key);
      const fields = new Map<string, unknown>(Object.entries(json as object));
      sizes.push(fields.get('count'));
      token = fields.get('next_page_token');
    }
    expect(sizes).toEqual([2, 2, 0, 1]);
  });

  it('refuses in the API by code, in the gateway without one', async () => {
    const server = await agentmail();
    const known = server.addKey({ permissions: { inbox_read: true } });
    const other = (await startAgentmailKey('other')).key;
    const me = `${server.url}/auth/me`;
    expect(await call(me, other)).toMatchObject({ status: 401, json: { code: 'unknown_api_key' } });
    expect((await call(me, 'am_us_cut')).json).toEqual({ message: 'Forbidden' });
    expect(await call(me, undefined)).toMatchObject({ json: { code: 'missing_authorization' } });
    expect(await call(me, 'a.b.c')).toMatchObject({ json: { code: 'invalid_token_type' } });
    expect(await call(`${server.url}/api-keys`, known.key)).toMatchObject({
      status: 403,
      json: { code: 'missing_permission' },
    });
  });

  it('makes no child with more rights than its parent', async () => {
    const server = await agentmail();
    const { key } = server.addKey({ permissions: { api_key_create: true } });
    const make = (body: unknown) => call(`${server.url}/api-keys`, key, 'POST', body);
    expect(await make({})).toMatchObject({ json: { code: 'unrestricted_key_required' } });
    expect(await make({ permissions: { inbox_read: true } })).toMatchObject({
      json: { code: 'permission_escalation' },
    });
    expect(await make({ permissions: { api_key_create: true } })).toMatchObject({ status: 200 });
  });

  it('hides what lies outside the scope', async () => {
    const server = await agentmail();
    const [podId = '', otherPod = ''] = server.podIds;
    const { key } = server.addKey({ scope: { kind: 'pod', podId } });
    expect((await call(`${server.url}/pods/${podId}/api-keys`, key)).status).toBe(200);
    expect((await call(`${server.url}/pods/${otherPod}/api-keys`, key)).status).toBe(404);
    expect((await call(`${server.url}/api-keys`, key)).status).toBe(403);
  });
});

async function startAgentmailKey(seed: string) {
  const server = await startAgentmail({ seed });
  await server.close();
  return server.addKey();
}
