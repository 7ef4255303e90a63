/**
 * Whatever happens at whatever step of a rotation: nothing is revoked that was not planned, the old key
 * lives until the new one is proven, and a resumed run ends where an undisturbed one does.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../support/key-api/faults.ts';
import {
  diskFullAt,
  forEach,
  Killed,
  killAt,
  NotPlanned,
  rotationRig,
  type Act,
  type RigOptions,
  type RotationRig,
} from '../support/rotation-rig.ts';

const kinds: readonly (readonly [string, RigOptions])[] = [
  ['a full key, by an operator', {}],
  ['a scoped key, by an operator', { isScoped: true }],
  ['the only key, by itself', { isOwn: true }],
  ['into a command alone', { sinks: ['exec:cat > CWD/key'] }],
  ['the only key, into a command alone', { isOwn: true, sinks: ['exec:cat > CWD/key'] }],
];

/** Holds at every moment. */
function expectSafe(rig: RotationRig): void {
  // Nobody else's key was touched.
  expect(rig.others.every(({ isEnabled }) => isEnabled)).toBe(true);
  if (rig.old.isEnabled) return;
  // The old one may be dead only when the one in the sinks works.
  const values = rig.made().map(({ key }) => key);
  const { env, file } = rig.held();
  expect(values).toContain(file);
  expect(env === undefined || values.includes(env)).toBe(true);
}

/** Where an undisturbed run ends. */
function expectRotated(rig: RotationRig): void {
  expectSafe(rig);
  expect(rig.old.isEnabled).toBe(false);
  expect(rig.made()).toHaveLength(1);
  expect(rig.held().file).toBe(rig.made()[0]?.key);
}

/** Where a failed one ends: as if nothing had been. */
function expectUndone(rig: RotationRig): void {
  expectSafe(rig);
  expect(rig.old.isEnabled).toBe(true);
  expect(rig.made()).toEqual([]);
}

function expectNoRawKey(rig: RotationRig): void {
  const text = readdirSync(rig.stateDir)
    .map((name) => readFileSync(join(rig.stateDir, name), 'utf8'))
    .concat(rig.notes)
    .join('\n');
  for (const { key } of rig.server.keys) expect(text).not.toContain(key);
}

async function undisturbed(options: RigOptions): Promise<number> {
  const rig = await rotationRig(options);
  const counting = killAt(Infinity);
  expect(await rig.run(counting)).toMatchObject({ outcome: 'revoked-proven' });
  expectRotated(rig);
  expectNoRawKey(rig);
  return counting.count();
}

describe.each(kinds)('killed at every dealing with the outside: %s', (_, options) => {
  it('is resumed to the same end', async () => {
    const count = await undisturbed(options);
    expect(count).toBeGreaterThan(30);
    await forEach(count, async (n) => {
      const rig = await rotationRig(options);
      await expect(rig.run(killAt(n))).rejects.toThrow(Killed);
      expectSafe(rig);
      const resumed = await rig.run();
      expect({ n, outcome: resumed.outcome, detail: resumed.detail }).toEqual({
        n,
        outcome: 'revoked-proven',
        detail: undefined,
      });
      expectRotated(rig);
      expectNoRawKey(rig);
    });
  });
});

it('killed again and again, at other places each time, comes to the same end', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const rig = await rotationRig();
    let outcome: string | undefined;
    for (let time = 0; outcome === undefined; time += 1) {
      const at = 5 + ((seed * 7 + time * 11) % 17) + time;
      const done = await rig.run(killAt(at)).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        return undefined;
      });
      outcome = done?.outcome;
      expectSafe(rig);
    }
    expect(outcome).toBe('revoked-proven');
    expectRotated(rig);
  }
});

it('a key that is made after its request was given up is found behind everything else', async () => {
  const rig = await rotationRig();
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  rig.server.break({ method: 'POST', fault: { kind: 'held', until } });
  const done = await rig.run({
    at(act, what) {
      // The old key goes; only now does the first request for a new one come through.
      if (act === 'request' && what.startsWith('DELETE')) letGo();
    },
  });
  expect(done.outcome).toBe('revoked-proven');
  expect(rig.server.keys.filter(({ name }) => name === rig.old.name)).toHaveLength(4);
  expectRotated(rig);
});

