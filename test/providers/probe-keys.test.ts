/** Many keys: each asked about once, with one control an issuer, at a bounded pace. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import { providerFor, providers, readCredential } from '../../src/providers/index.ts';
import { mutate } from '../../src/providers/mutate.ts';
import { openProber, probeKeys, type KeyToProbe } from '../../src/providers/probe-keys.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import { startAgentmail, type AgentmailServer } from '../support/key-api/agentmail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import { mint } from '../support/key-api/minted.ts';
import { startRobotomail, type RobotomailServer } from '../support/key-api/robotomail.ts';
import { quickHttp } from '../support/quick-http.ts';

let rm: RobotomailServer;
let am: AgentmailServer;

beforeEach(async () => {
  rm = await startRobotomail();
  am = await startAgentmail();
});
afterEach(async () => {
  await rm.close();
  await am.close();
});

const open = () =>
  openProber({
    httpFor: ({ id }) => quickHttp(id === 'robotomail' ? rm.url : am.url),
    now: () => Date.parse('2026-03-01T00:00:00Z'),
  });
const asked = (provider: Provider, { key }: { readonly key: string }): KeyToProbe => ({
  provider,
  key: new Secret(key, provider.prefixes),
});
const nobody = (seed: string) => ({ key: `rm_${mint(seed).hex(64)}` });

describe('each key once', () => {
  it('however often it was found, and one control an issuer', async () => {
    const [first, second] = [rm.addKey(), rm.addKey()];
    const third = am.addKey();
    const keys = [first, second, first].map((one) => asked(robotomail, one));
    keys.push(asked(agentmail, third), asked(agentmail, third));
    const prober = open();
    const probes = await probeKeys(keys, prober);
    await probeKeys(keys, prober);
    expect(probes.map(({ state }) => state)).toEqual(['live', 'live', 'live', 'live', 'live']);
    for (const { key } of [first, second]) expect(rm.asked(key)).toHaveLength(1);
    expect(am.asked(third.key)).toHaveLength(1);
    expect(rm.requests).toHaveLength(3);
    expect(am.requests).toHaveLength(2);
    expect(probes[0]?.checkedAt).toBe('2026-03-01T00:00:00.000Z');
  });

  it('and no control where no answer was a 200', async () => {
    const suspended = rm.addKey();
    rm.account.isSuspended = true;
    const keys = [suspended, nobody('a'), nobody('b')].map((one) => asked(robotomail, one));
    const probes = await probeKeys(keys, open());
    expect(probes.map(({ state }) => state)).toEqual(['live', 'dead', 'dead']);
    expect(rm.requests).toHaveLength(3);
  });

  it('in their order, with progress, at most as many at a time as the host is given', async () => {
    const live = Array.from({ length: 150 }, () => rm.addKey());
    const dead = Array.from({ length: 150 }, (_, at) => nobody(`${at}`));
    const keys = live
      .flatMap((one, at) => [one, dead[at] ?? one])
      .map((one) => asked(robotomail, one));
    const seen: string[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      void seen.push(`${done}/${total}`);
    const probes = await probeKeys(keys, open(), { onProgress });
    expect(probes.every(({ state }, at) => state === (at % 2 === 0 ? 'live' : 'dead'))).toBe(true);
    expect(rm.requests).toHaveLength(301);
    expect(seen).toHaveLength(300);
    expect(seen.at(-1)).toBe('300/300');
  });

  it('until the run is stopped', async () => {
    const stop = new AbortController();
    const keys = Array.from({ length: 100 }, () => asked(robotomail, rm.addKey()));
    const probes = await probeKeys(keys, open(), {
      signal: stop.signal,
      onProgress: ({ done }) => done === 20 && stop.abort(),
    });
    const states = probes.map(({ state }) => state);
    expect(states.filter((state) => state === 'live').length).toBeGreaterThanOrEqual(20);
    expect(states.filter((state) => state === 'unchecked').length).toBeGreaterThan(40);
  });
});

describe('the control', () => {
  it.each(['robotomail', 'agentmail'])(
    '%s that says yes to anything is not believed',
    async (id) => {
      const provider = providers.find((one) => one.id === id) ?? robotomail;
      const server = id === 'robotomail' ? rm : am;
      const real = server.addKey();
      server.switches.acceptsAnyKey = true;
      const stranger = { key: `${provider.prefixes?.[0]}${mint('x').hex(64)}` };
      const probes = await probeKeys(
        [real, stranger].map((one) => asked(provider, one)),
        open(),
      );
      expect(probes.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
      expect(probes[0]?.detail).toContain('keys that do not exist');
      expect(server.requests).toHaveLength(3);
    },
  );

  it('is of the same form as the key, and shares nothing with it', async () => {
    const { key } = rm.addKey();
    await open().probe(asked(robotomail, { key }));
    const control = rm.requests.map(({ bearer }) => bearer).find((bearer) => bearer !== key) ?? '';
    expect(control).toMatch(/^rm_[0-9a-f]{64}$/);
    const same = [...control].filter((character, at) => at > 2 && character === key[at]);
    expect(same).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['an ended connection', { kind: 'refused' }],
    ['a gateway', { kind: 'html' }],
    ['patience', { kind: 'rate-limit' }],
  ])('that was not answered (%s) leaves the answer with low confidence', async (_, fault) => {
    const { key } = am.addKey();
    const prober = openProber({
      httpFor: () => {
        const http = quickHttp(am.url);
        const send: typeof http.send = async (request) => {
          am.mend();
          if (request.bearer !== key) am.break({ times: Infinity, fault });
          return http.send(request);
        };
        return { ...http, send };
      },
    });
    expect(await prober.probe(asked(agentmail, { key }))).toMatchObject({
      state: 'live',
      confidence: 'low',
    });
  });

  it('that gets a page with 200 is a yes to anything, too', async () => {
    const { key } = am.addKey();
    am.break({ fault: { kind: 'slow', delayMs: 0 } });
    am.break({ times: Infinity, fault: { kind: 'html', status: 200 } });
    expect(await open().probe(asked(agentmail, { key }))).toMatchObject({ state: 'unknown' });
  });
});

describe('mutate', () => {
  it.each([
    ['rm_', '0123456789abcdefABCDEFxyzXYZ-_=/+.'],
    ['am_us_', 'a-b_c.9'],
    ['', 'Zz09'],
  ])('%s%s keeps beginning, length and kinds of characters', (prefix, body) => {
    for (const chance of [0, 0.5, 0.999999]) {
      const made = mutate(new Secret(prefix + body), [prefix], () => chance).reveal();
      expect(made.startsWith(prefix)).toBe(true);
      const kind = (text: string) =>
        text.replace(/[0-9]/g, '0').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');
      expect(kind(made.slice(prefix.length))).toBe(kind(body));
      for (const [at, character] of [...body].entries()) {
        if (/[A-Za-z0-9]/.test(character)) expect(made[prefix.length + at]).not.toBe(character);
      }
    }
  });
});

describe('the list of providers', () => {
  it('knows the issuer of a rule', () => {
    expect(providerFor('robotomail-api-key')).toBe(robotomail);
    expect(providerFor('agentmail-api-key-no-region')).toBe(agentmail);
    expect(providerFor('jwt')).toBeUndefined();
  });

  it('reads a credential from its variable and never shows it', () => {
    const { key } = rm.addKey();
    const credential = readCredential(robotomail, { ROBOTOMAIL_API_KEY: ` ${key}\n` });
    expect(credential.reveal()).toBe(key);
    expect(`${credential}`).not.toContain(key);
    expect(() => readCredential(robotomail, {})).toThrow(/ROBOTOMAIL_API_KEY.*--credential-file/);
    expect(() => readCredential(robotomail, { ROBOTOMAIL_API_KEY: `${key} ${key}` })).toThrow(
      /^ROBOTOMAIL_API_KEY: holds characters that no key has$/,
    );
  });
});
