/** The front door: help, version, names that are not known, faults of the person and faults of ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { commandNames, commands } from '../src/commands/index.ts';
import { main } from '../src/main.ts';
import { cleanEnv, runMain } from './support/run-main.ts';
import { makeTree } from './support/make-tree.ts';

const cwd = import.meta.dirname;
const help = (args: readonly string[]) => runMain(args, { cwd });

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}

describe('help', () => {
  it.each([...commandNames])(
    'of %s names its usage and every flag, in 80 columns',
    async (name) => {
      const { usage, flags } = await commands[name]();
      const { code, stdout, stderr } = await help([name, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`keywarden ${usage}`);
      for (const flag of Object.keys(flags)) expect(stdout).toContain(`--${flag}`);
      expect(stdout).toContain('Exit codes');
      expect(widest(stdout)).toBeLessThanOrEqual(80);
    },
  );

  it.each([['help'], ['--help'], ['-h']])('%s lists all commands on stdout', async (word) => {
    const { code, stdout, stderr } = await help([word]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of commandNames) expect(stdout).toContain(`keywarden ${name}`);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('without a command goes to stderr and is a failure', async () => {
    const { code, stdout, stderr } = await help([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('keywarden scan');
  });

  it.each([
    ['help', 'scan'],
    ['scan', '-h'],
    ['scan', 'some-path', '--help'],
  ])('%s %s is that of the command', async (...args) => {
    const { code, stdout } = await help(args);
    expect(code).toBe(0);
    expect(stdout).toContain('keywarden scan [paths..]');
  });

  it('is no help after --: that is a path', async () => {
    const { code, stderr } = await runMain(['scan', '--', '--help'], { cwd: makeTree() });
    expect(code).toBe(2);
    expect(stderr).toContain('--help: no such file or folder');
  });
});

it('--version prints the version of the package', async () => {
  const packageJson = readFileSync(join(cwd, '../package.json'), 'utf8');
  const { version } = JSON.parse(packageJson) as { version: string };
  expect(await help(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('what is not known is a fault of the person: one line, exit 2, no stack', () => {
  it.each([
    [['scna'], 'unknown command "scna" (did you mean "scan"?)'],
    [['bogus-thing'], 'unknown command "bogus-thing"; see keywarden --help'],
    [['scan', '--histroy'], 'unknown flag --histroy (did you mean "--history"?)'],
    [['scan', '--no-gitignroe'], '(did you mean "--no-gitignore"?)'],
    [['scan', '-x'], 'unknown flag -x'],
    [['scan', '--no-history'], 'unknown flag --no-history'],
    [['scan', '-f', 'jsno'], '-f jsno: expected one of pretty, json, jsonl, sarif'],
    [['scan', '-f', 'jsno'], '(did you mean "json"?)'],
    [['scan', '--fail-on', 'hihg'], '--fail-on hihg: expected one of'],
    [['scan', '--fail-on'], '--fail-on: a value is missing'],
    [['scan', '--only='], '--only: a value is missing'],
    [['scan', '--strict=yes'], '--strict: takes no value'],
    [['scan', '--jobs', 'many'], '--jobs many'],
    [['scan', '--max-file-size', '-1'], '--max-file-size -1'],
    [['scan', '--fail-on', 'live'], '--fail-on live: needs --verify'],
    [['scan', '--only', 'robotomail-api-kye'], '(did you mean "robotomail-api-key"?)'],
    [['scan', '--history', '--staged'], '--history and --staged'],
    [['scan', '--stdin', 'a-path'], '--stdin: takes no paths'],
    [['scan', '--stdin-path', 'x'], '--stdin-path: goes with --stdin'],
    [['scan', '--no-unreachable'], '--no-unreachable: goes with --history'],
    [['scan', '-f', 'json', '-f', 'sarif'], 'only one format can go to standard output'],
    [['scan', '-f', 'json', '-f', 'sarif', '-o', 'x'], '--output goes with a single format'],
    [['baseline'], 'expected create, update or prune'],
    [['rules', 'lsit'], 'expected list, show, check or test'],
    [['rules', 'show', 'robotomail-api-kye'], '(did you mean "robotomail-api-key"?)'],
    [['report'], 'report: give one saved JSON report'],
    [['init', 'here'], 'init: takes no words'],
  ])('%j', async (args, message) => {
    const tree = makeTree({ 'a.txt': 'nothing\n' });
    const { code, stdout, stderr } = await runMain(args, { cwd: tree });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });
});

it('a fault of ours shows its stack, asks for a report and is exit 2', async () => {
  let stderr = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      stderr += chunk.toString();
      done();
    },
  });
  const code = await main(['scan'], {
    stdout: sink,
    stderr: sink,
    env: cleanEnv,
    cwd: makeTree(),
    now: () => {
      throw new TypeError('the clock is broken');
    },
    signal: new AbortController().signal,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('this is a bug in keywarden, please report it');
  expect(stderr).toMatch(/TypeError: the clock is broken\n +at /);
});
