/** The HTTP layer: tries again, gives up, keeps its limits. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHttp, type HttpRequest } from '../../src/providers/http.ts';
import { startServer, type KeyServer, type Reply } from '../support/key-api/server.ts';
import { quickHttp } from '../support/quick-http.ts';

let server: KeyServer;
let reply: Reply;

beforeEach(async () => {
  reply = { status: 200, json: { ok: true } };
  server = await startServer({
    basePath: '/v1',
    answer: () => reply,
    outside: () => ({ status: 404 }),
  });
});
afterEach(() => server.close());

const get: HttpRequest = { method: 'GET', path: '/things', bearer: 'key' };
const post: HttpRequest = { method: 'POST', path: '/things', bearer: 'key', body: { a: 1 } };
const always = (fault: Parameters<KeyServer['break']>[0]['fault']) =>
  server.break({ times: Infinity, fault });

describe('a request', () => {
  it('goes under the base with the key in its header', async () => {
    const answer = await quickHttp(server.url).send(post);
    expect(answer).toMatchObject({ kind: 'answer', status: 200, json: { ok: true } });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/things', bearer: 'key', body: { a: 1 } },
    ]);
    const { headers } = server.requests[0] ?? {};
    expect(headers?.['user-agent']).toBe('keywarden');
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each([
    'things',
    '/../v2/things',
    '//evil.example/v1',
    '/a b',
    '/a\\b',
    '@evil.example/',
    '/a#b',
  ])('is a mistake when its path is %s', async (path) => {
    await expect(quickHttp(server.url).send({ ...get, path })).rejects.toThrow('path');
    expect(server.requests).toEqual([]);
  });

  it('takes a query as a part of the path', async () => {
    await quickHttp(server.url).send({ ...get, path: '/things?limit=2&page_token=a%2Fb' });
    expect(server.requests[0]?.query.get('page_token')).toBe('a/b');
  });

  it.each(['two words', 'line\nbreak', 'über', ''])(
    'is not sent with the key %o',
    async (bearer) => {
      const answer = await quickHttp(server.url).send({ ...get, bearer });
      expect(answer).toMatchObject({ kind: 'none' });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('JSON counts', () => {
  it.each<[string, string, unknown]>([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/problem+json', '{"a":1}', { a: 1 }],
    ['text/html', '{"a":1}', undefined],
    ['application/jsonp', '{"a":1}', undefined],
    ['application/json', '{"a":', undefined],
    ['application/json', '', undefined],
  ])('%s %s', async (type, text, json) => {
    reply = { status: 200, text, headers: { 'content-type': type } };
    const answer = await quickHttp(server.url).send(get);
    expect(answer).toMatchObject({ kind: 'answer', status: 200 });
    expect(answer.kind === 'answer' && answer.json).toEqual(json);
  });
});

describe('tries again', () => {
  it.each([
    ['429', { kind: 'rate-limit' }],
    ['500', { kind: 'reply', status: 500 }],
    ['502', { kind: 'html' }],
    ['an ended connection', { kind: 'refused' }],
    ['half an answer', { kind: 'cut' }],
  ] as const)('a GET after %s', async (_, fault) => {
    server.break({ times: 2, fault });
    const http = quickHttp(server.url);
    expect(await http.send(get)).toMatchObject({ kind: 'answer', status: 200 });
    expect(server.requests).toHaveLength(3);
    expect(http.pauses).toEqual([375, 750]);
  });

  it('at most twice', async () => {
    always({ kind: 'html' });
    expect(await quickHttp(server.url).send(get)).toMatchObject({ status: 502 });
    expect(server.requests).toHaveLength(3);
  });

  it.each(['POST', 'PATCH', 'DELETE'] as const)('no %s, whatever happens', async (method) => {
    for (const fault of [{ kind: 'refused' }, { kind: 'rate-limit' }, { kind: 'html' }] as const) {
      server.mend();
      always(fault);
      await quickHttp(server.url).send({ ...post, method });
    }
    expect(server.requests).toHaveLength(3);
  });

  it.each([400, 401, 402, 403, 404, 418, 302, 200])('nothing after %d', async (status) => {
    always({ kind: 'reply', status });
    await quickHttp(server.url).send(get);
    expect(server.requests).toHaveLength(1);
  });

  it('with chance between half and all of the delay, which doubles up to a limit', async () => {
    always({ kind: 'html' });
    const limits = { attempts: 5, maxDelayMs: 1_500 };
    for (const [chance, pauses] of [
      [0, [250, 500, 750, 750]],
      [0.999999, [500, 1000, 1500, 1500]],
    ] as const) {
      const http = quickHttp(server.url, { limits, ports: { random: () => chance } });
      await http.send(get);
      expect(http.pauses).toEqual(pauses);
    }
  });

  it('each thing only once where several had no answer', async () => {
    always({ kind: 'refused' });
    const http = quickHttp(server.url);
    for (let count = 0; count < 4; count += 1) await http.send(get);
    expect(server.requests).toHaveLength(3 + 3 + 1 + 1);
    server.mend();
    await http.send(get);
    always({ kind: 'refused' });
    await http.send(get);
    expect(server.requests).toHaveLength(8 + 1 + 3);
  });
});

describe('Retry-After', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  it.each<[string, readonly number[], number]>([
    ['2', [2000], 2],
    [' 2 ', [2000], 2],
    ['0', [], 2],
    ['Thu, 01 Jan 2026 00:00:05 GMT', [5000], 2],
    ['Wed, 31 Dec 2025 23:00:00 GMT', [], 2],
    ['61', [], 1],
    ['99999999999', [375], 2],
    ['-5', [375], 2],
    ['soon', [375], 2],
    ['1.5', [375], 2],
  ])('%s', async (retryAfter, pauses, requests) => {
    server.break({ times: 1, fault: { kind: 'rate-limit', retryAfter } });
    let now = start;
    const slept: number[] = [];
    const ports = {
      now: () => now,
      sleep: async (delayMs: number) => {
        slept.push(delayMs);
        now += delayMs;
      },
    };
    await quickHttp(server.url, { ports }).send(get);
    expect(slept.filter((delayMs) => delayMs > 0)).toEqual(pauses);
    expect(server.requests).toHaveLength(requests);
  });

  it('holds up everything else that goes to the host', async () => {
    server.break({ fault: { kind: 'rate-limit', retryAfter: '3' } });
    let now = 0;
    const slept: number[] = [];
    const sleep = async (delayMs: number) => {
      slept.push(delayMs);
      now += delayMs;
    };
    const ports = { now: () => now, sleep };
    const http = quickHttp(server.url, { ports, limits: { attempts: 1 } });
    await http.send(get);
    await http.send(post);
    expect(slept).toEqual([3_000]);
  });
});

describe('gives up', () => {
  it.each([
    ['before the answer', { kind: 'slow', delayMs: 8_000 }],
    ['within the body', { kind: 'trickle', everyMs: 10 }],
  ] as const)('when time is over %s', async (_, fault) => {
    always(fault);
    const http = quickHttp(server.url, { limits: { timeoutMs: 60, attempts: 1 } });
    const started = performance.now();
    const answer = await http.send(get);
    expect(answer).toMatchObject({
      kind: 'none',
      message: expect.stringContaining('took too long'),
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('when the body is too large, and does not ask again', async () => {
    reply = { status: 200, json: { text: 'x'.repeat(2_000) } };
    const http = quickHttp(server.url, { limits: { maxBytes: 1_000 } });
    expect(await http.send(get)).toMatchObject({
      kind: 'none',
      message: expect.stringContaining('more than 1000 bytes'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('when there are too many headers', async () => {
    reply = { status: 200, headers: { 'x-long': 'x'.repeat(20_000) } };
    const http = quickHttp(server.url, { limits: { attempts: 1 } });
    expect(await http.send(get)).toMatchObject({ kind: 'none' });
  });

  it('where nobody listens', async () => {
    await server.close();
    expect(await quickHttp(server.url).send(get)).toMatchObject({
      kind: 'none',
      message: expect.stringMatching(/^no answer: 127\.0\.0\.1:\d+ refuses the connection$/),
    });
  });

  it('when the run is stopped, in the middle and from then on', async () => {
    always({ kind: 'slow', delayMs: 8_000 });
    const stop = new AbortController();
    const http = openHttp({ base: server.url, env: {}, signal: stop.signal });
    const waiting = Promise.all([http.send(get), http.send(get)]);
    setTimeout(() => stop.abort(), 50);
    for (const answer of await waiting) {
      expect(answer).toMatchObject({
        kind: 'none',
        message: expect.stringContaining('interrupted'),
      });
    }
    const before = server.requests.length;
    expect(await http.send(get)).toMatchObject({ kind: 'none' });
    expect(server.requests).toHaveLength(before);
  });
});

describe('manners', () => {
  it('has no more requests out than agreed', async () => {
    let out = 0;
    let most = 0;
    always({ kind: 'slow', delayMs: 20 });
    const http = quickHttp(server.url, { limits: { concurrency: 3 } });
    const sent = Array.from({ length: 12 }, () => http.send(get));
    const watch = setInterval(() => {
      out = server.requests.filter(({ status }) => status === undefined).length;
      most = Math.max(most, out);
    }, 2);
    await Promise.all(sent);
    clearInterval(watch);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('starts them no faster than agreed', async () => {
    const pauses: number[] = [];
    const sleep = async (delayMs: number) => void pauses.push(delayMs);
    const ports = { now: () => 0, sleep };
    const http = quickHttp(server.url, { ports, limits: { intervalMs: 30 } });
    await Promise.all(Array.from({ length: 4 }, () => http.send(get)));
    expect(pauses).toEqual([30, 60, 90]);
  });
});
