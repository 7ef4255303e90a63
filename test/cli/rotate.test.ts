/** `keywarden rotate` as a person meets it, against real HTTP servers of both issuers. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentmailDesk, robotomailDesk, type RobotomailDesk } from '../support/key-desk.ts';

const envSink = ['--to', 'env-file:.env#ROBOTOMAIL_API_KEY'];
const valueIn = (text: string, name = 'ROBOTOMAIL_API_KEY'): string =>
  new RegExp(`${name}="?([^"\\s]*)`).exec(text)?.[1] ?? '';

function envOf({ cwd }: RobotomailDesk): string {
  return readFileSync(join(cwd, '.env'), 'utf8');
}

/** Everything that a run left or said, without the sinks. */
function traces(desk: { state(): string }, { stdout, stderr }: { stdout: string; stderr: string }) {
  return `${stdout}${stderr}${desk.state()}`;
}

describe('a full-access key in a .env file', () => {
  it('is replaced with overlap, in place, and the old one is seen to fail', async () => {
    const desk = await robotomailDesk();
    const { server, cwd, operator } = desk;
    const old = server.addKey({ name: 'mailer-production' });
    const text = `A=1\nexport ROBOTOMAIL_API_KEY="${old.key}" # mail\nB=2\n`;
    const file = join(cwd, '.env');
    writeFileSync(file, text);
    chmodSync(file, 0o640);
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.stdout).toMatch(/^revoked-proven: /);
    expect(done.code).toBe(0);
    const made = server.keys.at(-1);
    expect(made).toMatchObject({ name: 'mailer-production', isEnabled: true });
    expect(made?.mailboxIds).toBeUndefined();
    expect(envOf(desk)).toBe(text.replace(old.key, made?.key ?? ''));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(
      server
        .enabled()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([operator.id, made?.id].sort());
    for (const key of [old.key, operator.key, made?.key ?? '']) {
      expect(traces(desk, done)).not.toContain(key);
    }
    expect(desk.receipts().map(({ step, outcome }) => outcome ?? step)).toEqual([
      'about-to-create',
      'created',
      'about-to-revoke',
      'revoked-proven',
    ]);
    expect(statSync(desk.stateFile()).mode & 0o777).toBe(0o600);
    // The old key was the one that failed last, behind the new one's success.
    const last = server.asked(old.key).at(-1);
    expect(last?.status).toBe(401);
    const deleted = server.requests.find(({ method }) => method === 'DELETE');
    const tried = server.asked(made?.key ?? '')[0];
    expect(Number(tried?.at)).toBeLessThanOrEqual(Number(deleted?.at));
    expect(deleted?.bearer).toBe(operator.key);
  });

  it('that is the only key makes its own successor, which then revokes it', async () => {
    const desk = await robotomailDesk();
    const { server, operator } = desk;
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], {
      input: operator.key,
    });
    expect(done.stdout).toMatch(/^revoked-proven: /);
    const made = server.keys.at(-1);
    expect(server.enabled().map(({ id }) => id)).toEqual([made?.id]);
    expect(valueIn(envOf(desk))).toBe(made?.key);
    expect(statSync(join(desk.cwd, '.env')).mode & 0o777).toBe(0o600);
    expect(server.requests.find(({ method }) => method === 'DELETE')?.bearer).toBe(made?.key);
  });

  it('--dry-run sends nothing but reads and leaves nothing behind', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ name: 'mailer' });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--dry-run'], { input: old.key });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('new key     "mailer", opens everything in the account');
    expect(new Set(desk.server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect([desk.state(), existsSync(join(desk.cwd, '.env'))]).toEqual(['', false]);
  });
});

