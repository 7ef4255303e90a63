/**
 * Whatever happens at whatever step of a revocation: nothing dies that was not planned, "proven" is said
 * only of a key that is dead, and a second run ends where an undisturbed one does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { openReceipts } from '../../src/lifecycle/receipts/receipts.ts';
import { verifyChain } from '../../src/lifecycle/receipts/chain.ts';
import type { Revocation } from '../../src/lifecycle/revocation/plan.ts';
import { asAsked } from '../../src/lifecycle/revocation/policy.ts';
import { revokeAll } from '../../src/lifecycle/revocation/revoke-all.ts';
import type { HttpRequest } from '../../src/providers/http.ts';
import { agentmail } from '../../src/providers/agentmail.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import { startAgentmail } from '../support/key-api/agentmail.ts';
import type { Fault } from '../support/key-api/faults.ts';
import { startRobotomail } from '../support/key-api/robotomail.ts';
import { makeTree } from '../support/make-tree.ts';
import { quickHttp } from '../support/quick-http.ts';
import { diskFullAt, forEach, Killed, killAt, type Hooks } from '../support/rotation-rig.ts';

const issuers = {
  robotomail: { provider: robotomail, start: startRobotomail },
  agentmail: { provider: agentmail, start: startAgentmail },
} as const;

async function rig(issuer: keyof typeof issuers, withItself = false) {
  const { provider, start } = issuers[issuer];
  const server = await start();
  onTestFinished(() => server.close());
  const operator = server.addKey({ name: 'operator' });
  const exposed = server.addKey({ name: 'exposed' });
  const bystander = server.addKey({ name: 'bystander' });
  const stateDir = join(makeTree(), 'state');
  const notes: string[] = [];

  async function run({ at = () => undefined }: Hooks = {}): Promise<Revocation> {
    let elapsedMs = 0;
    const http = quickHttp(server.url, { limits: { intervalMs: 0, timeoutMs: 300 } });
    const send = async (request: HttpRequest) => {
      at('request', request.method);
      const answer = await http.send(request);
      at('answer', request.method);
      return answer;
    };
    const receipts = openReceipts(stateDir);
    const api = {
      provider,
      http: { ...http, send },
      ...(withItself ? {} : { operator: new Secret(operator.key) }),
    };
    const target = { issuer, key: new Secret(exposed.key), foundIn: [], hasContext: true };
    const [done] = await revokeAll([target], {
      use: 'revoke',
      withItself,
      policy: asAsked,
      apiOf: () => api,
      isDryRun: false,
      confirm: () => Promise.resolve(true),
      clock: {
        now: () => new Date(),
        elapsedMs: () => elapsedMs,
        sleep: (ms) => {
          elapsedMs += ms;
          return Promise.resolve();
        },
      },
      receipts: {
        ...receipts,
        async append(receipt) {
          at('receipt', receipt.step);
          const hash = await receipts.append(receipt);
          at('receipted', receipt.step);
          return hash;
        },
      },
      deadlineMs: 3_000,
      signal: new AbortController().signal,
      note: (text) => void notes.push(text),
    });
    if (!done) throw new Error('no result');
    return done;
  }
  const isAlive = ({ id }: { readonly id: string }): boolean =>
    server.enabled().some((one) => one.id === id);
  return {
    server,
    run,
    notes,
    exposed,
    isExposedAlive: () => isAlive(exposed),
    /** Nobody else's key was touched; of what was sent, only the planned id was to be revoked. */
    expectSafe() {
      expect([isAlive(operator), isAlive(bystander)]).toEqual([true, true]);
      for (const { method, path } of server.requests) {
        if (method === 'DELETE') expect(path.endsWith(`/${exposed.id}`)).toBe(true);
        else expect(method).toBe('GET');
      }
    },
    expectReceipts() {
      const text = readFileSync(join(stateDir, 'receipts.jsonl'), 'utf8');
      expect(verifyChain(text).kind).toBe('intact');
      for (const { key } of server.keys) expect(text).not.toContain(key);
    },
  };
}

