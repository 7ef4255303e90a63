/** The built command, killed by the system while it revokes or rotates, and started again. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { robotomailDesk, type RobotomailDesk } from '../support/key-desk.ts';
import { runBin, startBin } from '../support/run-bin.ts';

const args = ['rotate', '--stdin', '--yes'];
const toFile = ['--to', 'env-file:.env#ROBOTOMAIL_API_KEY'];

/** Runs until the server has got the request, kills the process there, lets the server go on. */
async function killedAt(
  desk: RobotomailDesk,
  command: readonly string[],
  input: string,
  where: { readonly method: string; readonly key?: string; readonly isDoneFirst: boolean },
): Promise<void> {
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { method, key, isDoneFirst } = where;
  const ofKey = key === undefined ? {} : { key };
  desk.server.break({ method, ...ofKey, fault: { kind: 'held', until, isDoneFirst } });
  const { child, done } = startBin([...command, '--state-dir', desk.stateDir], {
    cwd: desk.cwd,
    env: desk.env,
  });
  child.stdin.end(input);
  const isThere = (): boolean =>
    desk.server.requests.some((one) => one.method === method && (!key || one.bearer === key));
  for (let tries = 0; !isThere() && tries < 1_000; tries += 1) await sleep(10);
  // The server acts before it holds the answer.
  await sleep(30);
  child.kill('SIGKILL');
  await done;
  letGo();
  await sleep(30);
}

function expectNoRawKey(desk: RobotomailDesk, ...texts: readonly string[]): void {
  const all = [desk.state(), ...texts].join('\n');
  for (const { key } of desk.server.keys) expect(all).not.toContain(key);
}

describe.each([true, false])('rotate, killed with the request done: %s', (isDoneFirst) => {
  it.each([
    ['while the new key is made', 'POST'],
    ['while the old one is revoked', 'DELETE'],
  ])('%s', async (_, method) => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ name: 'mailer' });
    writeFileSync(join(desk.cwd, '.env'), `ROBOTOMAIL_API_KEY=${old.key}\n`);
    await killedAt(desk, [...args, ...toFile], old.key, { method, isDoneFirst });
    if (method === 'POST') expect(old.isEnabled).toBe(true);
    const resume = ['rotate', '--resume', desk.stateFile(), '--stdin'];
    const done = await runBin([...resume, '--state-dir', desk.stateDir], {
      cwd: desk.cwd,
      env: desk.env,
      input: old.key,
    });
    expect(done.stdout).toMatch(/^revoked-proven: /);
    expect(done.code).toBe(0);
    const enabled = desk.server.enabled().filter((one) => one !== desk.operator);
    const held = readFileSync(join(desk.cwd, '.env'), 'utf8');
    expect(held).toBe(`ROBOTOMAIL_API_KEY=${enabled[0]?.key}\n`);
    expect(enabled).toHaveLength(1);
    expect(old.isEnabled).toBe(false);
    expectNoRawKey(desk, done.stdout, done.stderr);
  });
});

it('rotate, killed by its own sink: the key that nobody has is taken away, another one made', async () => {
  const desk = await robotomailDesk();
  const old = desk.server.addKey({ name: 'mailer' });
  const once = join(desk.cwd, 'once');
  writeFileSync(once, '');
  // The first time the command takes the key and ends the rotation's process.
  const command = `cat > taken; if [ -e '${once}' ]; then rm '${once}'; kill -9 $PPID; fi`;
  const started = await runBin([...args, '--to', `exec:${command}`, '--state-dir', desk.stateDir], {
    cwd: desk.cwd,
    env: desk.env,
    input: old.key,
  });
  expect(started.code).toBe(-1);
  expect(old.isEnabled).toBe(true);
  const done = await runBin(
    ['rotate', '--resume', desk.stateFile(), '--stdin', '--state-dir', desk.stateDir],
    { cwd: desk.cwd, env: desk.env, input: old.key },
  );
  expect(done.stdout).toMatch(/^revoked-proven: /);
  const enabled = desk.server.enabled().filter((one) => one !== desk.operator);
  expect(enabled.map(({ key }) => key)).toEqual([readFileSync(join(desk.cwd, 'taken'), 'utf8')]);
  expect(desk.server.keys).toHaveLength(4);
  expectNoRawKey(desk, started.stderr, done.stdout, done.stderr);
  // No lock and no half-written file is left.
  expect(readdirSync(desk.stateDir).sort()).toEqual([
    'receipts.jsonl',
    expect.stringMatching(/^rotation-robotomail-[0-9a-f]{16}\.json$/),
  ]);
});

it.each([true, false])('revoke, killed with the request done: %s', async (isDoneFirst) => {
  const desk = await robotomailDesk();
  const exposed = desk.server.addKey();
  const command = ['revoke', '--stdin', '--yes'];
  await killedAt(desk, command, exposed.key, { method: 'DELETE', isDoneFirst });
  expect(desk.receipts()).toMatchObject([{ step: 'about-to-revoke', keyId: exposed.id }]);
  const done = await runBin([...command, '--state-dir', desk.stateDir], {
    cwd: desk.cwd,
    env: desk.env,
    input: exposed.key,
  });
  // The server went on with what it had got; the key is dead either way.
  expect(done.stdout).toContain('already-dead');
  expect(done.code).toBe(0);
  expect([exposed.isEnabled, desk.operator.isEnabled]).toEqual([false, true]);
});

it('SIGINT while the proof is waited for: what is known is told, and 130', async () => {
  const desk = await robotomailDesk();
  const exposed = desk.server.addKey();
  desk.server.switches.revokedLivesMs = 60_000;
  const { child, done } = startBin(['revoke', '--stdin', '--yes', '--state-dir', desk.stateDir], {
    cwd: desk.cwd,
    env: desk.env,
  });
  child.stdin.end(exposed.key);
  while (exposed.isEnabled) await sleep(10);
  await sleep(300);
  child.kill('SIGINT');
  const { code, stdout } = await done;
  expect({ code }).toEqual({ code: 130 });
  expect(stdout).toContain('revoked-unproven');
  expect(desk.receipts().at(-1)).toMatchObject({ outcome: 'revoked-unproven' });
});

it('no key stands in the arguments or the environment of the process', async () => {
  const desk = await robotomailDesk();
  const old = desk.server.addKey();
  const spy = join(desk.cwd, 'spy');
  const look = `cat > /dev/null; tr '\\0' '\\n' < /proc/$PPID/cmdline > ${spy}; tr '\\0' '\\n' < /proc/$$/environ >> ${spy}`;
  const done = await runBin([...args, '--to', `exec:${look}`, '--state-dir', desk.stateDir], {
    cwd: desk.cwd,
    env: desk.env,
    input: old.key,
  });
  expect(done.code).toBe(0);
  const seen = readFileSync(spy, 'utf8');
  expect(seen).toContain('rotate');
  expect(seen).not.toContain('ROBOTOMAIL_API_KEY=');
  for (const { key } of desk.server.keys) expect(seen).not.toContain(key);
});
