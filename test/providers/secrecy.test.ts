/** Whatever goes wrong, and whatever a server says back: no key is in an answer, a message or an error. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { openHttp } from '../../src/providers/http.ts';
import { baseUrl, providers, readCredential } from '../../src/providers/index.ts';
import { openProber } from '../../src/providers/probe-keys.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { mint } from '../support/key-api/minted.ts';
import { startServer, type Asked, type KeyServer, type Reply } from '../support/key-api/server.ts';
import { quickHttp } from '../support/quick-http.ts';

const [exposed = '', operator = ''] = ['exposed', 'operator'].map((seed) => mint(seed).hex(64));
let status = 200;
let server: KeyServer;

/** Says the key back wherever there is room for text. */
function echo({ bearer = '', path }: Asked): Reply {
  const headers = { 'x-key': bearer, location: `/?key=${bearer}`, 'www-authenticate': bearer };
  const json = {
    error: bearer,
    message: bearer,
    code: bearer,
    name: bearer,
    reason: bearer,
    fix: path,
  };
  return { status, headers, json };
}

beforeAll(async () => {
  server = await startServer({ basePath: '/v9', answer: echo, outside: echo });
});
afterAll(() => server.close());

/** What every method makes of it. */
async function outcomes(provider: Provider, url: string): Promise<unknown[]> {
  const http = quickHttp(url, { limits: { timeoutMs: 300 } });
  const [prefix = ''] = provider.prefixes ?? [];
  const key = new Secret(prefix + exposed, provider.prefixes);
  const by = new Secret(prefix + operator, provider.prefixes);
  const scopes = [{ kind: 'full' }, { kind: 'organization' }] as const;
  return Promise.all([
    openProber({ httpFor: () => http }).probe({ provider, key }),
    provider.identify?.(key, by, http),
    provider.list?.(by, http),
    provider.mailboxes?.(key, http),
    provider.revoke?.(by, 'some-id', http),
    ...scopes.map((scope) => provider.create?.(by, { name: 'n', scope }, http)),
  ]);
}

function texts(values: unknown): string {
  return `${JSON.stringify(values)}\n${inspect(values, { depth: 20 })}`;
}

describe.each(providers)('$name', (provider) => {
  it.each([200, 201, 204, 301, 400, 401, 402, 403, 404, 409, 418, 429, 500, 503])(
    'says no key after an echo with %d',
    async (code) => {
      status = code;
      const said = texts(await outcomes(provider, server.url));
      for (const secret of [exposed, operator]) expect(said).not.toContain(secret.slice(4, -4));
      expect(said).toMatch(/unknown|dead|live/);
    },
  );

  it.each(['lost', 'cut', 'refused'] as const)('says none when the answer is %s', async (kind) => {
    server.break({ times: Infinity, fault: { kind } });
    const said = texts(await outcomes(provider, server.url));
    server.mend();
    for (const secret of [exposed, operator]) expect(said).not.toContain(secret.slice(4, -4));
  });

  it('says none where nobody is, or no TLS', async () => {
    for (const url of ['http://127.0.0.1:1/v1', server.url.replace('http:', 'https:')]) {
      const said = texts(await outcomes(provider, url));
      for (const secret of [exposed, operator]) expect(said).not.toContain(secret.slice(4, -4));
    }
  });

  it('says none when it stands in the wrong variable', () => {
    const url = `https://${exposed}@host.example/v1?key=${exposed}`;
    const said: string[] = [];
    const wrong: (() => unknown)[] = [
      () => baseUrl(provider, { [provider.urlVariable]: url }),
      () => baseUrl(provider, { [provider.urlVariable]: exposed }),
      () => baseUrl(provider, {}, { [provider.id]: { url } }),
      () => readCredential(provider, { [provider.credentialVariable]: `${exposed}\n${exposed}` }),
      () => openHttp({ base: url, env: {} }),
      () => openHttp({ base: server.url, env: { KEYWARDEN_OFFLINE: exposed } }),
    ];
    for (const act of wrong) {
      try {
        act();
      } catch (error) {
        said.push(texts(error) + String(error));
      }
    }
    expect(said).toHaveLength(wrong.length);
    expect(said.join('\n')).not.toContain(exposed.slice(4, -4));
  });
});

it('no key stands in the address of a request', () => {
  const addresses = server.requests.map(({ path, query }) => `${path}?${query}`).join('\n');
  expect(server.requests.length).toBeGreaterThan(50);
  expect(addresses).not.toContain(exposed);
  expect(addresses).not.toContain(operator);
});
