/** Several keys in one run: policy, one question, each plan checked again; and whose key it is. */
import { onTestFinished, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import type { Receipt } from '../../src/lifecycle/receipts/chain.ts';
import type { KeyApi } from '../../src/lifecycle/ports.ts';
import type { RevocationPlan, RevocationTarget } from '../../src/lifecycle/revocation/plan.ts';
import {
  asAsked,
  automatic,
  type RevocationPolicy,
} from '../../src/lifecycle/revocation/policy.ts';
import { revokeAll } from '../../src/lifecycle/revocation/revoke-all.ts';
import { strangerReason } from '../../src/lifecycle/revocation/same-account.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import type { Http } from '../../src/providers/http.ts';
import type { Probe, Provider } from '../../src/providers/provider.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import { startRobotomail } from '../support/key-api/robotomail.ts';
import { quickHttp } from '../support/quick-http.ts';
import { robotomailKey } from '../support/sample.ts';

async function rig() {
  const server = await startRobotomail();
  onTestFinished(() => server.close());
  const operator = server.addKey({ name: 'operator' });
  const http = quickHttp(server.url);
  const receipts: Receipt[] = [];
  const asked: (readonly RevocationPlan[])[] = [];
  const target = (key: string, more: Partial<RevocationTarget> = {}): RevocationTarget => ({
    issuer: 'robotomail',
    key: new Secret(key),
    foundIn: [],
    hasContext: true,
    ...more,
  });
  const run = async (
    targets: readonly RevocationTarget[],
    policy: RevocationPolicy,
    options: { readonly withItself?: boolean; readonly answer?: boolean } = {},
  ) => {
    const { withItself = false, answer = true } = options;
    const api: KeyApi = {
      provider: robotomail,
      http,
      ...(withItself ? {} : { operator: new Secret(operator.key) }),
    };
    const done = await revokeAll(targets, {
      use: 'revoke',
      withItself,
      policy,
      apiOf: () => api,
      isDryRun: false,
      confirm(plans) {
        asked.push(plans);
        return Promise.resolve(answer);
      },
      clock: { now: () => new Date(), elapsedMs: () => 0, sleep: () => Promise.resolve() },
      receipts: {
        file: '',
        head: () => undefined,
        append(receipt) {
          receipts.push(receipt);
          return Promise.resolve('');
        },
      },
      deadlineMs: 0,
      signal: new AbortController().signal,
      note: () => undefined,
    });
    return done.map(({ outcome, detail = '' }) => ({ outcome, detail }));
  };
  return { server, operator, run, target, receipts, asked };
}

describe('automatic revocation', () => {
  it('takes five keys a run, in order, and says so of the others', async () => {
    const { server, run, target, asked } = await rig();
    const keys = Array.from({ length: 7 }, () => server.addKey());
    const done = await run(
      keys.map(({ key }) => target(key)),
      automatic,
    );
    expect(done.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 5 }, () => 'revoked-proven'),
      'refused',
      'refused',
    ]);
    expect(done[6]?.detail).toContain('at most 5 keys a run');
    expect(keys.map(({ isEnabled }) => isEnabled)).toEqual([
      ...Array.from({ length: 5 }, () => false),
      true,
      true,
    ]);
    expect(asked).toHaveLength(1);
  });

  it('leaves alone what has no context, and issuers that are not allowed', async () => {
    const { server, run, target, asked } = await rig();
    const [bare, other] = [server.addKey(), server.addKey()];
    const [first] = await run([target(bare.key, { hasContext: false })], automatic);
    expect(first).toMatchObject({ outcome: 'refused' });
    expect(first?.detail).toContain("another vendor's");
    const policy = { ...automatic, issuers: ['agentmail'] };
    const [second] = await run([target(other.key)], policy);
    expect(second?.detail).toContain('keys of robotomail are not revoked automatically');
    expect([bare.isEnabled, other.isEnabled]).toEqual([true, true]);
    // There was nothing to ask.
    expect(asked).toEqual([]);
  });

  it('dead keys take no place among the five', async () => {
    const { server, run, target } = await rig();
    const dead = Array.from({ length: 5 }, () => server.addKey({ isEnabled: false }));
    const live = server.addKey();
    const done = await run(
      [...dead, live].map(({ key }) => target(key)),
      automatic,
    );
    expect(done.at(-1)?.outcome).toBe('revoked-proven');
    expect(done[0]?.outcome).toBe('already-dead');
  });
});

it('the last of several that revoke themselves is kept', async () => {
  const { server, operator, run, target } = await rig();
  const second = server.addKey();
  const done = await run(
    [second, operator].map(({ key }) => target(key)),
    automatic,
    {
      withItself: true,
    },
  );
  expect(done.map(({ outcome }) => outcome)).toEqual(['revoked-proven', 'refused']);
  expect(done[1]?.detail).toContain('last active key');
  expect([second.isEnabled, operator.isEnabled]).toEqual([false, true]);
});

it('no means no, for all', async () => {
  const { server, run, target, receipts } = await rig();
  const key = server.addKey();
  const [done] = await run([target(key.key)], asAsked, { answer: false });
  expect(done?.outcome).toBe('refused');
  expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  expect(receipts.map(({ step, outcome }) => [step, outcome])).toEqual([['ended', 'refused']]);
});

describe('a key is of another account', () => {
  const key = new Secret(robotomailKey('exposed'));
  const operator = new Secret(robotomailKey('operator'));
  const http: Http = { send: () => Promise.resolve({ kind: 'none', message: 'not asked' }) };
  const reason = (provider: Partial<Provider>, before: Probe): Promise<string | undefined> =>
    strangerReason({ key, before, keyId: 'k' }, operator, {
      provider: { ...agentmail, ...provider },
      http,
    });
  const live = { state: 'live' } as const;

  it.each([
    ['org_a', undefined],
    ['org_b', 'the key belongs to org_b, the credential to org_a'],
  ])('by the account that the issuer names: %s', async (account, expected) => {
    const provider = { probe: () => Promise.resolve({ ...live, account: 'org_a' }) };
    expect(await reason(provider, { ...live, account })).toBe(expected);
  });

  it('when the only key that begins like it is the credential', async () => {
    const provider = {
      probe: () => Promise.resolve(live),
      identify: () => Promise.resolve({ kind: 'found', id: 'k', by: 'prefix' } as const),
    };
    expect(await reason(provider, live)).toContain('is the credential itself');
  });

  it('when it opens a mailbox that the credential does not see', async () => {
    const boxes = new Map([
      [key, ['m1', 'm9']],
      [operator, ['m1', 'm2']],
    ]);
    const provider = {
      probe: () => Promise.resolve(live),
      identify: () => Promise.resolve({ kind: 'absent', message: '' } as const),
      mailboxes: (one: Secret) =>
        Promise.resolve({ ok: true, value: boxes.get(one) ?? [] } as const),
    };
    expect(await reason(provider, live)).toContain('mailboxes that the credential does not see');
  });
});
