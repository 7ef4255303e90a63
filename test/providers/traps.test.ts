/** Where a key must never go, with a listener at each such place; and through which proxy it may. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { openHttp } from '../../src/providers/http.ts';
import { proxyFor } from '../../src/providers/http/proxy.ts';
import { baseUrl, providers } from '../../src/providers/index.ts';
import { openProber } from '../../src/providers/probe-keys.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import { mint } from '../support/key-api/minted.ts';
import { startRobotomail, type RobotomailServer } from '../support/key-api/robotomail.ts';
import { quickHttp } from '../support/quick-http.ts';
import { openProxy, openTls, openTrap, type Trap } from '../support/trap.ts';

let server: RobotomailServer;
let trap: Trap;
let key: Secret;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  server = await startRobotomail();
  trap = await openTrap();
  key = new Secret(server.addKey().key, ['rm_']);
  closing.push(server.close, trap.close);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('a trap stays silent', () => {
  it.each([301, 302, 303, 307, 308])('behind a redirect with %d', async (status) => {
    server.break({
      times: Infinity,
      fault: { kind: 'redirect', status, to: `${trap.origin}/v1/api-keys` },
    });
    const http = quickHttp(server.url);
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      await http.send({ method, path: '/api-keys', bearer: key.reveal() });
    }
    expect((await robotomail.probe(key, http)).state).toBe('unknown');
    expect(trap.heard()).toBe('');
  });

  it('behind a link in a page or a header', async () => {
    server.break({
      times: Infinity,
      fault: {
        kind: 'reply',
        status: 200,
        json: { keys: [], next: trap.origin, url: trap.origin },
        headers: { link: `<${trap.origin}>; rel="next"`, refresh: `0; url=${trap.origin}` },
      },
    });
    await robotomail.list?.(key, quickHttp(server.url));
    expect(trap.heard()).toBe('');
  });

  it('though a variable for proxies names it: loopback needs none', async () => {
    const env = { HTTPS_PROXY: trap.origin, HTTP_PROXY: trap.origin, ALL_PROXY: trap.origin };
    const http = quickHttp(server.url, { env });
    expect(await robotomail.probe(key, http)).toMatchObject({ state: 'live' });
    expect(trap.heard()).toBe('');
  });

  it('though .netrc has a login for the host, and nothing of it is sent', async () => {
    const home = mkdtempSync(join(tmpdir(), 'keywarden-netrc-'));
    writeFileSync(
      join(home, '.netrc'),
      `machine 127.0.0.1 login someone password ${mint('netrc').id(12)}\n`,
    );
    const before = process.env['HOME'];
    process.env['HOME'] = home;
    try {
      await robotomail.probe(
        key,
        quickHttp(server.url, { env: { HOME: home, NETRC: join(home, '.netrc') } }),
      );
    } finally {
      process.env['HOME'] = before;
      rmSync(home, { recursive: true });
    }
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${key.reveal()}`,
    ]);
  });

  it('though a path tries to leave the base', async () => {
    const http = quickHttp(server.url);
    for (const path of [
      `@127.0.0.1:${trap.port}/`,
      `//127.0.0.1:${trap.port}/`,
      `\\\\127.0.0.1:${trap.port}`,
    ]) {
      await expect(http.send({ method: 'GET', path, bearer: key.reveal() })).rejects.toThrow();
    }
    expect(trap.heard()).toBe('');
  });

  it('and offline everything is silent', () => {
    for (const value of ['1', 'true', 'yes']) {
      expect(() => openHttp({ base: server.url, env: { KEYWARDEN_OFFLINE: value } })).toThrow(
        /KEYWARDEN_OFFLINE/,
      );
    }
    expect(server.requests).toEqual([]);
    for (const value of ['', '0', 'false']) {
      expect(openHttp({ base: server.url, env: { KEYWARDEN_OFFLINE: value } })).toBeDefined();
    }
  });
});

describe('a base URL', () => {
  it.each([
    ['plain HTTP elsewhere', 'http://api.robotomail.com/v1'],
    ['a name that begins like loopback', 'http://127.0.0.1.evil.example/v1'],
    ['a name that begins like localhost', 'http://localhost.evil.example/v1'],
    ['a user that looks like the host', 'https://api.robotomail.com@evil.example/v1'],
    ['a user that looks like loopback', 'http://127.0.0.1@evil.example/v1'],
    ['a query', 'https://api.robotomail.com/v1?x=1'],
    ['a fragment', 'https://api.robotomail.com/v1#x'],
    ['another scheme', 'file:///etc/passwd'],
    ['no URL', 'api.robotomail.com'],
    ['any address', 'http://0.0.0.0/v1'],
  ])('is refused by the name of its variable: %s', (_, value) => {
    const env = { KEYWARDEN_ROBOTOMAIL_URL: value };
    expect(() => baseUrl(robotomail, env)).toThrow(/^KEYWARDEN_ROBOTOMAIL_URL: /);
    expect(() => openHttp({ base: value, env: {} })).toThrow('base URL');
    const settings = { robotomail: { url: value } };
    expect(() => baseUrl(robotomail, {}, settings)).toThrow(/^providers\.robotomail\.url: /);
  });

  it.each([
    ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1'],
    ['http://localhost:1/v1', 'http://localhost:1/v1'],
    ['http://[::1]:1/v1', 'http://[::1]:1/v1'],
    ['http://127.1/v1', 'http://127.0.0.1/v1'],
    ['https://keys.example/robotomail/v1', 'https://keys.example/robotomail/v1'],
  ])('is taken: %s', (value, main) => {
    expect(baseUrl(robotomail, { KEYWARDEN_ROBOTOMAIL_URL: value })).toEqual({ main });
  });

  it('is the issuer’s own when nobody names another; a variable goes before the configuration', () => {
    expect(baseUrl(robotomail, {})).toEqual({ main: 'https://api.robotomail.com/v1' });
    expect(baseUrl(agentmail, { KEYWARDEN_AGENTMAIL_URL: '' }).regions).toEqual({
      us: 'https://api.agentmail.to/v0',
      eu: 'https://api.agentmail.eu/v0',
    });
    const settings = { robotomail: { url: 'https://a.example/v1' } };
    expect(baseUrl(robotomail, {}, settings).main).toBe('https://a.example/v1');
    const env = { KEYWARDEN_ROBOTOMAIL_URL: 'https://b.example/v1' };
    expect(baseUrl(robotomail, env, settings).main).toBe('https://b.example/v1');
  });

  it('of each provider is https', () => {
    for (const { base } of providers) {
      const all = [base?.main, ...Object.values(base?.regions ?? {})];
      for (const url of all) expect(url).toMatch(/^https:\/\/[a-z.]+\/v\d$/);
    }
  });
});

describe('a proxy', () => {
  const host = 'api.keys.example';
  const base = `https://${host}/v1`;
  const open = (env: NodeJS.ProcessEnv, ca: string) =>
    quickHttp(base, { env, ca, limits: { attempts: 1 } });
  const request = () => ({ method: 'GET', path: '/api-keys', bearer: key.reveal() }) as const;

  it('gets a tunnel to the host and never sees the key', async () => {
    const tls = await openTls(host);
    const proxy = await openProxy(tls.port);
    closing.push(proxy.close, tls.close);
    const env = { HTTPS_PROXY: `http://someone:p%40ss@127.0.0.1:${proxy.port}` };
    const http = open(env, tls.ca);
    expect(await http.send(request())).toMatchObject({ status: 200, json: { keys: [] } });
    await http.send({ ...request(), method: 'DELETE' });
    expect(tls.bearers).toEqual([`Bearer ${key.reveal()}`, `Bearer ${key.reveal()}`]);
    expect(proxy.heard()).toContain(`CONNECT ${host}:443`);
    expect(proxy.heard()).not.toContain(key.reveal().slice(3, 20));
    const basic = `Basic ${Buffer.from('someone:p@ss').toString('base64')}`;
    expect(proxy.credentials).toEqual([basic, basic]);
  });

  it('keeps a tunnel for the next request', async () => {
    const tls = await openTls(host);
    const proxy = await openProxy(tls.port);
    closing.push(proxy.close, tls.close);
    const http = open({ HTTPS_PROXY: proxy.origin }, tls.ca);
    for (let count = 0; count < 3; count += 1) await http.send(request());
    expect(proxy.credentials).toHaveLength(1);
    expect(tls.bearers).toHaveLength(3);
  });

  it('that leads to another host gets no key: the certificate is checked, whatever the environment says', async () => {
    const tls = await openTls('evil.example');
    const proxy = await openProxy(tls.port);
    closing.push(proxy.close, tls.close);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      for (const ca of [tls.ca, '']) {
        const env = { HTTPS_PROXY: proxy.origin };
        const http = quickHttp(base, { env, limits: { attempts: 3 }, ...(ca ? { ca } : {}) });
        expect(await http.send(request())).toMatchObject({
          kind: 'none',
          message: expect.stringContaining('has no certificate that counts'),
        });
      }
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    expect(tls.bearers).toEqual([]);
    expect(proxy.credentials).toHaveLength(2);
  });

  it('that refuses is told, without its password', async () => {
    const proxy = await openProxy(1, 407);
    closing.push(proxy.close);
    const env = { HTTPS_PROXY: `http://someone:hunter2@127.0.0.1:${proxy.port}` };
    const answer = await open(env, '').send(request());
    expect(answer).toMatchObject({
      kind: 'none',
      message: expect.stringContaining('PROXY_SAYS_407'),
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    ['none', {}, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://a:1' }, 'a:1'],
    ['small letters first', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'b:2'],
    ['HTTP_PROXY where there is no other', { HTTP_PROXY: 'http://a:1' }, 'a:1'],
    ['not HTTP_PROXY under CGI', { HTTP_PROXY: 'http://a:1', REQUEST_METHOD: 'POST' }, undefined],
    ['without a scheme', { HTTPS_PROXY: 'a:1' }, 'a:1'],
    ['an empty one', { HTTPS_PROXY: '' }, undefined],
    ['NO_PROXY: all', { HTTPS_PROXY: 'a:1', NO_PROXY: '*' }, undefined],
    [
      'NO_PROXY: the host',
      { HTTPS_PROXY: 'a:1', NO_PROXY: 'x.example, api.keys.example' },
      undefined,
    ],
    ['NO_PROXY: its domain', { HTTPS_PROXY: 'a:1', NO_PROXY: 'keys.example' }, undefined],
    [
      'NO_PROXY: its domain with a dot',
      { HTTPS_PROXY: 'a:1', NO_PROXY: '.keys.example' },
      undefined,
    ],
    ['NO_PROXY: its port', { HTTPS_PROXY: 'a:1', no_proxy: 'keys.example:443' }, undefined],
    ['NO_PROXY: another port', { HTTPS_PROXY: 'a:1', no_proxy: 'keys.example:8443' }, 'a:1'],
    ['NO_PROXY: only an ending', { HTTPS_PROXY: 'a:1', NO_PROXY: 'ys.example' }, 'a:1'],
  ])('is found: %s', (_, env, expected) => {
    expect(proxyFor(new URL(base), env)?.host).toBe(expected);
  });

  it.each(['socks5://a:1', 'http://', 'http://a b'])(
    'is refused by the name of its variable: %s',
    (value) => {
      expect(() => proxyFor(new URL(base), { HTTPS_PROXY: value })).toThrow(/^HTTPS_PROXY: /);
      expect(() => openHttp({ base, env: { HTTPS_PROXY: value } })).toThrow(/^HTTPS_PROXY: /);
    },
  );
});

it('no key is sent for a rule whose form others share, unless its issuer is near', async () => {
  const prober = openProber({ httpFor: () => quickHttp(server.url) });
  const found = { provider: robotomail, rule: 'robotomail-api-key', key };
  expect(await prober.probe(found)).toMatchObject({ state: 'unchecked' });
  expect(server.requests).toEqual([]);
  expect(await prober.probe({ ...found, hasContext: true })).toMatchObject({ state: 'live' });
});
