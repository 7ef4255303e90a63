/** `keywarden audit` as a person meets it, against real HTTP servers of both issuers. */
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { secretId } from '../../src/core/findings/identity.ts';
import { parseInventory } from '../../src/core/inventory/inventory.ts';
import { schemaErrors } from '../reporters/support/json-schema.ts';
import { readSchema } from '../schema/schema.ts';
import { startAgentmail } from '../support/key-api/agentmail.ts';
import { startRobotomail } from '../support/key-api/robotomail.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain, type RunOptions } from '../support/run-main.ts';
import { githubToken } from '../support/sample.ts';

const now = new Date('2026-03-01T12:00:00Z');
const file = 'keywarden.keys.yaml';
const young = '2026-02-20T00:00:00.000Z';
const old = '2025-06-01T00:00:00.000Z';

async function robotomailDesk(operatorName = 'ops-production') {
  const server = await startRobotomail({ now: () => now });
  onTestFinished(server.close);
  const operator = server.addKey({ name: operatorName, createdAt: young });
  const cwd = makeTree();
  const env = { KEYWARDEN_ROBOTOMAIL_URL: server.url, ROBOTOMAIL_API_KEY: operator.key };
  const run = (args: readonly string[], options: Partial<RunOptions> = {}) =>
    runMain(['audit', ...args], { cwd, now, ...options, env: { ...env, ...options.env } });
  return {
    server,
    operator,
    cwd,
    env,
    run,
    inventory: () => readFileSync(join(cwd, file), 'utf8'),
  };
}

async function agentmailDesk() {
  const server = await startAgentmail({ now: () => now });
  onTestFinished(server.close);
  const operator = server.addKey({ name: 'ops-production', createdAt: young });
  const cwd = makeTree();
  const env = { KEYWARDEN_AGENTMAIL_URL: server.url, AGENTMAIL_API_KEY: operator.key };
  const run = (args: readonly string[], options: Partial<RunOptions> = {}) =>
    runMain(['audit', ...args], { cwd, now, ...options, env: { ...env, ...options.env } });
  return { server, operator, cwd, env, run };
}

interface Audit {
  readonly hasInventory: boolean;
  readonly accounts: readonly {
    readonly issuer: string;
    readonly failure?: string;
    readonly keys: readonly {
      readonly keyId: string;
      readonly name: string | null;
      readonly tier: string;
      readonly operator: boolean;
      readonly owner?: Readonly<Record<string, string>>;
    }[];
    readonly results: readonly {
      readonly check: string;
      readonly keyId?: string;
      readonly message: string;
    }[];
    readonly skipped: readonly { readonly check: string; readonly why: string }[];
    readonly untold: readonly string[];
  }[];
}

/** As JSON, checked against the published schema. */
function auditOf({ stdout }: { readonly stdout: string }): Audit {
  const audit: unknown = JSON.parse(stdout);
  expect(schemaErrors(audit, readSchema('audit.schema.json'))).toEqual([]);
  return audit as Audit;
}

const failedIn = ({ accounts }: Audit, keyId?: string): string[] =>
  accounts.flatMap(({ results }) =>
    results.filter((one) => keyId === undefined || one.keyId === keyId).map(({ check }) => check),
  );

