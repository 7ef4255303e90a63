/** `keywarden scan` says whose a found key is, by the inventory of the current folder alone. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { secretId } from '../../src/core/findings/identity.ts';
import { schemaErrors } from '../reporters/support/json-schema.ts';
import { readSchema } from '../schema/schema.ts';
import { addToTree, makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain } from '../support/run-main.ts';
import { agentmailKey, githubToken, robotomailKey } from '../support/sample.ts';

const file = 'keywarden.keys.yaml';
const key = robotomailKey('whose');
const other = robotomailKey('of nobody');

const entry = (raw: string, ...lines: readonly string[]): string =>
  [
    `  - issuer: robotomail`,
    `    digest: ${secretId(raw)}`,
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

const inventory = `keys:\n${entry(key, 'name: mailer-production', 'owner: team-mail', 'service: newsletter', 'environment: production', 'approver: ada@example.org', 'created: 2025-07-01')}`;

const leak = (raw: string): string => `ROBOTOMAIL_API_KEY=${raw}\n`;

interface Scanned {
  readonly keys: readonly {
    readonly secretId: string;
    readonly owner?: Readonly<Record<string, string>>;
  }[];
}

async function scanJson(cwd: string, ...args: readonly string[]) {
  const done = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  const report: unknown = JSON.parse(done.stdout);
  expect(schemaErrors(report, readSchema('report.schema.json'))).toEqual([]);
  const { keys } = report as Scanned;
  return {
    ...done,
    keys,
    ownerOf: (raw: string) => keys.find((one) => one.secretId === secretId(raw))?.owner,
  };
}

describe('a found key', () => {
  it('is told with its owner in json, and keys of nobody without', async () => {
    const cwd = makeTree({ 'a.env': leak(key), 'b.env': leak(other), [file]: inventory });
    const { ownerOf, stderr } = await scanJson(cwd);
    expect(ownerOf(key)).toEqual({
      source: file,
      name: 'mailer-production',
      owner: 'team-mail',
      service: 'newsletter',
      environment: 'production',
      approver: 'ada@example.org',
      created: '2025-07-01',
    });
    expect(ownerOf(other)).toBeUndefined();
    expect(stderr).toBe('');
  });

  it('is told in words, with its age, and whose words they are', async () => {
    const cwd = makeTree({ 'a.env': leak(key), [file]: inventory });
    const { stdout } = await runMain(['scan'], { cwd });
    const told = stdout.replace(/\s+/g, ' ');
    expect(told).toContain(
      `whose of team-mail, "mailer-production", for newsletter, in production, made on 2025-07-01 (7 months ago), ada@example.org approves its revocation; says ${file}`,
    );
  });

  it('keeps its owner in a saved report and in lines of JSON', async () => {
    const cwd = makeTree({ 'a.env': leak(key), [file]: inventory });
    await runMain(['scan', '-f', 'json=report.json', '-f', 'jsonl=report.jsonl'], { cwd });
    const again = await runMain(['report', 'report.json', '-f', 'json'], { cwd });
    expect(again.stdout).toBe(readFileSync(join(cwd, 'report.json'), 'utf8'));
    expect(readFileSync(join(cwd, 'report.jsonl'), 'utf8')).toContain('"owner":"team-mail"');
    expect((await runMain(['report', 'report.json'], { cwd })).stdout).toContain('of team-mail');
  });

  it('of another issuer is matched just as well', async () => {
    const token = githubToken('whose');
    const cwd = makeTree({
      'a.env': `TOKEN=${token}\n`,
      [file]: `keys:\n${entry(token, 'owner: Grace').replace('robotomail', 'github')}`,
    });
    expect((await scanJson(cwd)).ownerOf(token)).toEqual({ source: file, owner: 'Grace' });
  });

  it('is matched by nothing but its digest', async () => {
    const near = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const cwd = makeTree({
      'a.env': leak(near),
      [file]: `${inventory}  - issuer: robotomail\n    name: "${near.slice(0, 8)}"\n    owner: wrong\n`,
    });
    const { keys } = await scanJson(cwd);
    expect(keys.map(({ owner }) => owner)).toEqual([undefined]);
  });

  it('asks nobody', async () => {
    const asked: string[] = [];
    const trap = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void trap.close());
    const { port } = trap.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    const cwd = makeTree({ 'a.env': leak(key), [file]: inventory });
    const env = {
      KEYWARDEN_ROBOTOMAIL_URL: address,
      KEYWARDEN_AGENTMAIL_URL: address,
      ROBOTOMAIL_API_KEY: other,
      AGENTMAIL_API_KEY: agentmailKey('x'),
      HTTPS_PROXY: address,
      HTTP_PROXY: address,
      KEYWARDEN_OFFLINE: '1',
    };
    const { stdout, code } = await runBin(['scan'], { cwd, env });
    expect(code).toBe(1);
    expect(stdout).toContain('of team-mail');
    expect(asked).toEqual([]);
  });
});

describe('the file that counts', () => {
  it('is that of the current folder, not that of the scanned one', async () => {
    const cwd = makeTree({ 'sub/a.env': leak(key), [`sub/${file}`]: inventory });
    expect((await scanJson(cwd, 'sub')).ownerOf(key)).toBeUndefined();
    expect((await scanJson(join(cwd, 'sub'))).ownerOf(key)).toMatchObject({ owner: 'team-mail' });
  });

  it('stops no scan when it cannot be read', async () => {
    const cwd = makeTree({ 'a.env': leak(key), [file]: `${inventory}  - what\n` });
    const { code, stderr, keys } = await scanJson(cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /keywarden\.keys\.yaml:10: expected "key: value".*; owners of keys are not told/,
    );
    expect(keys).toHaveLength(1);
  });

  it.each([
    ['a link', { [file]: { link: 'a.env' } }, 'is a symbolic link'],
    ['a pipe', { [file]: { fifo: true as const } }, 'is no file'],
    ['a folder', { [`${file}/`]: '' }, 'is no file'],
    ['huge', { [file]: `keys:\n${'# x\n'.repeat(400_000)}` }, 'is larger than'],
  ])('is passed over, and said so, when it is %s', async (_name, entries, why) => {
    const cwd = makeTree({ 'a.env': leak(key) });
    addToTree(cwd, entries);
    const { stderr, code } = await runMain(['scan', 'a.env'], { cwd });
    expect(stderr).toContain(why);
    expect(code).toBe(1);
  });

  it('is not read where nothing is found', async () => {
    const cwd = makeTree({ 'a.txt': 'nothing\n', [file]: 'no inventory at all' });
    expect(await runMain(['scan', 'a.txt'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('an inventory of strangers', () => {
  it('adds words that steer no terminal', async () => {
    const evil = '"\\x1b[2Jx\\u202e\\r\\nLIVE\\u0007"';
    const cwd = makeTree({
      'a.env': leak(key),
      [file]: `keys:\n${entry(key, `owner: ${evil}`, `name: ${evil}`, `approver: ${evil}`)}`,
    });
    for (const format of ['pretty', 'json', 'jsonl', 'sarif']) {
      const { stdout } = await runMain(['scan', '-f', format], { cwd });
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
    expect((await scanJson(cwd)).ownerOf(key)?.['owner']).toBe('\u001b[2Jx\u202e\r\nLIVE\u0007');
  });

  it('shows no key that stands in its words, found or not', async () => {
    const token = githubToken('in words');
    const cwd = makeTree({
      'src/a.env': leak(key),
      [file]: `keys:\n${entry(key, `owner: ask ${key}`, `name: ${token}`)}`,
    });
    for (const format of ['pretty', 'json', 'jsonl', 'sarif']) {
      const { stdout } = await runMain(['scan', 'src', '-f', format], { cwd });
      expect(stdout).not.toContain(key.slice(8, 24));
      expect(stdout).not.toContain(token.slice(8, 24));
    }
  });

  it('cannot take a finding away or change how a scan ends', async () => {
    const cwd = makeTree({ 'a.env': leak(key) });
    const before = await scanJson(cwd);
    writeFileSync(join(cwd, file), inventory);
    const after = await scanJson(cwd);
    expect(after.code).toBe(before.code);
    const bare = (keys: Scanned['keys']) => keys.map((one) => ({ ...one, owner: undefined }));
    expect(bare(after.keys)).toEqual(bare(before.keys));
  });
});
