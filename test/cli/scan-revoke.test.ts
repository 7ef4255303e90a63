/** `scan --verify --revoke`: found keys go out of service by the operator's own rules, and are shown to. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentmailDesk, robotomailDesk, type RobotomailDesk } from '../support/key-desk.ts';
import { addToTree } from '../support/make-tree.ts';
import { makeRepo } from '../support/make-repo.ts';
import { runMain, type RunOptions } from '../support/run-main.ts';
import { githubToken } from '../support/sample.ts';
import { errorsOf, readSchema } from '../schema/schema.ts';
import { ownFile, told, withContext, withoutContext } from './verify-place.ts';

const revoking = ['scan', '--verify', '--revoke', '--yes'];

/** An account with so many keys that leaked, each in a file of its own. */
async function leaked(count: number, line = withContext) {
  const desk = await robotomailDesk();
  const keys = Array.from({ length: count }, (_, at) => desk.server.addKey({ name: `leak-${at}` }));
  addToTree(desk.cwd, Object.fromEntries(keys.map(({ key }, at) => [`${at}.txt`, line(key)])));
  return { ...desk, keys, isEnabled: () => keys.map((one) => one.isEnabled) };
}

async function report(
  desk: RobotomailDesk,
  args: readonly string[],
  options?: Partial<RunOptions>,
) {
  const done = await desk.run([...args, '-f', 'json'], options);
  return { ...done, ...told(done.stdout) };
}

const changes = ({ server }: RobotomailDesk): string[] =>
  server.requests.flatMap(({ method }) => (method === 'GET' ? [] : [method]));