const ways = [
  ['robotomail', false],
  ['robotomail', true],
  ['agentmail', false],
  ['agentmail', true],
] as const;

describe.each(ways)('%s, with itself: %s', (issuer, withItself) => {
  it('killed at every dealing with the outside: a second run ends the same', async () => {
    const clean = await rig(issuer, withItself);
    const counting = killAt(Infinity);
    expect(await clean.run(counting)).toMatchObject({ outcome: 'revoked-proven' });
    expect(counting.count()).toBeGreaterThan(10);
    await forEach(counting.count(), async (n) => {
      const one = await rig(issuer, withItself);
      await expect(one.run(killAt(n))).rejects.toThrow(Killed);
      one.expectSafe();
      const wasAlive = one.isExposedAlive();
      const { outcome } = await one.run();
      expect({ n, outcome }).toEqual({ n, outcome: wasAlive ? 'revoked-proven' : 'already-dead' });
      expect(one.isExposedAlive()).toBe(false);
      one.expectSafe();
      one.expectReceipts();
    });
  });

  it('without room for receipts nothing is revoked, or the outcome is told all the same', async () => {
    for (const [n, isAliveAfter, expected] of [
      [1, true, 'failed'],
      [2, false, 'revoked-proven'],
    ] as const) {
      const one = await rig(issuer, withItself);
      const { outcome } = await one.run(diskFullAt(n, ['receipt'], true));
      expect({ outcome, isAlive: one.isExposedAlive() }).toEqual({
        outcome: expected,
        isAlive: isAliveAfter,
      });
      if (n === 2) expect(one.notes.join()).toContain('the receipt of this is missing');
      one.expectSafe();
    }
  });
});

it.each(ways)(
  '%s, with itself: %s: a request that was not taken is sent again',
  async (issuer, withItself) => {
    for (const fault of [{ kind: 'refused' }, { kind: 'rate-limit' }, { kind: 'lost' }] as const) {
      const one = await rig(issuer, withItself);
      one.server.break({ method: 'DELETE', fault });
      expect((await one.run()).outcome).toBe('revoked-proven');
      one.expectSafe();
    }
  },
);

const faults: readonly (readonly [string, Fault])[] = [
  ['refused', { kind: 'refused' }],
  ['lost', { kind: 'lost' }],
  ['cut', { kind: 'cut' }],
  ['doubled', { kind: 'doubled' }],
  ['too late', { kind: 'slow', delayMs: 400 }],
  ['a page of a gateway', { kind: 'html' }],
  ['another host', { kind: 'redirect', to: 'http://127.0.0.1:9/' }],
  ['too many requests', { kind: 'rate-limit', retryAfter: '1' }],
  ['a bare refusal', { kind: 'reply', status: 403, json: { message: 'Forbidden' } }],
  ['not found', { kind: 'reply', status: 404, json: { error: 'API key not found' } }],
];

describe.each(faults)('one answer is %s', (_, fault) => {
  it.each(ways)('%s, with itself: %s', async (issuer, withItself) => {
    const clean = await rig(issuer, withItself);
    await clean.run();
    await forEach(clean.server.requests.length, async (n) => {
      const one = await rig(issuer, withItself);
      if (n > 1) one.server.break({ times: n - 1, fault: { kind: 'slow', delayMs: 0 } });
      one.server.break({ fault });
      const { outcome } = await one.run();
      one.expectSafe();
      one.expectReceipts();
      // "Dead" is never said of a key that lives, but for the gateway's bare refusal, which is said to be one.
      if (outcome === 'revoked-proven') expect(one.isExposedAlive()).toBe(false);
      if (outcome === 'already-dead' && fault.kind !== 'reply') {
        expect(one.isExposedAlive()).toBe(false);
      }
      // Undisturbed, the next run comes to the end.
      await one.run();
      expect(one.isExposedAlive()).toBe(false);
      one.expectSafe();
    });
  });
});
