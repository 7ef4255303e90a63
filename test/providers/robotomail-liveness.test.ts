/** Every row of what Robotomail's answers say about a key. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import { startRobotomail, type RobotomailServer } from '../support/key-api/robotomail.ts';
import { quickHttp } from '../support/quick-http.ts';

let server: RobotomailServer;
let key: Secret;

beforeAll(async () => {
  server = await startRobotomail();
  server.addKey();
  key = new Secret(server.addKey({ name: 'exposed' }).key, ['rm_']);
});
afterAll(() => server.close());
beforeEach(() => {
  server.mend();
  Object.assign(server.account, { isSuspended: false, isGated: false, isVerified: true });
});

const probe = (secret = key) => robotomail.probe(secret, quickHttp(server.url));
const listing = (fault: Fault) =>
  server.break({ method: 'GET', path: '/api-keys', times: Infinity, fault });
const mailboxes = (fault: Fault) =>
  server.break({ method: 'GET', path: '/mailboxes', times: Infinity, fault });
const reply = (status: number, json: unknown, headers: Record<string, string> = {}): Fault => ({
  kind: 'reply',
  status,
  json,
  headers,
});
const page = (status: number): Fault => ({ kind: 'html', status });
const quota = { 'x-robotomail-inbound-quota': '3/100' };
const scopedRefusal = { error: 'This operation requires a full-access API key' };

describe('what the API itself says', () => {
  it('200 with keys[]: live, full access', async () => {
    expect(await probe()).toEqual({
      state: 'live',
      detail: 'full',
      status: 200,
      scope: { kind: 'full' },
    });
  });

  it('200 with one enabled entry: that entry is the key', async () => {
    const account = server.addAccount();
    const { id, key } = server.addKey({ account, hasPrefix: false });
    server.addKey({ account, isEnabled: false });
    expect(await probe(new Secret(key))).toMatchObject({ state: 'live', keyId: id });
  });

  it('401: dead', async () => {
    expect(await probe(new Secret('rm_nobody'))).toMatchObject({ state: 'dead', status: 401 });
  });

  it('403, and its mailboxes open: live, scoped to them', async () => {
    const ids = server.account.mailboxIds.slice(0, 2);
    const { key } = server.addKey({ mailboxIds: ids });
    expect(await probe(new Secret(key))).toEqual({
      state: 'live',
      detail: 'scoped',
      status: 200,
      scope: { kind: 'mailboxes', ids },
    });
  });

  it('403, suspended: live, suspended', async () => {
    server.account.isSuspended = true;
    expect(await probe()).toMatchObject({ state: 'live', detail: 'suspended' });
  });

  it('403 of a scoped key whose account is suspended: live, suspended', async () => {
    server.account.isSuspended = true;
    const { key } = server.addKey({ mailboxIds: server.account.mailboxIds.slice(0, 1) });
    expect(await probe(new Secret(key))).toMatchObject({ state: 'live', detail: 'suspended' });
  });

  it('403 twice (address not confirmed): live, gated', async () => {
    server.account.isVerified = false;
    const found = await probe();
    expect(found).toMatchObject({ state: 'live', detail: 'gated' });
    expect(found).not.toHaveProperty('confidence');
  });

  it('402: live, gated', async () => {
    server.account.isGated = true;
    server.switches.gatesListing = true;
    expect(await probe()).toMatchObject({ state: 'live', detail: 'gated', status: 402 });
    server.switches.gatesListing = false;
  });
});

describe('anything else is unknown', () => {
  it.each<[string, Fault]>([
    ['200 with another body', reply(200, { ok: true })],
    ['200 with entries of another form', reply(200, { keys: [{ id: 1 }] })],
    ['200 with HTML', page(200)],
    ['401 with HTML', page(401)],
    ['401 with JSON of another form', reply(401, { detail: 'no' })],
    ['401 with an empty body', { kind: 'reply', status: 401 }],
    ['402 with HTML', page(402)],
    ['402 without a code', reply(402, { error: 'pay' })],
    ['403 with HTML', page(403)],
    ['403 with JSON of another form', reply(403, { message: 'Forbidden' })],
    ['404 of the API', reply(404, { error: 'Not found', code: 'NOT_FOUND' })],
    ['404 with HTML', page(404)],
    ['429', { kind: 'rate-limit' }],
    ['429 with Retry-After', { kind: 'rate-limit', retryAfter: '1' }],
    ['500 with JSON', reply(500, { error: 'oops' })],
    ['502 with HTML', page(502)],
    ['503', { kind: 'reply', status: 503, headers: { 'retry-after': '1' } }],
    ['302', { kind: 'redirect', to: 'https://robotomail.invalid/v1/api-keys' }],
    ['301 to itself', { kind: 'redirect', status: 301, to: '/v1/mailboxes' }],
    ['an ended connection', { kind: 'refused' }],
    ['half an answer', { kind: 'cut' }],
    [
      'JSON that does not parse',
      {
        kind: 'reply',
        status: 401,
        text: '{"error":',
        headers: { 'content-type': 'application/json' },
      },
    ],
    [
      'JSON under another type',
      {
        kind: 'reply',
        status: 401,
        text: '{"error":"x"}',
        headers: { 'content-type': 'text/plain' },
      },
    ],
  ])('%s', async (_, fault) => {
    listing(fault);
    const { state, detail = '' } = await probe();
    expect(state).toBe('unknown');
    expect(detail).not.toContain(key.reveal());
    expect(detail).not.toBe('');
  });

  it('a time-out', async () => {
    listing({ kind: 'trickle', everyMs: 5 });
    const http = quickHttp(server.url, { limits: { timeoutMs: 40 } });
    expect(await robotomail.probe(key, http)).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('took too long'),
    });
  });

  it('a TLS error', async () => {
    const http = quickHttp(server.url.replace('http:', 'https:'));
    expect(await robotomail.probe(key, http)).toMatchObject({ state: 'unknown' });
  });
});

describe('a 403 is confirmed by the mailboxes', () => {
  it.each<[string, Fault, Fault, object]>([
    [
      'not without them',
      reply(403, scopedRefusal, quota),
      page(502),
      { state: 'live', detail: 'restricted' },
    ],
    [
      'a page instead',
      reply(403, scopedRefusal, quota),
      page(403),
      { state: 'live', detail: 'restricted' },
    ],
    [
      'no quota header, no mailboxes',
      reply(403, scopedRefusal),
      page(502),
      { state: 'live', detail: 'restricted', confidence: 'low' },
    ],
    [
      'no quota header, refused again',
      reply(403, scopedRefusal),
      reply(403, scopedRefusal),
      { state: 'live', detail: 'gated', confidence: 'low' },
    ],
    [
      'accepted, then not',
      reply(403, scopedRefusal, quota),
      reply(401, { error: 'no' }),
      { state: 'unknown' },
    ],
    [
      'no mailbox left',
      reply(403, scopedRefusal, quota),
      reply(200, { mailboxes: [] }),
      { state: 'live', detail: 'scoped', scope: { kind: 'mailboxes' } },
    ],
  ])('%s', async (_, first, second, expected) => {
    listing(first);
    mailboxes(second);
    expect(await probe()).toMatchObject(expected);
  });
});
