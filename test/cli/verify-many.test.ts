/** Several hundred keys at once: within the rate limits, with a progress line, and interrupted on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultLimits } from '../../src/providers/http/client.ts';
import { startAgentmail } from '../support/key-api/agentmail.ts';
import { startRobotomail } from '../support/key-api/robotomail.ts';
import { startBin } from '../support/run-bin.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { told } from './verify-place.ts';

async function servers() {
  const [robotomail, agentmail] = await Promise.all([startRobotomail(), startAgentmail()]);
  for (const { close } of [robotomail, agentmail]) onTestFinished(() => close());
  const env = { KEYWARDEN_ROBOTOMAIL_URL: robotomail.url, KEYWARDEN_AGENTMAIL_URL: agentmail.url };
  return { robotomail, agentmail, env };
}

describe('several hundred keys', () => {
  it('are each asked about once, no faster than the limits, with a line that counts them', async () => {
    const { robotomail, agentmail, env } = await servers();
    const each = 125;
    const keys = Array.from({ length: each }, (_, at) => [
      robotomail.addKey({ isEnabled: at % 3 > 0 }).key,
      agentmail.addKey().key,
    ]).flat();
    const lines = keys.map((key) => `robotomail agentmail key: ${key}\n`).join('\n'.repeat(8));
    const cwd = makeTree({ 'a.txt': lines, 'b.txt': lines });
    const started = performance.now();
    const { stdout, stderr, code } = await runMain(['scan', '--verify', '-f', 'json=r.json'], {
      cwd,
      env,
      isTTY: true,
    });
    const tookMs = performance.now() - started;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(told(readFileSync(join(cwd, 'r.json'), 'utf8')).summary.live).toBe(
      keys.length - Math.ceil(each / 3),
    );
    const counts = [robotomail, agentmail].flatMap(({ asked }) =>
      keys.map((key) => asked(key).length).filter((count) => count > 0),
    );
    expect(counts).toEqual(keys.map(() => 1));
    for (const { requests } of [robotomail, agentmail]) {
      // The keys and one control; starts are so far apart that this takes so long.
      expect(requests).toHaveLength(each + 1);
      expect(tookMs).toBeGreaterThan(each * defaultLimits.intervalMs);
      const fastest = Math.min(
        ...requests.slice(20).map(({ at }, i) => at - (requests[i]?.at ?? 0)),
      );
      // Twenty starts; what arrives late makes the next ones look close.
      expect(fastest).toBeGreaterThan(20 * defaultLimits.intervalMs * 0.5);
    }
    expect(stderr).toMatch(/\r\u001b\[Kasking issuers: \d+ of 250 keys/);
    expect(stderr).toMatch(/\r\u001b\[Kkeywarden: 250 keys in 500 places\n$/);
  });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s on the way: the report is written and marked incomplete',
  async (signal, expected) => {
    const { robotomail, env } = await servers();
    const keys = Array.from({ length: 60 }, () => robotomail.addKey().key);
    const cwd = makeTree({ 'robotomail.txt': keys.map((key) => `${key}\n`).join('') });
    const { child, done } = startBin(['scan', '--verify', '-f', 'json=r.json'], { cwd, env });
    child.stdin.end();
    while (robotomail.requests.length < 10) await sleep(20);
    child.kill(signal);
    const { code, stderr } = await done;
    expect(code).toBe(expected);
    expect(stderr).toMatch(/^keywarden: 60 keys in 60 places, INCOMPLETE/);
    const { keys: listed, problems, coverage } = told(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(coverage.complete).toBe(false);
    expect(problems).toMatchObject([{ kind: 'interrupted', where: 'issuers' }]);
    const states = listed.map(({ liveness }) => liveness['state']);
    expect(states.filter((state) => state === 'live').length).toBeGreaterThan(3);
    expect(states.filter((state) => state === 'unchecked').length).toBeGreaterThan(20);
    expect(robotomail.requests.length).toBeLessThan(30);
  },
);
