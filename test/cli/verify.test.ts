/** `scan --verify`: which keys are asked about, what reports say of it, which code it ends with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../src/core/report/parse-report.ts';
import { json } from '../../src/reporters/json.ts';
import { plainStyle } from '../../src/reporters/reporter.ts';
import { makeRepo } from '../support/make-repo.ts';
import { runMain } from '../support/run-main.ts';
import { githubToken, sampleOf } from '../support/sample.ts';
import { errorsOf, readSchema } from '../schema/schema.ts';
import { ownFile, place, told, withContext, withoutContext, type Place } from './verify-place.ts';

describe('one question a key', () => {
  it('however often it stands in history', async () => {
    const { server, scan } = await place();
    const { key, id } = server.addKey();
    const repo = makeRepo();
    for (const name of ['a', 'b', 'c']) {
      repo.commit({ files: { [`${name}.env`]: withContext(key) } });
    }
    repo.commit({ remove: ['a.env'] });
    const done = await scan(['--history', '--verify', '-f', 'json'], { cwd: repo.path });
    expect(told(done.stdout).keys).toMatchObject([
      { liveness: { state: 'live', detail: 'full' }, keyId: id },
    ]);
    expect(server.asked(key)).toHaveLength(1);
    // The other one is the control: a key that nobody has.
    expect(server.requests).toHaveLength(2);
  });

  it('none without --verify', async () => {
    const { server, scan, write } = await place();
    write({ '.env': withContext(server.addKey().key) });
    const { stdout } = await scan(['-f', 'json']);
    expect(told(stdout).keys).toMatchObject([{ liveness: { state: 'unchecked' } }]);
    expect(server.requests).toEqual([]);
  });

  it('none about what somebody accepted', async () => {
    const { server, scan, write, cwd } = await place();
    const [known = '', inline = '', allowed = '', open = ''] = [1, 2, 3, 4].map(
      () => server.addKey().key,
    );
    write({ 'known.env': withContext(known) });
    await runMain(['baseline', 'create'], { cwd });
    write({
      'inline.env': withContext(`${inline} # keywarden:allow`),
      'allowed.env': withContext(allowed),
      'open.env': withContext(open),
      'keywarden.yaml': "allow: [{ path: 'allowed.env', reason: sample }]\n",
    });
    const { stdout } = await scan(['--verify', '-f', 'json']);
    expect(told(stdout).keys).toHaveLength(1);
    expect([known, inline, allowed, open].map((key) => server.asked(key).length)).toEqual([
      0, 0, 0, 1,
    ]);
  });

  it('none by the library or for a baseline, whatever the person’s own file says', async () => {
    const { server, write, cwd, env } = await place();
    write({ '.env': withContext(server.addKey().key) });
    const own = { ...env, XDG_CONFIG_HOME: ownFile('verify: all\n') };
    await runMain(['baseline', 'create'], { cwd, env: own });
    expect(server.requests).toEqual([]);
  });
});

describe('a key of a form that vendors share', () => {
  it('is sent only where its issuer is named near one of its places', async () => {
    const { server, scan, write } = await place();
    const bare = server.addKey().key;
    const both = server.addKey().key;
    write({
      'a.txt': withoutContext(bare),
      'b.txt': withoutContext(both),
      'robotomail.md': withoutContext(both),
    });
    const { stdout } = await scan(['--verify', '-f', 'json']);
    expect(server.asked(bare)).toEqual([]);
    expect(server.asked(both)).toHaveLength(1);
    expect(
      told(stdout)
        .keys.map(({ liveness }) => liveness['detail'])
        .sort(),
    ).toEqual(['full', 'no sign of the issuer near it']);
  });

  it('is sent with --verify=all', async () => {
    const { server, scan, write } = await place();
    const { key } = server.addKey();
    write({ 'a.txt': withoutContext(key) });
    expect((await scan(['--verify=all', '--fail-on', 'live'])).code).toBe(1);
    expect(server.asked(key)).toHaveLength(1);
  });
});

it('a key that nobody can be asked about is said to be one', async () => {
  const { scan, write, server } = await place();
  write({
    'a.txt': `key = ${sampleOf('stripe-publishable-key')}\nANTHROPIC=${sampleOf('anthropic-api-key')}\n`,
  });
  const { stdout } = await scan(['--verify', '-f', 'json', '--min-confidence', 'low']);
  const states = told(stdout).keys.map(({ rule, liveness }) => [rule, liveness['state']]);
  expect(states.length).toBeGreaterThan(0);
  expect(states.every(([, state]) => state === 'unchecked')).toBe(true);
  expect(server.requests).toEqual([]);
});

describe('what reports say', () => {
  async function everyState(): Promise<Place> {
    const one = await place();
    const { server } = one;
    server.addKey({ name: 'another' });
    const [live, dead, asked, bare] = [true, false, true, true].map(
      (isEnabled) => server.addKey({ isEnabled }).key,
    );
    server.break({ key: asked ?? '', times: Infinity, fault: { kind: 'html', status: 404 } });
    one.write({
      'live.env': withContext(live ?? ''),
      'dead.env': withContext(dead ?? ''),
      'unknown.env': withContext(asked ?? ''),
      'bare.txt': withoutContext(bare ?? ''),
    });
    return one;
  }

  it('json: state, detail and time, in the published schema, also when read again', async () => {
    const { scan, cwd } = await everyState();
    const { stdout } = await scan(['--verify', '-f', 'json'], { cwd });
    const { keys, summary } = told(stdout);
    expect(keys.map(({ liveness }) => liveness['state']).sort()).toEqual([
      'dead',
      'live',
      'unchecked',
      'unknown',
    ]);
    expect(summary.live).toBe(1);
    expect(keys.find(({ liveness }) => liveness['state'] === 'live')?.liveness).toMatchObject({
      detail: 'full',
      checkedAt: '2026-03-01T12:00:00.000Z',
    });
    expect(errorsOf(JSON.parse(stdout), readSchema('report.schema.json'))).toEqual([]);
    const again = parseReport(stdout, 'r.json', {});
    const options = { showSecrets: false, now: new Date() };
    expect(json.render(again, plainStyle, options)).toBe(stdout);
  });

  it('jsonl: the same on each key’s line', async () => {
    const { scan } = await everyState();
    const { stdout } = await scan(['--verify', '-f', 'jsonl']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; liveness?: { state: string } });
    const states = lines.flatMap(({ kind, liveness }) => (kind === 'key' ? liveness?.state : []));
    expect(states.sort()).toEqual(['dead', 'live', 'unchecked', 'unknown']);
  });

  it('sarif: in the message and as a property; a live key is an error', async () => {
    const { scan } = await everyState();
    const { stdout } = await scan(['--verify', '-f', 'sarif']);
    const log = JSON.parse(stdout) as {
      runs: {
        results: { level: string; message: { text: string }; properties: { liveness: string } }[];
        properties: { live: number };
      }[];
    };
    const [run] = log.runs;
    expect(run?.properties.live).toBe(1);
    const of = (state: string) =>
      run?.results.find(({ properties }) => properties.liveness === state);
    expect(of('live')).toMatchObject({ level: 'error' });
    expect(of('live')?.message.text).toContain('The issuer accepts it (full).');
    expect(of('dead')?.message.text).toContain('The issuer no longer accepts it');
    expect(of('unknown')?.message.text).toContain('Whether it is live could not be told');
    expect(of('unchecked')).toBeDefined();
  });

  it('pretty: key by key, and in the summary', async () => {
    const { scan } = await everyState();
    const { stdout } = await scan(['--verify']);
    expect(stdout).toContain('LIVE: the issuer accepts it (full), checked 2026-03-01 12:00 UTC');
    expect(stdout).toContain('The issuer no longer accepts it');
    expect(stdout).toContain('Whether it is live could not be told');
    expect(stdout).toContain('Nobody was asked whether it is live');
    expect(stdout).toContain('Issuers: 1 live, 1 dead, 1 could not be told, 1 not asked about.');
  });

  it('no format shows a key, and neither does stderr', async () => {
    const { scan, server, cwd } = await everyState();
    const formats = ['json', 'jsonl', 'sarif'];
    const files = formats.flatMap((format) => ['-f', `${format}=${join(cwd, `r.${format}`)}`]);
    const { stdout, stderr } = await scan(['--verify', '-f', 'pretty', ...files]);
    const texts = formats.map((format) => readFileSync(join(cwd, `r.${format}`), 'utf8'));
    const all = [stdout, stderr, ...texts].join('\n');
    for (const { key } of server.keys) expect(all.includes(key.slice(8))).toBe(false);
  });

  it('what a server says back is no way to show a key', async () => {
    const { scan, server, write } = await place();
    const { key } = server.addKey();
    const entry = { id: key, name: key, prefix: key, createdAt: '2026-01-01', enabled: true };
    server.break({
      key,
      times: Infinity,
      fault: { kind: 'reply', status: 200, json: { keys: [entry] } },
    });
    write({ '.env': withContext(key) });
    const { stdout } = await scan(['--verify', '-f', 'json']);
    expect(told(stdout).keys).toMatchObject([{ liveness: { state: 'live' } }]);
    expect(stdout).not.toContain(key);
  });
});

describe('the exit code with --fail-on live', () => {
  it.each([
    ['1 for a live key', ['live'], 1],
    ['1 though another could not be told', ['live', 'unknown'], 1],
    ['2 for one that could not be told', ['dead', 'unknown'], 2],
    ['0 for dead ones', ['dead'], 0],
    ['0 for one that nobody was asked about', ['bare'], 0],
  ] as const)('%s', async (_what, kinds, code) => {
    const { server, scan, write } = await place();
    for (const kind of kinds) {
      const { key } = server.addKey({ isEnabled: kind !== 'dead' });
      write({ [`${kind}.txt`]: kind === 'bare' ? withoutContext(key) : withContext(key) });
      if (kind !== 'unknown') continue;
      server.break({ key, times: Infinity, fault: { kind: 'html', status: 418 } });
    }
    expect((await scan(['--verify', '--fail-on', 'live'])).code).toBe(code);
  });

  it.each([
    [['--fail-on', 'live'], '--fail-on live: needs --verify'],
    [['--revoke'], '--revoke: needs --verify'],
    [['--verify', '--yes'], '--yes: goes with --revoke'],
    [['--verify=live'], '--verify live: expected one of context, all'],
    [['--verify', '--no-verify', '--fail-on', 'live'], '--fail-on live: needs --verify'],
    [['--no-verify=all'], '--no-verify: takes no value'],
  ])('%j is a mistake that is told', async (args, message) => {
    const { scan } = await place();
    const { code, stderr, stdout } = await scan(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('--verify takes no word that follows it', async () => {
    const { server, scan, write } = await place();
    write({ all: withContext(server.addKey().key), other: withContext(server.addKey().key) });
    const { stdout } = await scan(['--verify', 'all', '-f', 'json']);
    expect(told(stdout).keys).toHaveLength(1);
    // The one key that was asked about and its control.
    expect(server.requests).toHaveLength(2);
  });

  it('other levels are as they were: a dead key is a finding', async () => {
    const { server, scan, write } = await place();
    write({ '.env': withContext(server.addKey({ isEnabled: false }).key) });
    expect((await scan(['--verify'])).code).toBe(1);
    expect((await scan(['--verify', '--fail-on', 'never'])).code).toBe(0);
  });
});

describe('KEYWARDEN_OFFLINE', () => {
  const offline = { env: { KEYWARDEN_OFFLINE: '1' } };

  it('sends nothing, keeps the report, says so, and is 2 unless findings make it 1', async () => {
    const { server, scan, write } = await place();
    write({ '.env': withContext(server.addKey().key) });
    const done = await scan(['--verify', '--fail-on', 'never', '-f', 'json'], offline);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('keywarden: KEYWARDEN_OFFLINE is set, so no issuer is asked');
    const { keys, problems, coverage } = told(done.stdout);
    expect(keys).toMatchObject([{ liveness: { state: 'unchecked' } }]);
    expect(problems).toMatchObject([{ kind: 'issuer-not-asked', where: 'Robotomail' }]);
    expect(coverage.complete).toBe(false);
    expect(
      (await scan(['--verify', '--fail-on', 'live', '--allow-incomplete'], offline)).code,
    ).toBe(2);
    expect((await scan(['--verify'], offline)).code).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it('is no fault where nobody would have been asked', async () => {
    const { scan, write, server } = await place();
    write({ 'a.txt': 'hello\n' });
    expect((await scan(['--verify', '--fail-on', 'live'], offline)).code).toBe(0);
    write({ 'b.txt': withoutContext(server.addKey().key) });
    expect((await scan(['--verify', '--fail-on', 'live'], offline)).code).toBe(0);
  });
});

describe('the person’s own file', () => {
  it('turns verification on, and the flag turns it off again', async () => {
    const { server, scan, write } = await place();
    write({ '.env': withContext(server.addKey().key) });
    const env = { XDG_CONFIG_HOME: ownFile('verify: context\nfailOn: live\n') };
    expect((await scan([], { env })).code).toBe(1);
    expect(server.requests).toHaveLength(2);
    await scan(['--no-verify', '--fail-on', 'low'], { env });
    expect(server.requests).toHaveLength(2);
  });

  it('makes no hook ask, and none let a key pass that may be live', async () => {
    const { server, env } = await place();
    const repo = makeRepo();
    repo.commit();
    repo.write({ '.env': withContext(server.addKey().key) });
    repo.git(['add', '-A']);
    const own = { ...env, XDG_CONFIG_HOME: ownFile('verify: context\nfailOn: live\n') };
    const { code } = await runMain(['hook', 'run', 'pre-commit'], { cwd: repo.path, env: own });
    expect(code).not.toBe(0);
    expect(server.requests).toEqual([]);
  });

  it('names the address; the variable comes before it', async () => {
    const { server, scan, write } = await place();
    const other = await place();
    const { key } = server.addKey();
    write({ '.env': withContext(key) });
    const text = `providers: { robotomail: { url: '${server.url}' } }\n`;
    const env = { XDG_CONFIG_HOME: ownFile(text) };
    await scan(['--verify'], { env: { ...env, KEYWARDEN_ROBOTOMAIL_URL: '' } });
    expect(server.asked(key)).toHaveLength(1);
    await scan(['--verify'], { env: { ...env, ...other.env } });
    expect(server.asked(key)).toHaveLength(1);
    expect(other.server.asked(key)).toHaveLength(1);
  });

  it('names the address for revoke and audit, too', async () => {
    const { server, cwd } = await place();
    const { key } = server.addKey();
    const exposed = server.addKey();
    const env = {
      XDG_CONFIG_HOME: ownFile(`providers: { robotomail: { url: '${server.url}' } }\n`),
      ROBOTOMAIL_API_KEY: key,
    };
    const options = { cwd, env, input: exposed.key };
    const revoke = ['revoke', '--stdin', '--yes', '--state-dir', join(cwd, 'state')];
    expect((await runMain(revoke, options)).code).toBe(0);
    expect(exposed.isEnabled).toBe(false);
    expect((await runMain(['audit', 'robotomail'], options)).stdout).toContain('Robotomail');
  });

  it.each([
    ['verify: yes', 'verify: expected one of context, all, never'],
    [
      'providers: { robotomial: { url: https://example.org } }',
      '"robotomial" is none of robotomail',
    ],
    ['providers: { robotomail: { uri: https://example.org } }', 'unknown key "uri"'],
    [
      'providers: { robotomail: { url: http://example.org } }',
      'providers.robotomail.url: expected an https:',
    ],
    ['revoke: { issuers: [github] }', 'revoke.issuers: "github" is none of robotomail, agentmail'],
    ['revoke: { maxKeys: some }', 'revoke.maxKeys: expected a whole number'],
    ['revoke: { always: true }', 'unknown key "always"'],
  ])('%j is a mistake that is told before anything is scanned', async (text, message) => {
    const { server, scan, write } = await place();
    write({ '.env': withContext(server.addKey().key) });
    const env = { XDG_CONFIG_HOME: ownFile(`${text}\n`) };
    const { code, stdout, stderr } = await scan(['--verify'], {
      env: { ...env, KEYWARDEN_ROBOTOMAIL_URL: '' },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(server.requests).toEqual([]);
  });
});

it('tokens of other issuers are asked about at their own address', async () => {
  const { scan, write, server } = await place();
  const token = githubToken('verify');
  write({ 'a.txt': `GITHUB_TOKEN=${token}\n` });
  // Any JSON API will do: this one has no such route, which decides nothing.
  const { stdout } = await scan(['--verify', '-f', 'json'], {
    env: { KEYWARDEN_GITHUB_URL: server.url },
  });
  expect(server.asked(token).map(({ path }) => path)).toEqual(['/user']);
  expect(told(stdout).keys).toMatchObject([{ liveness: { state: 'unknown' } }]);
});