it('a key of the same name that was made long before the request is not taken for a new one', async () => {
  const rig = await rotationRig();
  rig.server.break({ method: 'POST', fault: { kind: 'lost' } });
  const foreign: { isEnabled: boolean }[] = [];
  const done = await rig.run({
    at(act, what) {
      // Whatever the reason, it is listed only from now on: it is not of this rotation's time.
      if (act === 'request' && what.startsWith('POST') && foreign.length === 0) {
        foreign.push(rig.server.addKey({ name: rig.old.name, createdAt: '2026-01-01T00:00:00Z' }));
      }
    },
  });
  expect(done.outcome).toBe('failed');
  expect(done.detail).toContain('cannot be told');
  expect(foreign.map(({ isEnabled }) => isEnabled)).toEqual([true]);
  expect(rig.old.isEnabled).toBe(true);
  // Both are named, and the state waits for a person.
  for (const { id } of rig.made()) expect(done.detail).toContain(id);
  expect(done.state.step).toBe('creating');
});

it('a new key that opens other mailboxes than it should is handed to nobody', async () => {
  const rig = await rotationRig({ isScoped: true, sinks: ['exec:cat > CWD/key'] });
  const done = await rig.run({
    at(act, what) {
      if (act !== 'answer' || what !== 'POST /api-keys') return;
      Object.assign(rig.made()[0] ?? {}, { mailboxIds: rig.server.account.mailboxIds.slice(1) });
    },
  });
  expect(done.outcome).toBe('failed');
  expect(done.detail).toContain('the new key opens something else: the mailboxes');
  expect(rig.held()).toEqual({ env: undefined, file: undefined });
  expect(rig.notes).toEqual([]);
  expectUndone(rig);
});

const faults: readonly (readonly [string, Fault])[] = [
  ['refused', { kind: 'refused' }],
  ['lost', { kind: 'lost' }],
  ['cut', { kind: 'cut' }],
  ['doubled', { kind: 'doubled' }],
  ['late', { kind: 'slow', delayMs: 20 }],
  ['too late', { kind: 'slow', delayMs: 400 }],
  ['a page of a gateway', { kind: 'html' }],
  ['too many requests', { kind: 'rate-limit' }],
  ['refused for a reason', { kind: 'reply', status: 403, json: { error: 'no' } }],
];

describe.each(faults)('one answer is %s', (_, fault) => {
  it.each(['GET', 'POST', 'DELETE'])('%s, each in its turn', async (method) => {
    const clean = await rotationRig();
    await clean.run();
    const count = clean.server.requests.filter((one) => one.method === method).length;
    await forEach(count, async (n) => {
      const rig = await rotationRig();
      const untouched = { kind: 'slow', delayMs: 0 } as const;
      if (n > 1) rig.server.break({ method, times: n - 1, fault: untouched });
      rig.server.break({ method, fault });
      const outcome = await endOf(rig);
      expectSafe(rig);
      expectNoRawKey(rig);
      if (outcome !== 'revoked-proven') return expectUndone(rig);
      expect(rig.old.isEnabled).toBe(false);
      // A key too many is named, if it is there at all.
      const used = rig.held().file;
      for (const { key, id } of rig.made()) {
        if (key !== used) expect(rig.notes.join('\n')).toContain(id);
      }
    });
  });
});

/** With one more run where the first has not come to an end. */
async function endOf(rig: RotationRig): Promise<string> {
  try {
    const first = await rig.run();
    expectSafe(rig);
    return first.state.step === 'ended' ? first.outcome : (await rig.run()).outcome;
  } catch (error) {
    if (!(error instanceof NotPlanned)) throw error;
    return 'not planned';
  }
}

describe.each([
  ['the state', ['save']],
  ['receipts', ['receipt']],
  ['both', ['save', 'receipt']],
] as const)('no room on the disk for %s', (_, acts: readonly Act[]) => {
  it.each([true, false])('at every write, lasting: %s', async (isLasting) => {
    let rotated = 0;
    await forEach(16, async (n) => {
      const rig = await rotationRig();
      const done = await rig.run(diskFullAt(n, acts, isLasting)).catch((error: unknown) => {
        // The very first state: nothing has begun.
        expect(n).toBe(1);
        return String(error);
      });
      expectSafe(rig);
      if (typeof done === 'string') return;
      if (!rig.old.isEnabled) {
        expectRotated(rig);
        rotated += 1;
        return;
      }
      expect(done.outcome).toBe('failed');
      if (rig.made().length > 0) {
        expect(done.detail).toContain(rig.made()[0]?.id);
        await rig.run();
      }
      expect(rig.old.isEnabled ? rig.made() : []).toEqual([]);
    });
    expect(rotated).toBeGreaterThan(0);
  });
});