describe("an audit of Robotomail's keys", () => {
  it('finds what is wrong, says what the issuer does not tell, and shows no key', async () => {
    const { server, operator, run } = await robotomailDesk();
    const aged = server.addKey({ name: 'default', createdAt: old });
    const nameless = server.addKey({ name: null, createdAt: young, hasPrefix: false });
    const left = server.addKey({ name: 'mailer-staging', createdAt: young, isEnabled: false });
    const done = await run(['-f', 'json']);
    expect(done.code).toBe(1);
    const audit = auditOf(done);
    expect(failedIn(audit, aged.id)).toEqual(['key-too-old', 'name-placeholder']);
    expect(failedIn(audit, nameless.id)).toEqual(['name-missing', 'prefix-missing']);
    expect(failedIn(audit, left.id)).toEqual(['key-disabled']);
    expect(failedIn(audit, operator.id)).toEqual([]);
    const [account] = audit.accounts;
    expect(account?.untold).toEqual([
      'Robotomail does not tell what a key opens (its scope).',
      'Robotomail does not tell when a key was last used.',
    ]);
    expect(account?.skipped.map(({ check }) => check)).toContain('key-idle');
    // Without an inventory its checks are skipped, and that is said.
    expect(account?.skipped.find(({ check }) => check === 'owner-missing')?.why).toContain(file);
    for (const { key } of server.keys)
      expect(done.stdout + done.stderr).not.toContain(key.slice(8));
    expect(new Set(server.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['GET /api-keys']),
    );
  });

  it('passes an account in order', async () => {
    const { run } = await robotomailDesk();
    const done = await run([]);
    expect(done.stdout).toContain('does not tell when a key was last used');
    expect(done.stdout).toContain('Only one key opens the whole account');
    expect(done.code).toBe(0);
  });

  it('takes ages as they are given', async () => {
    const { server, run } = await robotomailDesk();
    const { id } = server.addKey({ name: 'mailer-production', createdAt: old });
    expect(failedIn(auditOf(await run(['-f', 'json', '--max-age', '400'])), id)).toEqual([]);
    expect(failedIn(auditOf(await run(['-f', 'json', '--max-age', '200'])), id)).toEqual([
      'key-too-old',
    ]);
  });

  it('finds and hides a secret in a name', async () => {
    const { server, run } = await robotomailDesk();
    const other = server.addKey({ name: 'mailer-production', createdAt: young });
    const token = githubToken('in a name');
    const bad = [
      server.addKey({ name: `old ${other.key}`, createdAt: young }),
      server.addKey({ name: token, createdAt: young }),
    ];
    for (const format of ['pretty', 'json', 'sarif', 'csv', 'markdown']) {
      const { stdout } = await run(['-f', format]);
      expect(stdout).toContain('name-holds-secret');
      expect(stdout).not.toContain(other.key.slice(8));
      expect(stdout).not.toContain(token.slice(8));
    }
    const audit = auditOf(await run(['-f', 'json']));
    for (const { id } of bad) expect(failedIn(audit, id)).toContain('name-holds-secret');
  });

  it('goes by the form of names that the user sets, and by no project of strangers', async () => {
    const { server, cwd, run } = await robotomailDesk('Ops');
    const config = makeTree({
      'keywarden/keywarden.yaml': "audit: { namePattern: '^[A-Z][a-z]+$' }\nfailOn: high\n",
    });
    const { id } = server.addKey({ name: 'Mailer', createdAt: young });
    const env = { XDG_CONFIG_HOME: config };
    expect(failedIn(auditOf(await run(['-f', 'json'])), id)).toEqual(['name-convention']);
    expect(failedIn(auditOf(await run(['-f', 'json'], { env })), id)).toEqual([]);
    // A project's file says nothing here, least of all that nothing fails.
    writeFileSync(join(cwd, 'keywarden.yaml'), 'failOn: never\n');
    expect((await run([])).code).toBe(1);
    expect((await run([], { env })).code).toBe(0);
  });
});

