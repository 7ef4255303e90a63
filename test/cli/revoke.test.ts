/** `keywarden revoke` as a person meets it, against real HTTP servers of both issuers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretId } from '../../src/core/findings/identity.ts';
import { agentmailDesk, robotomailDesk } from '../support/key-desk.ts';
import { makeRepo } from '../support/make-repo.ts';
import { runMain } from '../support/run-main.ts';
import { githubToken } from '../support/sample.ts';

const ids = (keys: readonly { readonly id: string }[]): string[] => keys.map(({ id }) => id).sort();

describe('a Robotomail key on standard input', () => {
  it('is planned, revoked, seen to fail, and written down', async () => {
    const desk = await robotomailDesk();
    const { server, operator } = desk;
    const exposed = server.addKey({ name: 'mailer-production' });
    const done = await desk.run(['revoke', '--stdin', '--yes'], {
      input: `ROBOTOMAIL_API_KEY=${exposed.key}\n`,
    });
    expect(done.stderr).toMatch(/receipt [0-9a-f]{64} in .*receipts\.jsonl/);
    expect(done.stdout).toContain('revoked-proven: the key was seen to fail at ');
    expect(done.stdout).toContain(`${exposed.id} "mailer-production"`);
    expect(done.stdout).toContain('opens       everything in the account');
    expect(done.code).toBe(0);
    expect(ids(server.enabled())).toEqual([operator.id]);
    expect(desk.receipts()).toMatchObject([
      { step: 'about-to-revoke', keyId: exposed.id, secretId: secretId(exposed.key) },
      { step: 'ended', outcome: 'revoked-proven' },
    ]);
    const all = `${done.stdout}${done.stderr}${desk.state()}`;
    expect(all).not.toContain(exposed.key);
    expect(all).not.toContain(operator.key);
  });

  it('that is dead is looked up nowhere, whatever begins like it', async () => {
    const desk = await robotomailDesk();
    const { server } = desk;
    const dead = server.addKey({ isEnabled: false });
    const namesake = server.addKey({ beginsLike: dead.key });
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: dead.key });
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('already-dead');
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api-keys',
    ]);
    expect(namesake.isEnabled).toBe(true);
  });

  it('--dry-run sends nothing but reads and leaves nothing behind', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const done = await desk.run(['revoke', '--stdin', '--dry-run'], { input: exposed.key });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('plan        revoke it, then see it fail');
    expect(new Set(desk.server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(desk.state()).toBe('');
  });

  it('-f json says the same to programs', async () => {
    const desk = await robotomailDesk();
    const [mailbox = ''] = desk.server.account.mailboxIds;
    const exposed = desk.server.addKey({ mailboxIds: [mailbox] });
    const done = await desk.run(['revoke', '--stdin', '--yes', '-f', 'json'], {
      input: exposed.key,
    });
    const report = JSON.parse(done.stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      outcome: 'revoked-proven',
      keyId: exposed.id,
      plan: {
        decision: 'revoke',
        isLast: 'no',
        scope: { kind: 'mailboxes' },
        revokedBy: 'operator',
      },
      receipt: { head: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    expect(done.stdout).not.toContain(exposed.key);
  });
});

describe('is refused', () => {
  it.each([
    [
      'two keys begin like it',
      'ambiguous',
      (s: Server) => {
        const exposed = s.addKey();
        s.addKey({ beginsLike: exposed.key });
        return exposed;
      },
    ],
    [
      'it is of another account',
      'another account',
      (s: Server) => s.addKey({ account: s.addAccount() }),
    ],
    [
      'it is a scoped key of another account that begins like one of ours',
      'another account',
      (s: Server) => {
        const account = s.addAccount();
        const exposed = s.addKey({ account, mailboxIds: account.mailboxIds.slice(0, 1) });
        s.addKey({ beginsLike: exposed.key });
        return exposed;
      },
    ],
    [
      'it begins like the credential, and its own account tells nothing',
      'another account',
      (s: Server) => {
        const account = s.addAccount();
        account.isVerified = false;
        return s.addKey({ account, beginsLike: s.keys[0]?.key ?? '' });
      },
    ],
    [
      'it begins like one of ours, and its own account tells nothing',
      'another account',
      (s: Server) => {
        const account = s.addAccount();
        account.isVerified = false;
        return s.addKey({ account, beginsLike: s.addKey().key });
      },
    ],
    [
      'the account is suspended',
      'suspended',
      (s: Server) => {
        s.account.isSuspended = true;
        return s.addKey();
      },
    ],
    ['its prefix is not shown', 'not found', (s: Server) => s.addKey({ hasPrefix: false })],
  ])('when %s', async (_, why, arrange) => {
    const desk = await robotomailDesk();
    const exposed = arrange(desk.server);
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: exposed.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^refused: /m);
    expect(done.stdout).toContain(why);
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(desk.receipts()).toMatchObject([{ step: 'ended', outcome: 'refused' }]);
  });

  it('without a credential, and says that the key could revoke itself', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const done = await desk.run(['revoke', '--stdin', '--yes'], {
      input: exposed.key,
      env: { ROBOTOMAIL_API_KEY: '' },
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain(
      'refused: no credential: set ROBOTOMAIL_API_KEY; or say --with-itself',
    );
    expect(exposed.isEnabled).toBe(true);
  });

  it('as the last active key, and rotate is offered', async () => {
    const desk = await robotomailDesk();
    const done = await desk.run(['revoke', '--stdin', '--yes', '--with-itself'], {
      input: desk.operator.key,
      env: { ROBOTOMAIL_API_KEY: '' },
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('refused: it is the last active key');
    expect(done.stdout).toContain('keywarden rotate');
    expect(desk.operator.isEnabled).toBe(true);
  });

  it("by the issuer's own rule where the listing does not show that it is the last full one", async () => {
    const desk = await robotomailDesk();
    desk.server.addKey({ mailboxIds: desk.server.account.mailboxIds });
    const done = await desk.run(['revoke', '--stdin', '--yes', '--with-itself'], {
      input: desk.operator.key,
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^refused: .*last active key.*keywarden rotate/m);
    expect(desk.operator.isEnabled).toBe(true);
  });

  it('when the credential is the exposed key and nobody said --with-itself', async () => {
    const desk = await robotomailDesk();
    desk.server.addKey();
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: desk.operator.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('the credential is the exposed key itself');
    expect(desk.operator.isEnabled).toBe(true);
  });
});

type Server = Awaited<ReturnType<typeof robotomailDesk>>['server'];

describe('--with-itself', () => {
  it('a full-access key revokes itself and is seen to fail', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const done = await desk.run(['revoke', '--stdin', '--yes', '--with-itself'], {
      input: exposed.key,
      env: { ROBOTOMAIL_API_KEY: '' },
    });
    expect(done.stdout).toContain('revoked-proven');
    expect({ code: done.code, isEnabled: exposed.isEnabled }).toEqual({
      code: 0,
      isEnabled: false,
    });
  });

  it('a scoped key cannot', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey({ mailboxIds: desk.server.account.mailboxIds });
    const done = await desk.run(['revoke', '--stdin', '--yes', '--with-itself'], {
      input: exposed.key,
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('not full-access');
    expect(exposed.isEnabled).toBe(true);
  });
});

describe('--key-id', () => {
  const byId = (id: string): string[] => [
    'revoke',
    '--key-id',
    id,
    '--issuer',
    'robotomail',
    '--yes',
  ];

  it('is proven by the listing only, and says so', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const done = await desk.run(byId(exposed.id));
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('revoked-unproven');
    expect(exposed.isEnabled).toBe(false);
  });

  it('with the raw key chooses among keys that begin alike, and proves', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const namesake = desk.server.addKey({ beginsLike: exposed.key });
    const done = await desk.run([...byId(exposed.id), '--stdin'], { input: exposed.key });
    expect(done.stdout).toContain('revoked-proven');
    expect([exposed.isEnabled, namesake.isEnabled]).toEqual([false, true]);
  });

  it('with a raw key that is another one is refused', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const other = desk.server.addKey();
    const done = await desk.run([...byId(other.id), '--stdin'], { input: exposed.key });
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('is not');
    expect([exposed.isEnabled, other.isEnabled]).toEqual([true, true]);
  });

  it("of a suspended account's key works", async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    desk.server.account.isSuspended = true;
    const done = await desk.run(byId(exposed.id));
    expect(done.stdout).toContain('revoked-unproven');
    expect(exposed.isEnabled).toBe(false);
  });

  it("does not take the credential's own id for another's", async () => {
    const desk = await robotomailDesk();
    desk.server.addKey();
    const done = await desk.run(byId(desk.operator.id));
    expect(done.code).toBe(2);
    expect(done.stdout).toContain("that id is the credential's own");
    expect(desk.operator.isEnabled).toBe(true);
  });

  it('that nobody has is refused', async () => {
    const desk = await robotomailDesk();
    const done = await desk.run(byId('clxnothing'));
    expect(done.code).toBe(2);
    expect(done.stdout).toContain('the account lists no key clxnothing');
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('an AgentMail key', () => {
  it('is named by the issuer, revoked and proven; its children are named', async () => {
    const desk = await agentmailDesk();
    const exposed = desk.server.addKey({ name: 'leaked', createdAt: '2026-01-01T00:00:00.000Z' });
    const child = desk.server.addKey({ name: 'twin', createdAt: '2026-02-01T00:00:00.000Z' });
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: exposed.key });
    expect(done.stdout).toContain('revoked-proven');
    expect(done.stdout).toContain(`${child.id} "twin" of 2026-02-01`);
    expect(done.code).toBe(0);
    expect(ids(desk.server.enabled())).toEqual(ids([desk.operator, child]));
  });

  it('that the issuer does not know is dead, and nobody is asked further', async () => {
    const desk = await agentmailDesk();
    const stranger = (await agentmailDesk()).server;
    // The servers make the same keys from the same seed; the third is known to one of them only.
    stranger.addKey();
    const unknown = stranger.addKey();
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: unknown.key });
    expect(done.stdout).toContain('already-dead');
    expect(desk.server.requests.map(({ path }) => path)).toEqual(['/auth/me']);
  });

  it('is proven by a gateway that let it through before', async () => {
    const desk = await agentmailDesk();
    const exposed = desk.server.addKey();
    desk.server.switches.gatewayRefuses = true;
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: exposed.key });
    expect(done.stdout).toContain('revoked-proven');
  });

  it('may be revoked by a credential that may not list', async () => {
    const desk = await agentmailDesk();
    const exposed = desk.server.addKey();
    const narrow = desk.server.addKey({ permissions: { api_key_delete: true } });
    const done = await desk.run(['revoke', '--stdin', '--yes'], {
      input: exposed.key,
      env: { AGENTMAIL_API_KEY: narrow.key },
    });
    expect(done.stdout).toContain('revoked-proven');
    expect(exposed.isDeleted).toBe(true);
  });
});

describe('the proof', () => {
  it('waits for a revocation that spreads late', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    desk.server.switches.revokedLivesRequests = 2;
    const done = await desk.run(['revoke', '--stdin', '--yes'], { input: exposed.key });
    expect(done.stdout).toContain('revoked-proven');
    expect(done.code).toBe(0);
  });

  it('is missing when the key still works at the deadline, and that is said', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    desk.server.switches.revokedLivesMs = 60_000;
    const done = await desk.run(['revoke', '--stdin', '--yes', '--deadline', '1'], {
      input: exposed.key,
    });
    expect(done.code).toBe(2);
    expect(done.stdout).toMatch(/^revoked-unproven: after 1 s the key still works/m);
    expect(done.stdout).toContain('may have been another key');
  });

  it.each(['rate-limit', 'html', 'refused'] as const)(
    'is not an answer that says nothing: %s',
    async (kind) => {
      const desk = await robotomailDesk();
      const exposed = desk.server.addKey();
      const { server } = desk;
      const ask = (): Promise<string> => {
        // From here on the old key is never answered properly.
        server.break({ key: exposed.key, times: Infinity, fault: { kind } });
        return Promise.resolve('y');
      };
      const done = await desk.run(['revoke', '--stdin', '--deadline', '0'], {
        input: exposed.key,
        ask,
      });
      expect(done.code).toBe(2);
      expect(done.stdout).toMatch(/^revoked-unproven: .*could not be told/m);
    },
  );
});

describe('--finding', () => {
  it('reads the place again, matches the secret and names its places', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    writeFileSync(join(desk.cwd, '.env'), `# robotomail\nKEY=${exposed.key}\n`);
    const options = { cwd: desk.cwd };
    await runMain(['scan', '.', '-f', 'json=report.json'], options);
    const [fingerprint] = fingerprints(join(desk.cwd, 'report.json'));
    const args = ['revoke', '--finding', `report.json#${fingerprint}`, '--yes'];
    const done = await desk.run(args);
    expect(done.stdout).toContain('found in    .env:2');
    expect(done.stdout).toContain('revoked-proven');
    writeFileSync(join(desk.cwd, '.env'), 'KEY=gone\n');
    const again = await desk.run(args);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('is not there any more');
  });

  it('finds a key of history in the object that held it', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const repo = makeRepo();
    repo.commit({ files: { 'a/.env': `ROBOTOMAIL_API_KEY=${exposed.key}\n` } });
    repo.commit({ files: { 'a/.env': 'ROBOTOMAIL_API_KEY=\n' } });
    const saved = join(desk.cwd, 'report.json');
    await runMain(['scan', '--history', '-f', `json=${saved}`], { cwd: repo.path });
    const [fingerprint] = fingerprints(saved);
    const done = await desk.run(['revoke', '--finding', `${saved}#${fingerprint}`, '--yes'], {
      cwd: repo.path,
    });
    expect(done.stdout).toContain('found in    a/.env:1 (in history');
    expect(done.stdout).toContain('revoked-proven');
  });

  it('of a kind that nobody can revoke here names the page', async () => {
    const desk = await robotomailDesk({ files: { a: githubToken('finding') } });
    await runMain(['scan', '.', '-f', 'json=report.json'], { cwd: desk.cwd });
    const [fingerprint] = fingerprints(join(desk.cwd, 'report.json'));
    const done = await desk.run(['revoke', '--finding', `report.json#${fingerprint}`, '--yes']);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('cannot revoke keys of this kind');
    expect(desk.server.requests).toEqual([]);
  });
});

function fingerprints(file: string): string[] {
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly findings: readonly { readonly fingerprint: string }[];
  };
  return report.findings.map(({ fingerprint }) => fingerprint);
}

describe('the question', () => {
  it('comes behind the plan; no means nothing is sent', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const asked: string[] = [];
    const ask = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve('');
    };
    const done = await desk.run(['revoke', '--stdin'], { input: exposed.key, ask });
    expect(asked).toEqual(['Revoke it? [y/N] ']);
    expect(done.stderr).toContain(exposed.id);
    expect(done.stdout).toContain('refused: the question was answered with no');
    expect({ code: done.code, isEnabled: exposed.isEnabled }).toEqual({ code: 2, isEnabled: true });
  });

  it('is checked again against the account once it was answered', async () => {
    const desk = await robotomailDesk();
    const exposed = desk.server.addKey();
    const ask = (): Promise<string> => {
      exposed.isEnabled = false;
      return Promise.resolve('y');
    };
    const done = await desk.run(['revoke', '--stdin'], { input: exposed.key, ask });
    expect(done.stdout).toContain('already-dead');
    expect(desk.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('one line and 2 for', () => {
  it.each([
    [[], '', 'which key?'],
    [['--stdin'], '', 'there is no terminal to ask on: say --yes'],
    [['--stdin', '--credential-stdin', '--yes'], '', 'only one can be on standard input'],
    [['--stdin', '--yes'], 'nothing here', 'no key of Robotomail or AgentMail'],
    [['--key-id', 'x', '--yes'], '', '--key-id: say whose with --issuer'],
    [['--key-id', 'x', '--issuer', 'robotmail'], '', 'did you mean "robotomail"?'],
    [['--finding', 'x'], '', 'expected REPORT.json#FINGERPRINT'],
    [['--finding', 'x.json#kf1_0', '--yes'], '', 'x.json: this report cannot be read'],
    [['word', '--stdin'], '', 'a key is never an argument'],
  ])('%j', async (args, input, message) => {
    const desk = await robotomailDesk();
    const text = args.length > 0 && input === '' ? desk.operator.key : input;
    const done = await desk.run(['revoke', ...args], { input: text });
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toMatch(/^keywarden: [^\n]*\n$/);
    expect(done.stderr).toContain(message);
    expect(desk.server.requests).toEqual([]);
  });

  it('a key given as its id is not sent, nor shown', async () => {
    const desk = await robotomailDesk();
    const args = ['revoke', '--key-id', desk.operator.key, '--issuer', 'robotomail', '--yes'];
    const done = await desk.run(args);
    expect(done.stderr).toBe('keywarden: --key-id: that is a key; give it with --stdin\n');
    expect(desk.server.requests).toEqual([]);
  });

  it('nothing is asked under KEYWARDEN_OFFLINE', async () => {
    const desk = await robotomailDesk();
    const done = await desk.run(['revoke', '--stdin', '--yes'], {
      input: desk.operator.key,
      env: { KEYWARDEN_OFFLINE: '1' },
    });
    expect(done.code).toBe(2);
    expect(desk.server.requests).toEqual([]);
  });
});
