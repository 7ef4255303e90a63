/** Where reports go, and that stdout is the report and nothing else. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const secret = robotomailKey('outputs');
const tree = (): string => makeTree({ 'src/a.txt': `ROBOTOMAIL_API_KEY=${secret}\n` });

describe('formats on stdout', () => {
  it('json is one document, and nothing is on stderr', async () => {
    const { stdout, stderr } = await runMain(['scan', '-f', 'json'], { cwd: tree() });
    expect(stderr).toBe('');
    const report = readReport(stdout);
    expect(report.findings).toMatchObject([
      { rule: 'robotomail-api-key', path: 'src/a.txt', start: { line: 1, column: 20, byte: 19 } },
    ]);
    expect(report.keys[0]).not.toHaveProperty('secret');
  });

  it('jsonl has a finding, a key, and the coverage last', async () => {
    const { stdout } = await runMain(['scan', '-f', 'jsonl'], { cwd: tree() });
    const kinds = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(['finding', 'key', 'coverage']);
  });

  it('sarif is SARIF 2.1.0', async () => {
    const { stdout } = await runMain(['scan', '-f', 'sarif'], { cwd: tree() });
    const { version, runs } = JSON.parse(stdout) as { version: string; runs: { results: [] }[] };
    expect([version, runs[0]?.results.length]).toEqual(['2.1.0', 1]);
  });

  it('pretty is the default, and says which key, where and what to do', async () => {
    const { stdout } = await runMain(['scan'], { cwd: tree() });
    expect(stdout).toContain('CRITICAL  Robotomail API key');
    expect(stdout).toContain('at src/a.txt:1:20');
    expect(stdout).toContain('Revoke it');
    expect(stdout).toContain('1 key, 1 finding: 1 critical.');
  });
});

describe('files', () => {
  it('each FORMAT=FILE is written, stdout stays empty, stderr has one line', async () => {
    const cwd = tree();
    const args = ['scan', 'src', '-f', 'json=r.json', '-f', 'sarif=r.sarif', '-f', 'pretty=r.txt'];
    const { code, stdout, stderr } = await runMain(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('keywarden: 1 key in 1 place\n');
    expect(readReport(readFileSync(join(cwd, 'r.json'), 'utf8')).summary.keys).toBe(1);
    expect(readFileSync(join(cwd, 'r.sarif'), 'utf8')).toContain('"2.1.0"');
    expect(readFileSync(join(cwd, 'r.txt'), 'utf8')).toContain('Robotomail API key');
  });

  it('one may go to stdout beside them', async () => {
    const cwd = tree();
    const { stdout } = await runMain(['scan', 'src', '-f', 'json', '-f', 'sarif=r.sarif'], { cwd });
    expect(readReport(stdout).summary.findings).toBe(1);
    expect(existsSync(join(cwd, 'r.sarif'))).toBe(true);
  });

  it('-o takes the single format', async () => {
    const cwd = tree();
    const { stdout } = await runMain(['scan', 'src', '-f', 'json', '-o', 'r.json'], { cwd });
    expect(stdout).toBe('');
    expect(readReport(readFileSync(join(cwd, 'r.json'), 'utf8')).summary.findings).toBe(1);
  });

  it('an incomplete scan says so on stderr when no report is on stdout', async () => {
    const args = ['scan', 'src', '--max-file-size', '10', '--allow-incomplete', '-o', 'r.txt'];
    const { stderr } = await runMain(args, { cwd: tree() });
    expect(stderr).toContain('INCOMPLETE');
  });

  it('a place that cannot be written leaves no file behind and no stack', async () => {
    const cwd = tree();
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await runMain(['scan', 'src', '-o', 'file/r.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^keywarden: [^\n]*cannot be written \(ENOTDIR\)\n$/);
    expect(readdirSync(cwd).sort()).toEqual(['file', 'src']);
  });

  it('a usage or configuration error writes no report', async () => {
    const cwd = makeTree({ 'a.txt': 'hello', 'keywarden.yaml': 'failOn: sometimes\n' });
    const { code } = await runMain(['scan', '-f', 'json=r.json'], { cwd });
    expect([code, existsSync(join(cwd, 'r.json'))]).toEqual([2, false]);
  });

  it('a run that got past its arguments writes its report, also with exit 2', async () => {
    const cwd = makeTree({ 'src/a.txt': 'hello world' });
    const args = ['scan', 'src', '--max-file-size', '1', '-f', 'json=r.json'];
    expect((await runMain(args, { cwd })).code).toBe(2);
    const report = readReport(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(report.coverage).toMatchObject({ complete: false, units: 0 });
  });
});

describe('--show-secrets', () => {
  it.each(['json', 'pretty'])('shows them in %s', async (format) => {
    const { stdout } = await runMain(['scan', '-f', format, '--show-secrets'], { cwd: tree() });
    expect(stdout).toContain(secret);
  });

  it.each(['jsonl', 'sarif'])('and not in %s', async (format) => {
    const { stdout } = await runMain(['scan', '-f', format, '--show-secrets'], { cwd: tree() });
    expect(stdout).toContain('robotomail-api-key');
    expect(stdout).not.toContain(secret);
  });

  it('makes a file that only its owner reads, also where one stood for all', async () => {
    const cwd = tree();
    writeFileSync(join(cwd, 'r.json'), '', { mode: 0o644 });
    await runMain(['scan', 'src', '--show-secrets', '-f', 'json=r.json'], { cwd });
    expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toContain(secret);
    expect(statSync(join(cwd, 'r.json')).mode & 0o777).toBe(0o600);
  });

  it('cannot be turned on by a project', async () => {
    const cwd = makeTree({ 'a.txt': secret, 'keywarden.yaml': 'showSecrets: true\n' });
    const { code, stderr } = await runMain(['scan', '-f', 'json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('unknown key "showSecrets"');
  });
});

it('the same scan twice gives the same bytes', async () => {
  const cwd = tree();
  for (const format of ['pretty', 'json', 'jsonl', 'sarif']) {
    const first = await runMain(['scan', '-f', format], { cwd });
    expect(await runMain(['scan', '-f', format], { cwd })).toEqual(first);
  }
});

describe('--category', () => {
  it('stands in SARIF, of a scan and of a saved report', async () => {
    const cwd = tree();
    const given = ['--category', 'keywarden/api', '-f', 'json=r.json', '-f', 'sarif'];
    const scanned = await runMain(['scan', ...given], { cwd });
    const told = ['report', 'r.json', '--category', 'keywarden/api/', '-f', 'sarif'];
    const again = await runMain(told, { cwd });
    for (const { stdout } of [scanned, again]) {
      expect(JSON.parse(stdout)).toMatchObject({
        runs: [{ automationDetails: { id: 'keywarden/api/' } }],
      });
    }
  });

  it.each([
    [['-f', 'json', '--category', 'a'], 'goes with -f sarif'],
    [['-f', 'sarif', '--category', '\u001b[2J'], 'expected 1 to 200'],
    [['-f', 'sarif', '--category', '/a'], 'expected 1 to 200'],
  ])('is refused: %j', async (args, told) => {
    const { code, stdout, stderr } = await runMain(['scan', ...args], { cwd: tree() });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(told)]);
  });
});