describe("an audit of AgentMail's keys", () => {
  it('tells scope, tier, permissions and last use', async () => {
    const { server, operator, run } = await agentmailDesk();
    const [inboxId = ''] = server.inboxIds;
    const [podId = ''] = server.podIds;
    const scope = { kind: 'inbox', podId, inboxId } as const;
    const reader = server.addKey({
      name: 'reader-production',
      scope,
      permissions: { message_read: true },
      createdAt: young,
      usedAt: young,
    });
    const idle = server.addKey({ name: 'mailer-production', scope, createdAt: old, usedAt: old });
    const minter = server.addKey({
      name: 'builder-ci',
      permissions: { api_key_create: true },
      createdAt: young,
      usedAt: young,
    });
    const wide = server.addKey({ name: 'newsletter-production', createdAt: young, usedAt: young });
    server.addPublicKey();
    const audit = auditOf(await run(['agentmail', '-f', 'json']));
    const keys = audit.accounts[0]?.keys ?? [];
    const tierOf = (keyId: string) => keys.find((key) => key.keyId === keyId)?.tier;
    expect(keys).toHaveLength(5);
    expect([reader, idle, minter, wide].map(({ id }) => tierOf(id))).toEqual([
      'read-only',
      'write',
      'write',
      'full admin',
    ]);
    expect(keys.find((key) => key.operator)?.keyId).toBe(operator.id);
    expect(failedIn(audit, reader.id)).toEqual([]);
    expect(failedIn(audit, idle.id)).toEqual(['key-too-old', 'key-idle', 'permissions-missing']);
    expect(failedIn(audit, minter.id)).toEqual(['permissions-escalation']);
    expect(failedIn(audit, wide.id)).toEqual(['full-access']);
    expect(audit.accounts[0]?.untold).toEqual([]);
  });

  it('sees that an old key is used although it has a successor', async () => {
    const { server, run } = await agentmailDesk();
    const permissions = { message_read: true };
    const before = server.addKey({
      name: 'mailer-production',
      permissions,
      createdAt: '2026-01-01T00:00:00.000Z',
      usedAt: '2026-02-28T00:00:00.000Z',
    });
    server.addKey({
      name: 'mailer-production',
      permissions,
      createdAt: '2026-02-01T00:00:00.000Z',
      usedAt: young,
    });
    expect(failedIn(auditOf(await run(['-f', 'json'])), before.id)).toEqual(['predecessor-used']);
  });

  it('says that a credential of one inbox does not see the account', async () => {
    const { server, run } = await agentmailDesk();
    const [inboxId = ''] = server.inboxIds;
    const [podId = ''] = server.podIds;
    const scoped = server.addKey({
      name: 'reader-production',
      scope: { kind: 'inbox', podId, inboxId },
      createdAt: young,
    });
    const done = await run(['-f', 'json'], { env: { AGENTMAIL_API_KEY: scoped.key } });
    const [account] = auditOf(done).accounts;
    expect(account?.keys.map(({ keyId }) => keyId)).toEqual([scoped.id]);
    expect(account?.untold.join()).toContain(`inbox ${inboxId}`);
    expect(account?.skipped.map(({ check }) => check)).toContain('full-access-many');
  });
});