describe('the scope stays', () => {
  it('of a scoped key: its mailboxes, never an empty list', async () => {
    const desk = await robotomailDesk();
    const mailboxIds = desk.server.account.mailboxIds.slice(0, 2);
    const old = desk.server.addKey({ mailboxIds });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(0);
    expect(desk.server.keys.at(-1)?.mailboxIds).toEqual(mailboxIds);
  });

  it('of a Robotomail key given by id is asked for', async () => {
    const desk = await robotomailDesk();
    const [box = ''] = desk.server.account.mailboxIds;
    const old = desk.server.addKey({ mailboxIds: [box] });
    const args = ['rotate', '--key-id', old.id, '--issuer', 'robotomail', ...envSink, '--yes'];
    const refused = await desk.run(args);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain('say --mailbox ID (repeatable) or --full-access');
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
    const done = await desk.run([...args, '--mailbox', box]);
    expect(done.stdout).toMatch(/^revoked-unproven: /);
    expect(done.code).toBe(2);
    expect(desk.server.keys.at(-1)).toMatchObject({ mailboxIds: [box], isEnabled: true });
    expect(old.isEnabled).toBe(false);
  });

  it.each([
    ['--full-access', 'would widen it'],
    ['--mailbox=OTHER', 'that would widen it'],
  ])('is not widened by %s', async (flag, why) => {
    const desk = await robotomailDesk();
    const [box = '', other = ''] = desk.server.account.mailboxIds;
    const old = desk.server.addKey({ mailboxIds: [box] });
    const args = ['rotate', '--stdin', ...envSink, '--yes', flag.replace('OTHER', other)];
    const done = await desk.run(args, { input: old.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain(why);
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['without permissions', undefined],
    ['with permissions', { message_read: true, inbox_read: true }],
  ])('of an AgentMail key %s', async (_, permissions) => {
    const desk = await agentmailDesk();
    const [podId = ''] = desk.server.podIds;
    const scope = { kind: 'pod', podId } as const;
    const old = desk.server.addKey({ name: 'p', scope, ...(permissions ? { permissions } : {}) });
    const done = await desk.run(['rotate', '--stdin', '--to', 'file:key', '--yes'], {
      input: old.key,
    });
    expect(done.stdout).toMatch(/^revoked-proven: /);
    const made = desk.server.keys.at(-1);
    expect(made).toMatchObject({ name: 'p', scope });
    expect(made?.permissions).toEqual(permissions);
    expect(readFileSync(join(desk.cwd, 'key'), 'utf8')).toBe(made?.key);
    const posted = desk.server.requests.find(({ method }) => method === 'POST');
    expect(posted?.body).toEqual({ name: 'p', ...(permissions ? { permissions } : {}) });
  });

  it('of an AgentMail key that may do nothing is not copied', async () => {
    const desk = await agentmailDesk();
    const old = desk.server.addKey({ permissions: {} });
    const done = await desk.run(['rotate', '--stdin', '--to', 'file:key', '--yes'], {
      input: old.key,
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('has no permission at all');
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('sinks', () => {
  it('exec gets the key on its standard input, and no *_API_KEY in its environment', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    const seen = join(desk.cwd, 'seen');
    const command = `{ cat; echo; env; cat /proc/$$/cmdline /proc/$PPID/cmdline; } > '${seen}'; echo leak >&1`;
    const done = await desk.run(['rotate', '--stdin', '--to', `exec:${command}`, '--yes'], {
      input: old.key,
      env: { OTHER_API_KEY: 'x', HARMLESS: '1' },
    });
    expect(done.stdout).toMatch(/^revoked-proven: [^\n]*\n$/);
    const [key, ...rest] = readFileSync(seen, 'utf8').split('\n');
    expect(key).toBe(desk.server.keys.at(-1)?.key);
    const text = rest.join('\n');
    expect(text).toContain('HARMLESS=1');
    expect(text).not.toMatch(/_API_KEY/);
    for (const raw of [key ?? '', old.key, desk.operator.key]) expect(text).not.toContain(raw);
  });

  it('stdout holds the key alone', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    const done = await desk.run(['rotate', '--stdin', '--to', 'stdout', '--yes'], {
      input: old.key,
    });
    expect(done.stdout).toBe(`${desk.server.keys.at(-1)?.key}\n`);
    expect(done.stderr).toContain('revoked-proven');
    expect(done.stderr).not.toContain(done.stdout.trim());
  });

  it('several get the same key', async () => {
    const desk = await robotomailDesk({ files: { '.env': 'X=1\n', key: 'before\n' } });
    const old = desk.server.addKey();
    const to = [...envSink, '--to', 'file:key', '--to', 'stdout'];
    const done = await desk.run(['rotate', '--stdin', ...to, '--yes'], { input: old.key });
    const key = done.stdout.trim();
    expect(envOf(desk)).toBe(`X=1\nROBOTOMAIL_API_KEY=${key}\n`);
    expect(readFileSync(join(desk.cwd, 'key'), 'utf8')).toBe(`${key}\n`);
  });

  it('that fails takes everything back: sinks restored, new key gone, old key alive', async () => {
    const desk = await robotomailDesk({ files: { key: 'before\n' } });
    const old = desk.server.addKey();
    writeFileSync(join(desk.cwd, '.env'), `ROBOTOMAIL_API_KEY=${old.key}\n`);
    const command = 'cat >&2; exit 3';
    const to = ['--to', `exec:${command}`, ...envSink, '--to', 'file:key', '--to', 'file:new'];
    const done = await desk.run(['rotate', '--stdin', ...to, '--yes'], { input: old.key });
    const made = desk.server.keys.at(-1);
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^failed: exec:cat … ended with 3/);
    expect([old.isEnabled, made?.isEnabled]).toEqual([true, false]);
    expect(envOf(desk)).toBe(`ROBOTOMAIL_API_KEY=${old.key}\n`);
    expect(readFileSync(join(desk.cwd, 'key'), 'utf8')).toBe('before\n');
    expect(existsSync(join(desk.cwd, 'new'))).toBe(false);
    // The command printed the key; nobody shows it.
    expect(traces(desk, done)).not.toContain(made?.key);
    expect(done.stdout).toContain(made?.id);
  });

  it.each([
    ['nowhere/.env', 'env-file:nowhere/.env#A'],
    ['a folder', 'file:.'],
    ['a value over several lines', 'env-file:lines#A'],
  ])('that cannot take a key stops everything before it begins: %s', async (_, sink) => {
    const desk = await robotomailDesk({ files: { lines: 'A="one\ntwo"\n' } });
    const old = desk.server.addKey();
    const done = await desk.run(['rotate', '--stdin', '--to', sink, '--yes'], { input: old.key });
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('the new key', () => {
  it('that got fewer rights than the old one is taken back and handed to nobody', async () => {
    const desk = await agentmailDesk();
    const rights = { message_read: true, message_send: true };
    const old = desk.server.addKey({ name: 'p', permissions: rights });
    const manager = desk.server.addKey({
      permissions: {
        message_read: true,
        api_key_read: true,
        api_key_create: true,
        api_key_delete: true,
      },
    });
    desk.server.switches.constrainsChildren = true;
    const done = await desk.run(['rotate', '--stdin', '--to', 'exec:cat > taken', '--yes'], {
      input: old.key,
      env: { AGENTMAIL_API_KEY: manager.key },
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^failed: the new key opens something else: .*message_read/);
    expect(desk.server.keys.at(-1)).toMatchObject({ name: 'p', isDeleted: true });
    expect([old.isDeleted, existsSync(join(desk.cwd, 'taken'))]).toEqual([false, false]);
  });

  it('is not made on a gated account, and the old one stays', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    desk.server.account.isGated = true;
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^failed: the new key was not made/);
    expect(desk.server.enabled()).toHaveLength(2);
  });

  it.each(['lost', 'cut'] as const)(
    'whose answer is %s is found, taken away, and made again',
    async (kind) => {
      const desk = await robotomailDesk();
      const old = desk.server.addKey({ name: 'm' });
      desk.server.break({ method: 'POST', fault: { kind } });
      const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
      expect(done.stdout).toMatch(/^revoked-proven: /);
      const [, , orphan, made] = desk.server.keys;
      expect([orphan?.isEnabled, made?.isEnabled, old.isEnabled]).toEqual([false, true, false]);
      expect(done.stderr).toContain(`${orphan?.id}`);
      expect(desk.receipts().map(({ step }) => step)).toContain('about-to-revoke-orphan');
    },
  );

  it('whose answer is lost each time leaves nothing but the old one', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ name: 'm' });
    desk.server.break({ method: 'POST', times: Infinity, fault: { kind: 'lost' } });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('the answer was lost each time');
    expect(desk.server.enabled().map(({ id }) => id)).toEqual([desk.operator.id, old.id]);
  });

  it('that was made twice is named, and only one is used', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ name: 'm' });
    desk.server.break({ method: 'POST', fault: { kind: 'doubled' } });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    const [, , first, second] = desk.server.keys;
    expect(done.stdout).toMatch(/^revoked-proven: /);
    expect(valueIn(envOf(desk))).toBe(second?.key);
    expect(done.stderr).toContain(`--key-id ${first?.id}`);
  });

  it('made by somebody else with the same name in the meantime is left alone', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ name: 'm' });
    const other = desk.server.addKey({ name: 'm' });
    // It stands in the listing only from now on.
    const before = other.isEnabled;
    desk.server.break({ method: 'POST', times: Infinity, fault: { kind: 'lost' } });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(2);
    expect([before, other.isEnabled]).toEqual([true, true]);
  });
});

