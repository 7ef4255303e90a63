/** Issuers that are only asked whether a key is live: each reading of their answers, and who is asked at all. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { providers, verifierFor, verifiers } from '../../src/providers/index.ts';
import { openProber } from '../../src/providers/probe-keys.ts';
import { recipes } from '../../src/providers/recipes.ts';
import { startServer, type KeyServer, type Reply } from '../support/key-api/server.ts';
import { quickHttp } from '../support/quick-http.ts';
import { builtInRules } from '../support/rules.ts';
import { sampleOf } from '../support/sample.ts';

let server: KeyServer;
let known: Reply;
let other: Reply;
let key: string;

beforeAll(async () => {
  server = await startServer({
    basePath: '/api',
    answer: ({ bearer }) => (bearer === key ? known : other),
    outside: () => ({ status: 404 }),
  });
});
afterAll(() => server.close());
beforeEach(() => {
  other = { status: 401, json: { error: { message: 'no' } } };
});

const probe = (rule: string, reply: Reply) => {
  const provider = verifierFor(rule);
  if (!provider) throw new Error(`nobody is asked for ${rule}`);
  key = sampleOf(rule);
  known = reply;
  const prober = openProber({ httpFor: () => quickHttp(server.url) });
  return prober.probe({ provider, rule, key: new Secret(key) });
};

describe.each<[string, number, object, object]>([
  [
    'github-personal-access-token',
    200,
    { login: 'octocat', id: 1 },
    { state: 'live', detail: 'user' },
  ],
  [
    'github-app-installation-token',
    403,
    { message: 'Resource not accessible by integration' },
    { state: 'live', detail: 'restricted' },
  ],
  [
    'github-personal-access-token',
    403,
    { message: 'API rate limit exceeded' },
    { state: 'unknown' },
  ],
  [
    'github-personal-access-token',
    401,
    { message: 'Bad credentials' },
    { state: 'dead', confidence: 'low' },
  ],
  [
    'github-personal-access-token',
    401,
    { message: 'Requires authentication' },
    { state: 'unknown' },
  ],
  ['github-personal-access-token', 404, { message: 'Not Found' }, { state: 'unknown' }],
  [
    'gitlab-personal-access-token',
    200,
    { id: 1, active: true, revoked: false, scopes: ['api'] },
    { state: 'live' },
  ],
  ['gitlab-personal-access-token', 200, { id: 1, active: false, revoked: true }, { state: 'dead' }],
  [
    'gitlab-personal-access-token',
    401,
    { message: '401 Unauthorized' },
    { state: 'dead', confidence: 'low' },
  ],
  ['gitlab-personal-access-token', 200, { login: 'x' }, { state: 'unknown' }],
  ['slack-bot-token', 200, { ok: true, team_id: 'T1', user_id: 'U1' }, { state: 'live' }],
  ['slack-bot-token', 200, { ok: false, error: 'token_revoked' }, { state: 'dead' }],
  ['slack-bot-token', 200, { ok: false, error: 'account_inactive' }, { state: 'dead' }],
  [
    'slack-bot-token',
    200,
    { ok: false, error: 'invalid_auth' },
    { state: 'dead', confidence: 'low' },
  ],
  ['slack-bot-token', 200, { ok: false, error: 'ratelimited' }, { state: 'unknown' }],
  ['slack-bot-token', 429, { ok: false, error: 'ratelimited' }, { state: 'unknown' }],
  ['openai-project-key', 200, { object: 'list', data: [] }, { state: 'live' }],
  ['openai-project-key', 401, { error: { code: 'invalid_api_key' } }, { state: 'dead' }],
  ['openai-project-key', 401, { error: { code: 'ip_not_authorized' } }, { state: 'unknown' }],
  ['openai-project-key', 403, { error: { code: 'unsupported_country' } }, { state: 'unknown' }],
  [
    'openai-project-key',
    429,
    { error: { code: 'insufficient_quota' } },
    { state: 'live', detail: 'gated' },
  ],
  ['openai-project-key', 429, { error: { code: 'rate_limit_exceeded' } }, { state: 'unknown' }],
  ['stripe-secret-key', 200, { object: 'balance', livemode: true }, { state: 'live' }],
  [
    'stripe-restricted-key',
    403,
    { error: { type: 'invalid_request_error' } },
    { state: 'live', detail: 'restricted' },
  ],
  ['stripe-secret-key', 401, { error: { type: 'invalid_request_error' } }, { state: 'dead' }],
  ['stripe-secret-key', 401, { message: 'no' }, { state: 'unknown' }],
])('%s, %d %o', (rule, status, json, expected) => {
  it('is read as documented, as JSON alone', async () => {
    // What Slack says of a key that nobody has comes with 200, too.
    other = {
      status: rule.startsWith('slack') ? 200 : 401,
      json: { ok: false, error: 'invalid_auth' },
    };
    const found = await probe(rule, { status, json });
    expect(found).toMatchObject(expected);
    const text = JSON.stringify(json);
    expect(await probe(rule, { status, text })).toMatchObject({ state: 'unknown' });
  });
});

it.each([
  ['github', { login: 'x' }],
  ['gitlab', { active: true, revoked: false }],
  ['slack', { ok: true, team_id: 'T' }],
  ['openai', { object: 'list' }],
  ['stripe', { object: 'balance' }],
])('%s is not believed when it takes any key', async (id, json) => {
  const [rule = ''] = recipes.find((one) => one.id === id)?.rules ?? [];
  other = { status: 200, json };
  expect(await probe(rule, { status: 200, json })).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining('do not exist'),
  });
});

describe('who is asked', () => {
  it('is what the rules name, no more and no less', () => {
    const named = builtInRules.flatMap(({ id, verify }) => (verify ? [`${id}: ${verify}`] : []));
    const asked = verifiers.flatMap(({ id, rules }) => rules.map((rule) => `${rule}: ${id}`));
    expect(asked.sort()).toEqual(named.sort());
  });

  it.each(verifiers)(
    '$name has keys that begin as it says, and hosts of its own',
    ({ rules, prefixes, base, urlVariable }) => {
      for (const rule of rules) {
        const sample = sampleOf(rule);
        expect(prefixes?.some((prefix) => sample.startsWith(prefix))).toBe(true);
      }
      expect(base?.main).toMatch(/^https:\/\//);
      expect(urlVariable).toMatch(/^KEYWARDEN_[A-Z]+_URL$/);
    },
  );

  it('gets nothing that does not begin like one of its keys, whatever rule found it', async () => {
    const [provider] = providers;
    if (!provider) throw new Error('no provider');
    const before = server.requests.length;
    const prober = openProber({ httpFor: () => quickHttp(server.url) });
    const found = { provider, rule: 'robotomail-api-key', hasContext: true };
    for (const value of [
      sampleOf('github-personal-access-token'),
      sampleOf('aws-access-key-id'),
      'password1',
    ]) {
      expect(await prober.probe({ ...found, key: new Secret(value) })).toMatchObject({
        state: 'unchecked',
      });
    }
    expect(server.requests).toHaveLength(before);
  });
});
