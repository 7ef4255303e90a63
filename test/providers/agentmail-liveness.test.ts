/** Every row of what AgentMail's answers say about a key, in one region and in two. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import { startAgentmail, type AgentmailServer } from '../support/key-api/agentmail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import { mint } from '../support/key-api/minted.ts';
import { quickHttp } from '../support/quick-http.ts';

let us: AgentmailServer;
let eu: AgentmailServer;
let key: Secret;

beforeAll(async () => {
  us = await startAgentmail();
  eu = await startAgentmail({ seed: 'eu', region: 'eu' });
  key = new Secret(us.addKey().key, ['am_us_']);
});
afterAll(async () => {
  await us.close();
  await eu.close();
});
beforeEach(() => {
  us.mend();
  eu.mend();
});

const probe = (secret = key) => agentmail.probe(secret, quickHttp(us.url));
const both = () => quickHttp({ main: us.url, regions: { us: us.url, eu: eu.url } });
const reply = (status: number, json: unknown): Fault => ({ kind: 'reply', status, json });
const page = (status: number): Fault => ({ kind: 'html', status });
const error = (code: string) => ({ name: 'Error', code, message: 'No' });
const nobody = (marker: string) => new Secret(`am_${marker}${mint('nobody').hex(64)}`);

describe('what the API itself says', () => {
  it('200: live, with id, scope and organization', async () => {
    const pod = us.podIds[0] ?? '';
    const { id, key } = us.addKey({ scope: { kind: 'pod', podId: pod } });
    expect(await probe(new Secret(key))).toEqual({
      state: 'live',
      detail: 'pod',
      status: 200,
      scope: { kind: 'pod', ids: [pod] },
      keyId: id,
      account: us.organizationId,
    });
  });

  it.each([
    ['organization', () => ({ kind: 'organization' }) as const, undefined],
    [
      'inbox',
      () => ({ kind: 'inbox', podId: us.podIds[0] ?? '', inboxId: us.inboxIds[0] ?? '' }) as const,
      ['first@agentmail.example'],
    ],
  ])('200 for a key of an %s', async (kind, scope, ids) => {
    const { key } = us.addKey({ scope: scope() });
    const found = await probe(new Secret(key));
    expect(found.scope).toEqual({ kind, ...(ids ? { ids } : {}) });
  });

  it('200 without an id is live all the same', async () => {
    us.switches.hidesIdentityId = true;
    expect(await probe()).not.toHaveProperty('keyId');
    us.switches.hidesIdentityId = false;
  });

  it('401 unknown_api_key: dead', async () => {
    expect(await probe(nobody('us_'))).toMatchObject({ state: 'dead', status: 401 });
  });

  it('403 of the gateway: dead, with low confidence', async () => {
    const found = await probe(new Secret('am_us_cut'));
    expect(found).toMatchObject({ state: 'dead', confidence: 'low', status: 403 });
  });

  it('403 with a code: live, restricted', async () => {
    us.break({ fault: reply(403, error('missing_permission')) });
    expect(await probe()).toMatchObject({ state: 'live', detail: 'restricted', status: 403 });
  });
});

describe('anything else is unknown', () => {
  it.each<[string, Fault]>([
    ['200 with another body', reply(200, { ok: true })],
    ['200 with another scope', reply(200, { scope_type: 'galaxy', organization_id: 'o' })],
    ['200 with HTML', page(200)],
    ['401 invalid_token_type', reply(401, error('invalid_token_type'))],
    ['401 missing_authorization', reply(401, error('missing_authorization'))],
    ['401 unauthorized', reply(401, error('unauthorized'))],
    ['401 without a code', reply(401, { message: 'Unauthorized' })],
    ['401 with HTML', page(401)],
    ['402', reply(402, { x402Version: 1, accepts: [] })],
    ['403 with HTML', page(403)],
    ['403 with another message and no code', reply(403, { message: 'Nope' })],
    ['403 with a name and no code', reply(403, { message: 'Forbidden', name: 'ForbiddenError' })],
    ['404', reply(404, error('not_found'))],
    ['429', { kind: 'rate-limit' }],
    ['429 with Retry-After', { kind: 'rate-limit', retryAfter: '1' }],
    ['500', reply(500, error('internal_error'))],
    ['503', reply(503, error('service_unavailable'))],
    ['502 with HTML', page(502)],
    ['307', { kind: 'redirect', status: 307, to: 'https://api.agentmail.invalid/v0/auth/me' }],
    ['an ended connection', { kind: 'refused' }],
    ['half an answer', { kind: 'cut' }],
  ])('%s', async (_, fault) => {
    us.break({ times: Infinity, fault });
    const { state, detail = '' } = await probe();
    expect(state).toBe('unknown');
    expect(detail).not.toContain(key.reveal());
    expect(detail).not.toBe('');
  });

  it('a time-out', async () => {
    us.break({ times: Infinity, fault: { kind: 'slow', delayMs: 3_000 } });
    const http = quickHttp(us.url, { limits: { timeoutMs: 30 } });
    expect(await agentmail.probe(key, http)).toMatchObject({ state: 'unknown' });
  });
});

describe('regions', () => {
  it('the marker names the only one that is asked', async () => {
    const before = us.requests.length;
    const { key } = eu.addKey();
    expect(await agentmail.probe(new Secret(key), both())).toMatchObject({
      state: 'live',
      region: 'eu',
      account: eu.organizationId,
    });
    expect(us.requests).toHaveLength(before);
  });

  it('without a marker one after the other is asked', async () => {
    const plain = await startAgentmail({ seed: 'plain', region: null });
    const { key } = plain.addKey();
    const http = quickHttp({ main: us.url, regions: { us: us.url, eu: plain.url } });
    expect(await agentmail.probe(new Secret(key), http)).toMatchObject({
      state: 'live',
      region: 'eu',
    });
    await plain.close();
  });

  it('dead only when both say so', async () => {
    expect(await agentmail.probe(nobody(''), both())).toMatchObject({ state: 'dead' });
    eu.break({ times: Infinity, fault: page(502) });
    expect(await agentmail.probe(nobody(''), both())).toMatchObject({
      state: 'unknown',
      region: 'eu',
    });
  });

  it('dead with low confidence when one of them was the gateway', async () => {
    eu.break({ fault: reply(403, { message: 'Forbidden' }) });
    expect(await agentmail.probe(nobody(''), both())).toMatchObject({
      state: 'dead',
      confidence: 'low',
    });
  });

  it('an address of the operator replaces all of them', async () => {
    const before = eu.requests.length;
    expect(await probe(nobody('eu_'))).toMatchObject({ state: 'dead' });
    expect(eu.requests).toHaveLength(before);
  });
});