describe('the old key', () => {
  it('is revoked although the answer is lost', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    desk.server.break({ method: 'DELETE', fault: { kind: 'lost' } });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.stdout).toMatch(/^revoked-proven: /);
  });

  it('that cannot be revoked stays, the new one too, and --resume ends it', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    const forbidden = { kind: 'reply', status: 403, json: { error: 'no' } } as const;
    desk.server.break({ method: 'DELETE', fault: forbidden });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('resume to revoke the old one');
    expect(old.isEnabled).toBe(true);
    const unproven = await desk.run(['rotate', '--resume', desk.stateFile()]);
    expect(unproven.stdout).toMatch(/^revoked-unproven: /);
    const proven = await desk.run(['rotate', '--resume', desk.stateFile(), '--stdin'], {
      input: old.key,
    });
    expect(proven.stdout).toMatch(/^revoked-proven: /);
    expect(proven.code).toBe(0);
    const again = await desk.run(['rotate', '--resume', desk.stateFile()]);
    expect(again.stdout).toMatch(/^revoked-proven: /);
  });

  it('that is dead is not rotated', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey({ isEnabled: false });
    const done = await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('nothing to rotate');
    expect(desk.server.requests).toHaveLength(1);
  });
});

describe('one line and 2 for', () => {
  it.each([
    [[], 'say where the new key goes'],
    [['--to', 'nowhere'], 'a sink is one of'],
    [['--to', 'env-file:.env'], 'a sink is one of'],
    [['--to', 'file:a', '--to', 'file:a'], 'the same sink twice'],
    [['--to', 'stdout', '-f', 'json'], 'standard output gets the new key alone'],
    [['--to', 'file:a', '--mailbox', 'x', '--full-access'], 'a key is one or the other'],
    [['--resume', 'nothing.json'], 'no such rotation'],
  ])('%j', async (flags, message) => {
    const desk = await robotomailDesk();
    const done = await desk.run(['rotate', '--stdin', '--yes', ...flags], {
      input: desk.operator.key,
    });
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toMatch(/^keywarden: [^\n]*\n$/);
    expect(done.stderr).toContain(message);
    expect(desk.server.requests).toEqual([]);
  });

  it('a command that holds a key', async () => {
    const desk = await robotomailDesk();
    const { key } = desk.operator;
    const done = await desk.run(['rotate', '--stdin', '--yes', '--to', `exec:x ${key}`], {
      input: key,
    });
    expect(done.stderr).toContain('the command holds a key');
    expect(done.stderr).not.toContain(key);
  });

  it('a rotation that has not ended', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    desk.server.break({
      method: 'DELETE',
      fault: { kind: 'reply', status: 403, json: { error: 'no' } },
    });
    const args = ['rotate', '--stdin', ...envSink, '--yes'];
    await desk.run(args, { input: old.key });
    const again = await desk.run(args, { input: old.key });
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain(`keywarden rotate --resume ${desk.stateFile()}`);
  });

  it('another old key than the one that the rotation replaces', async () => {
    const desk = await robotomailDesk();
    const old = desk.server.addKey();
    const other = desk.server.addKey();
    await desk.run(['rotate', '--stdin', ...envSink, '--yes'], { input: old.key });
    const done = await desk.run(['rotate', '--resume', desk.stateFile(), '--stdin'], {
      input: other.key,
    });
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('is not the key that this rotation replaces');
  });
});