describe('whom it asks, and by whose credential', () => {
  it('asks both issuers when none is named, and tells them apart', async () => {
    const one = await robotomailDesk();
    const two = await agentmailDesk();
    const both = auditOf(await one.run(['-f', 'json'], { env: two.env }));
    expect(both.accounts.map(({ issuer }) => issuer)).toEqual(['robotomail', 'agentmail']);
    const named = auditOf(await one.run(['robotomail', '-f', 'json'], { env: two.env }));
    expect(named.accounts.map(({ issuer }) => issuer)).toEqual(['robotomail']);
  });

  it('takes the credential from a file or from standard input', async () => {
    const { run, operator, cwd } = await robotomailDesk();
    writeFileSync(join(cwd, 'key.txt'), `${operator.key}\n`);
    const env = { ROBOTOMAIL_API_KEY: '' };
    const ways = [['--credential-file', 'key.txt'], ['--credential-stdin']];
    for (const way of ways) {
      const done = await run(['robotomail', ...way], { env, input: `${operator.key}\n` });
      expect(done).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it.each([
    ['no credential', ['agentmail'], /no credential; set AGENTMAIL_API_KEY/],
    ['a credential without an issuer', ['--credential-file', 'x'], /whose credential is it\?/],
    [
      'an unknown issuer',
      ['robotmail'],
      /expected robotomail or agentmail.*did you mean "robotomail"/,
    ],
    ['two issuers', ['robotomail', 'agentmail'], /give one issuer/],
    [
      'two things on standard input',
      ['robotomail', '--stdin', '--credential-stdin'],
      /only one can be/,
    ],
    ['keys that are none', ['--stdin'], /no key of Robotomail or AgentMail/],
    ['a report that is not there', ['--exposures', 'gone.json'], /gone\.json: cannot be read/],
    ['HTML', ['-f', 'html=a.html'], /-f html: an audit has no HTML report yet/],
    [
      'an unknown format',
      ['-f', 'pdf'],
      /-f pdf: expected one of pretty, json, sarif, csv, markdown/,
    ],
    ['a level of scans', ['--fail-on', 'live'], /--fail-on live: expected one of/],
  ])('refuses %s with 2, and asks nobody', async (_name, args, message) => {
    const { server, run } = await robotomailDesk();
    const done = await run(args, { input: 'nothing' });
    expect(done.stderr).toMatch(message);
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(server.requests).toEqual([]);
  });

  it('does not repeat a key that was given as an argument', async () => {
    const { server, operator, run } = await robotomailDesk();
    const done = await run([operator.key]);
    expect(done.code).toBe(2);
    expect(done.stderr).not.toContain(operator.key.slice(8, 20));
    expect(server.requests).toEqual([]);
  });

  it('sends nothing when requests are forbidden', async () => {
    const { server, run } = await robotomailDesk();
    const done = await run([], { env: { KEYWARDEN_OFFLINE: '1' } });
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(server.requests).toEqual([]);
  });
});

describe('how it ends', () => {
  it('is 2 when the listing fails, with a report that says so', async () => {
    const { server, run } = await robotomailDesk();
    server.break({ times: Infinity, fault: { kind: 'reply', status: 403, json: { error: 'no' } } });
    const done = await run(['-f', 'json']);
    expect(done.code).toBe(2);
    expect(auditOf(done).accounts[0]?.failure).toContain('403');
  });

  it('is 1 when one account fails a check and the other cannot be listed', async () => {
    const one = await robotomailDesk();
    const two = await agentmailDesk();
    one.server.addKey({ name: 'default', createdAt: old });
    two.server.break({
      times: Infinity,
      fault: {
        kind: 'reply',
        status: 401,
        json: { name: 'UnauthorizedError', code: 'unknown_api_key', message: 'no' },
      },
    });
    const done = await one.run(['-f', 'json'], { env: two.env });
    expect(done.code).toBe(1);
    expect(auditOf(done).accounts.map(({ failure }) => failure !== undefined)).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    ['low', 1],
    ['medium', 1],
    ['high', 0],
    ['never', 0],
    ['info', 1],
  ])('--fail-on %s ends with %d for a key that is old', async (level, code) => {
    const { server, run } = await robotomailDesk();
    server.addKey({ name: 'mailer-production', createdAt: old });
    expect((await run(['--fail-on', level])).code).toBe(code);
  });

  it('writes several formats to files, and one line to the person', async () => {
    const { cwd, run } = await robotomailDesk();
    const done = await run([
      '-f',
      'json=a.json',
      '-f',
      'csv=a.csv',
      '-f',
      'markdown=a.md',
      '-f',
      'sarif=a.sarif',
    ]);
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(done.stderr).toBe('keywarden: 1 failed check\n');
    auditOf({ stdout: readFileSync(join(cwd, 'a.json'), 'utf8') });
    for (const name of ['a.csv', 'a.md', 'a.sarif']) {
      expect(readFileSync(join(cwd, name), 'utf8')).toContain('full-access-single');
    }
  });
});

describe('keys that a scan found', () => {
  it('are marked: for certain with the inventory, else perhaps', async () => {
    const { server, operator, cwd, run } = await robotomailDesk();
    const leaked = server.addKey({ name: 'mailer-production', createdAt: young });
    server.addKey({ name: 'billing-production', createdAt: young });
    const tree = makeTree({
      '.env.production': `ROBOTOMAIL_API_KEY=${leaked.key}\n`,
      'ops.sh': `R=${operator.key} # robotomail\n`,
    });
    const report = join(cwd, 'report.json');
    await runMain(['scan', '-f', `json=${report}`], { cwd: tree });
    const before = auditOf(await run(['--exposures', report, '-f', 'json']));
    expect(failedIn(before, leaked.id)).toEqual(['key-exposed-perhaps']);
    // Whoever gives the audit's own key is known for certain.
    expect(failedIn(before, operator.id)).toEqual(['key-exposed']);
    await run(['--write-inventory', '--stdin'], { input: leaked.key });
    const after = auditOf(await run(['--exposures', report, '-f', 'json']));
    expect(failedIn(after, leaked.id)).toContain('key-exposed');
    const text = JSON.stringify(after.accounts[0]?.results);
    expect(text).toContain('.env.production');
  });

  it('in several repositories are shared', async () => {
    const { server, cwd, run } = await robotomailDesk();
    const leaked = server.addKey({ name: 'mailer-production', createdAt: young });
    const flags = ['one', 'two'].flatMap((name) => ['--exposures', join(cwd, `${name}.json`)]);
    for (const name of ['one', 'two']) {
      const tree = makeTree({ 'a.env': `ROBOTOMAIL_API_KEY=${leaked.key}\n` });
      await runMain(['scan', '-f', `json=${join(cwd, `${name}.json`)}`], { cwd: tree });
    }
    const audit = auditOf(await run([...flags, '-f', 'json']));
    expect(failedIn(audit, leaked.id)).toEqual(['key-exposed-perhaps', 'key-shared']);
    expect(JSON.stringify(audit)).toContain('in 2 repositories (one.json, two.json)');
  });
});

describe('the inventory', () => {
  it('is started with digests of the keys at hand, and the owner checks begin', async () => {
    const { server, operator, run, inventory } = await robotomailDesk();
    const given = server.addKey({ name: 'mailer-production', createdAt: young });
    const other = server.addKey({ name: 'billing-production', createdAt: young });
    server.addKey({ name: 'gone', createdAt: young, isEnabled: false });
    const done = await run(['--write-inventory', '--stdin', '-f', 'json'], {
      input: `# mine\nexport KEY="${given.key}"\n`,
    });
    expect(done.stderr).toContain(`${file}: 3 added, 0 filled in, 3 in all; 1 without a digest`);
    const entries = parseInventory(inventory(), file);
    expect(entries.map(({ id, digest }) => ({ id, digest }))).toEqual([
      { id: other.id, digest: undefined },
      { id: given.id, digest: secretId(given.key) },
      { id: operator.id, digest: secretId(operator.key) },
    ]);
    expect(failedIn(auditOf(done)).filter((check) => check === 'owner-missing')).toHaveLength(3);
    for (const { key } of server.keys) expect(inventory()).not.toContain(key.slice(3, 19));
  });

  it('keeps what people wrote, and is not touched when nothing is new', async () => {
    const { run, cwd, inventory } = await robotomailDesk();
    await run(['--write-inventory']);
    const edited = inventory()
      .replace('owner:\n', 'owner: team-mail # ask Ada\n')
      .replace('environment:\n', 'environment: production\n');
    writeFileSync(join(cwd, file), edited);
    const { mtimeMs } = lstatSync(join(cwd, file));
    const audit = auditOf(await run(['--write-inventory', '-f', 'json']));
    expect(inventory()).toBe(edited);
    expect(lstatSync(join(cwd, file)).mtimeMs).toBe(mtimeMs);
    expect(audit.accounts[0]?.keys[0]?.owner).toMatchObject({
      owner: 'team-mail',
      environment: 'production',
    });
    expect(failedIn(audit)).not.toContain('owner-missing');
  });

  it('finds entries without a key', async () => {
    const { cwd, run } = await robotomailDesk();
    writeFileSync(
      join(cwd, file),
      'keys:\n  - issuer: robotomail\n    name: gone\n    owner: x\n  - issuer: agentmail\n    name: other\n',
    );
    expect(failedIn(auditOf(await run(['-f', 'json'])))).toEqual([
      'owner-missing',
      'inventory-orphan',
      'full-access-single',
    ]);
  });

  it('gets no digest where it is not certain which key is given', async () => {
    const { server, run, inventory } = await robotomailDesk();
    const one = server.addKey({ name: 'a-production', createdAt: young });
    const twin = server.addKey({ name: 'b-production', createdAt: young, beginsLike: one.key });
    const stranger = server.addKey({
      account: server.addAccount(),
      name: 'default',
      beginsLike: one.key,
    });
    const [mailbox = ''] = server.account.mailboxIds;
    const scoped = server.addKey({ name: 'c-production', createdAt: young, mailboxIds: [mailbox] });
    const input = [twin, stranger, scoped].map(({ key }) => key).join('\n');
    const done = await run(['--write-inventory', '--stdin'], { input });
    expect(done.stderr).toMatch(/was not placed: several listed keys begin as it does/);
    expect(done.stderr).toMatch(/was not placed: the key belongs to another account/);
    const digests = parseInventory(inventory(), file).map(({ name, digest }) => [name, digest]);
    expect(digests.filter(([name]) => name !== 'ops-production')).toEqual([
      ['a-production', undefined],
      ['b-production', undefined],
      // Its mailbox is one of this account's.
      ['c-production', secretId(scoped.key)],
    ]);
  });

  it("places AgentMail keys by the issuer's own word, and leaves secrets in names out", async () => {
    const { server, operator, cwd, run } = await agentmailDesk();
    const given = server.addKey({ name: `x ${githubToken('inventory')}`, createdAt: young });
    await run(['--write-inventory', '--stdin'], { input: given.key });
    const text = readFileSync(join(cwd, file), 'utf8');
    expect(
      parseInventory(text, file).map(({ id, name, digest }) => ({ id, name, digest })),
    ).toEqual([
      { id: operator.id, name: 'ops-production', digest: secretId(operator.key) },
      { id: given.id, name: undefined, digest: secretId(given.key) },
    ]);
    expect(text).not.toContain('ghp_');
  });

  it.each([
    ['of another form', 'keys: { a: 1 }\n'],
    ['with a key in it', `keys:\n  - issuer: a\n    digest: ${githubToken('digest')}\n`],
  ])('%s is an error that names the line, and nobody is asked', async (_name, text) => {
    const { server, cwd, run } = await robotomailDesk();
    writeFileSync(join(cwd, file), text);
    const done = await run(['--write-inventory']);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/keywarden\.keys\.yaml:\d+/);
    expect(done.stderr).not.toContain('ghp_');
    expect(server.requests).toEqual([]);
    expect(readFileSync(join(cwd, file), 'utf8')).toBe(text);
  });

  it('is neither read nor written through a link', async () => {
    const { cwd, run } = await robotomailDesk();
    const elsewhere = makeTree({ 'notes.yaml': 'keys:\n' });
    for (const target of ['notes.yaml', 'new.yaml']) {
      const link = makeTree();
      symlinkSync(join(elsewhere, target), join(link, file));
      const done = await run(['--write-inventory'], { cwd: link });
      expect(done).toMatchObject({ code: 2, stdout: '' });
      expect(done.stderr).toContain(`${file}: is a symbolic link`);
    }
    expect(readFileSync(join(elsewhere, 'notes.yaml'), 'utf8')).toBe('keys:\n');
    expect(existsSync(join(elsewhere, 'new.yaml'))).toBe(false);
    expect(existsSync(join(cwd, file))).toBe(false);
  });
});