describe('a live key', () => {
  it('of old history is planned, revoked, seen to fail, written down: 0', async () => {
    const desk = await leaked(0);
    const exposed = desk.server.addKey({ name: 'mailer-production' });
    const repo = makeRepo();
    repo.commit({ files: { '.env': withContext(exposed.key) } });
    repo.commit({ remove: ['.env'] });
    const done = await report(desk, [...revoking, '--history'], { cwd: repo.path });
    expect(done.stderr).toContain('.env:1 (in history, last in ');
    expect(done.stderr).toContain(`${exposed.id} "mailer-production"`);
    expect(done.stderr).toContain('revoked-proven: the key was seen to fail at ');
    expect(done.stderr).toMatch(/receipt [0-9a-f]{64} in /);
    expect(done.code).toBe(0);
    expect(done.keys).toMatchObject([
      {
        liveness: { state: 'dead' },
        keyId: exposed.id,
        prefix: exposed.prefix,
        revocation: { outcome: 'revoked-proven', provenAt: expect.any(String) as string },
      },
    ]);
    expect(done.summary.live).toBe(0);
    expect(errorsOf(JSON.parse(done.stdout), readSchema('report.schema.json'))).toEqual([]);
    expect(exposed.isEnabled).toBe(false);
    expect(desk.operator.isEnabled).toBe(true);
    expect(desk.receipts()).toMatchObject([
      { step: 'about-to-revoke', keyId: exposed.id },
      { step: 'ended', outcome: 'revoked-proven' },
    ]);
    const all = `${done.stdout}${done.stderr}${desk.state()}`;
    for (const { key } of desk.server.keys) expect(all).not.toContain(key.slice(8));
  });

  it('is revoked once the question is answered with yes, and not with no', async () => {
    const desk = await leaked(1);
    const questions: string[] = [];
    const answer = (text: string) => ({
      ask: (question: string) => {
        questions.push(question);
        return Promise.resolve(text);
      },
    });
    const no = await report(desk, ['scan', '--verify', '--revoke'], answer('no'));
    expect(no.code).toBe(1);
    expect(no.keys).toMatchObject([
      { liveness: { state: 'live' }, revocation: { outcome: 'refused' } },
    ]);
    expect(changes(desk)).toEqual([]);
    const yes = await report(desk, ['scan', '--verify', '--revoke'], answer('y'));
    expect(yes.code).toBe(0);
    expect(desk.isEnabled()).toEqual([false]);
    expect(questions).toEqual(['Revoke 1 key? [y/N] ', 'Revoke 1 key? [y/N] ']);
  });

  it('is not revoked where nobody can be asked and --yes was not said', async () => {
    const desk = await leaked(1);
    const { code, stdout, stderr } = await desk.run(['scan', '--verify', '--revoke']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('there is no terminal to ask on: say --yes');
    expect(desk.server.requests).toEqual([]);
  });

  it('of AgentMail is revoked in the same way', async () => {
    const desk = await agentmailDesk();
    const exposed = desk.server.addKey({ name: 'leak' });
    addToTree(desk.cwd, { '.env': `AGENTMAIL_API_KEY=${exposed.key}\n` });
    const { code } = await desk.run(revoking);
    expect(code).toBe(0);
    expect(exposed.isDeleted).toBe(true);
  });

  it.each([
    ['pretty', 'Revoked, and seen to fail at 2'],
    ['sarif', 'It was revoked and seen to fail.'],
    ['jsonl', '"outcome":"revoked-proven"'],
  ])('%s tells', async (format, words) => {
    const desk = await leaked(1);
    expect((await desk.run([...revoking, '-f', format])).stdout).toContain(words);
  });
});

describe('the operator’s own rules', () => {
  it('at most five keys a run, unless they say otherwise', async () => {
    const desk = await leaked(7);
    const first = await report(desk, revoking);
    expect(first.code).toBe(1);
    expect(desk.isEnabled().filter((one) => !one)).toHaveLength(5);
    const refused = first.keys.filter(({ revocation }) => revocation?.['outcome'] === 'refused');
    expect(refused.map(({ revocation }) => revocation?.['detail'])).toEqual([
      'policy: at most 5 keys a run',
      'policy: at most 5 keys a run',
    ]);
    const env = { XDG_CONFIG_HOME: ownFile('revoke: { maxKeys: 1 }\n') };
    await report(desk, revoking, { env });
    expect(desk.isEnabled().filter((one) => !one)).toHaveLength(6);
  });

  it('only the issuers that they name', async () => {
    const desk = await leaked(1);
    const env = { XDG_CONFIG_HOME: ownFile('revoke: { issuers: [agentmail] }\n') };
    const { code, keys } = await report(desk, [...revoking, '--fail-on', 'never'], { env });
    expect(code).toBe(2);
    expect(keys[0]?.revocation).toMatchObject({ outcome: 'refused' });
    expect(changes(desk)).toEqual([]);
  });

  it('only keys with the issuer’s name near them, also with --verify=all', async () => {
    const desk = await leaked(1, withoutContext);
    const all = ['scan', '--verify=all', '--revoke', '--yes'];
    const { code, keys } = await report(desk, all);
    expect(code).toBe(1);
    expect(keys[0]).toMatchObject({
      liveness: { state: 'live' },
      revocation: { outcome: 'refused' },
    });
    expect(keys[0]?.revocation?.['detail']).toContain("without the issuer's name near it");
    expect(changes(desk)).toEqual([]);
  });

  it('not what is accepted', async () => {
    const desk = await leaked(1, (key) => withContext(`${key} # keywarden:allow`));
    expect((await desk.run(revoking)).code).toBe(0);
    expect(desk.server.requests).toEqual([]);
  });
});

describe('a key that is not revoked is not passed over', () => {
  it.each([
    [
      'nobody’s credential is there',
      async () => {
        const desk = await leaked(1);
        return report(desk, [...revoking, '--fail-on', 'never'], {
          env: { ROBOTOMAIL_API_KEY: '' },
        });
      },
      'no credential: set ROBOTOMAIL_API_KEY',
    ],
    [
      'it is of another account',
      async () => {
        const desk = await leaked(0);
        const { key } = desk.server.addKey({ account: desk.server.addAccount() });
        addToTree(desk.cwd, { 'a.env': withContext(key) });
        return report(desk, [...revoking, '--fail-on', 'never']);
      },
      'another account',
    ],
    [
      'keywarden cannot revoke such keys',
      async () => {
        const desk = await leaked(0);
        const token = githubToken('scan revoke');
        addToTree(desk.cwd, { 'a.env': `GITHUB_TOKEN=${token}\n` });
        desk.server.break({
          key: token,
          times: Infinity,
          fault: { kind: 'reply', status: 200, json: { login: 'someone' } },
        });
        const env = { KEYWARDEN_GITHUB_URL: desk.server.url };
        return report(desk, [...revoking, '--fail-on', 'never'], { env });
      },
      'keywarden cannot revoke keys of GitHub',
    ],
    [
      'whether it is live could not be told',
      async () => {
        const desk = await leaked(1);
        desk.server.break({
          key: desk.keys[0]?.key ?? '',
          times: Infinity,
          fault: { kind: 'html', status: 404 },
        });
        return report(desk, [...revoking, '--fail-on', 'never']);
      },
      'whether it is live could not be told',
    ],
  ] as const)('%s: 2', async (_why, run, detail) => {
    const { code, keys } = await run();
    expect(keys[0]?.revocation?.['detail']).toContain(detail);
    expect(code).toBe(2);
  });

  it('its revocation failed: live in the report, 1', async () => {
    const desk = await leaked(1);
    const fault = { kind: 'reply', status: 403, json: { error: 'not now' } } as const;
    desk.server.break({ method: 'DELETE', times: Infinity, fault });
    const { code, keys } = await report(desk, [...revoking, '--fail-on', 'live']);
    expect(keys).toMatchObject([
      { liveness: { state: 'live' }, revocation: { outcome: 'failed' } },
    ]);
    expect(code).toBe(1);
  });

  it('another finding fails as ever', async () => {
    const desk = await leaked(1);
    addToTree(desk.cwd, { 'dead.env': withContext(desk.server.addKey({ isEnabled: false }).key) });
    expect((await report(desk, revoking)).code).toBe(1);
    expect((await report(desk, [...revoking, '--fail-on', 'live'])).code).toBe(0);
  });

  it('the folder of receipts cannot be used: told before anything is scanned', async () => {
    const { cwd, env, server } = await leaked(1);
    addToTree(cwd, { state: 'a file' });
    const args = [...revoking, '--state-dir', join(cwd, 'state')];
    const { code, stdout, stderr } = await runMain(args, { cwd, env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(join(cwd, 'state'));
    expect(server.requests).toEqual([]);
  });
});
