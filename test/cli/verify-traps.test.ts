/** A hostile project decides neither whether keys are sent nor where: a listener at each such place stays silent. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRepo } from '../support/make-repo.ts';
import { git, makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { openTrap, type Trap } from '../support/trap.ts';
import { ownFile, place, told, withContext, withoutContext } from './verify-place.ts';

async function trap(): Promise<Trap> {
  const opened = await openTrap();
  onTestFinished(() => opened.close());
  return opened;
}

describe('a host that stands in what is scanned', () => {
  it('gets nothing: addresses, look-alikes, variables, logins and proxies in files', async () => {
    const { server, scan, write, cwd } = await place();
    const { origin, port, heard } = await trap();
    const { key } = server.addKey();
    write({
      '.env': `${withContext(key)}KEYWARDEN_ROBOTOMAIL_URL=${origin}/v1\nHTTPS_PROXY=${origin}\nALL_PROXY=${origin}\n`,
      '.netrc': `machine 127.0.0.1 port ${port} login a password b\n`,
      '.npmrc': `proxy=${origin}\n`,
      '.curlrc': `proxy = ${origin}\n`,
      'client.js': `fetch('${origin}/v1/api-keys', { headers: { authorization: 'Bearer ${key}' } }); // robotomail\n`,
      'openapi.json': `{"servers":[{"url":"${origin}/v1"},{"url":"https://api.robotomail.com.127.0.0.1.nip.io:${port}/v1"}],"key":"${key}"}\n`,
    });
    git(cwd, ['init', '-q']);
    git(cwd, ['config', 'http.proxy', origin]);
    const { stdout } = await scan(['--verify', '-f', 'json'], { env: { HOME: cwd } });
    expect(told(stdout).keys).toMatchObject([{ liveness: { state: 'live' } }]);
    expect(server.asked(key)).toHaveLength(1);
    expect(heard()).toBe('');
  });

  it('gets nothing where the issuer’s own answer leads to it', async () => {
    const { server, scan, write } = await place();
    const { origin, heard } = await trap();
    const { key } = server.addKey();
    server.break({ times: Infinity, fault: { kind: 'redirect', to: `${origin}/v1/api-keys` } });
    write({ '.env': withContext(key) });
    const { code, stdout } = await scan(['--verify', '--fail-on', 'live', '-f', 'json']);
    expect(code).toBe(2);
    expect(told(stdout).keys).toMatchObject([{ liveness: { state: 'unknown' } }]);
    expect(heard()).toBe('');
  });
});

describe('a configuration that lies in what is scanned', () => {
  it.each([
    'verify: all',
    'verify: context',
    'providers: { robotomail: { url: ORIGIN/v1 } }',
    'revoke: { maxKeys: 100 }',
    'stateDir: .',
  ])('%s is refused, and nobody is asked', async (text) => {
    const { server, scan, write } = await place();
    const { origin, heard } = await trap();
    write({
      '.env': withContext(server.addKey().key),
      'keywarden.yaml': `${text.replace('ORIGIN', origin)}\n`,
    });
    const { code, stdout, stderr } = await scan(['--verify']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('is allowed only in your own configuration');
    expect(server.requests).toEqual([]);
    expect(heard()).toBe('');
  });

  it('is not taken for the person’s own by a relative XDG_CONFIG_HOME', async () => {
    const { server, scan, write, cwd } = await place();
    const { origin, heard } = await trap();
    mkdirSync(join(cwd, 'etc/keywarden'), { recursive: true });
    const text = `verify: all\nproviders: { robotomail: { url: '${origin}/v1' } }\n`;
    writeFileSync(join(cwd, 'etc/keywarden/keywarden.yaml'), text);
    write({ '.env': withContext(server.addKey().key) });
    const env = { XDG_CONFIG_HOME: 'etc', KEYWARDEN_ROBOTOMAIL_URL: '' };
    expect((await scan([], { env })).code).toBe(1);
    expect(heard()).toBe('');
  });

  it('in history is text like any other', async () => {
    const { server, scan } = await place();
    const { origin, heard } = await trap();
    const repo = makeRepo();
    const files = {
      'keywarden.yaml': `verify: all\nproviders: { robotomail: { url: '${origin}/v1' } }\n`,
      '.env': withContext(server.addKey().key),
    };
    repo.commit({ files });
    repo.commit({ remove: Object.keys(files) });
    await scan(['--history'], { cwd: repo.path });
    expect(server.requests).toEqual([]);
    await scan(['--history', '--verify'], { cwd: repo.path });
    expect(server.requests.length).toBeGreaterThan(0);
    expect(heard()).toBe('');
  });

  it.each([
    ['a word that stands near it as context', "context: ['here']", '(rm_[0-9a-f]{64})'],
    ['another pattern', 'context: [robotomail]', '(rm_[0-9a-z]{64})'],
  ])('sends no key by a rule of its own under a built-in’s id: %s', async (_, context, pattern) => {
    const { server, scan, write } = await place();
    const { key } = server.addKey();
    write({
      'a.txt': `here: ${withoutContext(key)}`,
      'b.txt': `robotomail ${withoutContext(server.addKey().key)}`,
      'rules.yaml': `issuer: robotomail
rules:
  - id: robotomail-api-key
    name: Mine
    severity: critical
    pattern: '${pattern}'
    ${context}
    confidence: { with-context: high, without: high }
    verify: robotomail
    examples: { match: ['{{secret}}'] }
`,
      'keywarden.yaml': 'rules: [rules.yaml]\n',
    });
    const { stdout } = await scan(['--verify', '-f', 'json']);
    const { keys } = told(stdout);
    expect(keys.length).toBeGreaterThan(0);
    for (const { liveness } of keys) expect(liveness['state']).toBe('unchecked');
    expect(server.requests).toEqual([]);
  });

  it('cannot revoke: neither a file nor text turns it on', async () => {
    const { server, scan, write } = await place();
    const operator = server.addKey({ name: 'operator' });
    const { key } = server.addKey();
    write({ '.env': withContext(key), 'keywarden.yaml': 'failOn: low\n' });
    const env = {
      ROBOTOMAIL_API_KEY: operator.key,
      XDG_CONFIG_HOME: ownFile('verify: all\nrevoke: { maxKeys: 100 }\n'),
    };
    expect((await scan([], { env })).code).toBe(1);
    expect(server.enabled()).toHaveLength(2);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

it('no program that is started inherits a credential, and none stands in an argument', async () => {
  const { server, env } = await place();
  const operator = server.addKey({ name: 'operator' });
  const { key } = server.addKey();
  const repo = makeRepo();
  repo.commit({ files: { '.env': withContext(key) } });
  const log = join(makeTree(), 'calls');
  const folder = makeTree({
    git: `#!/bin/sh\n{ env; echo "$@"; } >> '${log}'\nPATH=\${PATH#*:} exec git "$@"\n`,
  });
  chmodSync(join(folder, 'git'), 0o755);
  const args = ['scan', '--history', '--verify', '--revoke', '--yes', '--fail-on', 'live'];
  const done = await runBin([...args, '--state-dir', join(folder, 'state')], {
    cwd: repo.path,
    env: {
      ...env,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      ROBOTOMAIL_API_KEY: operator.key,
    },
  });
  expect(done.code).toBe(0);
  expect(server.enabled()).toEqual([operator]);
  const calls = readFileSync(log, 'utf8');
  expect(calls).toContain('KEYWARDEN_ROBOTOMAIL_URL=');
  expect(calls).not.toContain(operator.key);
  expect(calls).not.toContain(key);
});

it('an address that is not the issuer’s own must be safe', async () => {
  const { scan, write, server } = await place();
  write({ '.env': withContext(server.addKey().key) });
  for (const url of [
    'http://api.robotomail.com/v1',
    'http://127.0.0.1.example.org/v1',
    'ftp://x/',
  ]) {
    const { code, stderr } = await scan(['--verify'], { env: { KEYWARDEN_ROBOTOMAIL_URL: url } });
    expect(code).toBe(2);
    expect(stderr).toContain('KEYWARDEN_ROBOTOMAIL_URL: expected an https: address');
  }
});
