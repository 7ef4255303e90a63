/** Colour only where it is wanted, and names from outside that cannot steer a terminal. */
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runMain, type RunOptions } from '../support/run-main.ts';
import { robotomailKey } from './samples.ts';

const escape = '\u001b';
const key = robotomailKey('terminal');

describe('colour', () => {
  it.each<[string, readonly string[], Omit<RunOptions, 'cwd'>, boolean]>([
    ['on a terminal', [], { isTTY: true }, true],
    ['not in a pipe', [], {}, false],
    ['not with NO_COLOR', [], { isTTY: true, env: { NO_COLOR: '1' } }, false],
    [
      'with an empty NO_COLOR, which says nothing',
      [],
      { isTTY: true, env: { NO_COLOR: '' } },
      true,
    ],
    ['in a pipe with FORCE_COLOR', [], { env: { FORCE_COLOR: '1' } }, true],
    ['not with FORCE_COLOR=0', [], { isTTY: true, env: { FORCE_COLOR: '0' } }, false],
    ['in a pipe with --color', ['--color'], {}, true],
    ['not with --no-color', ['--no-color'], { isTTY: true }, false],
    ['with --color, whatever NO_COLOR says', ['--color'], { env: { NO_COLOR: '1' } }, true],
    [
      'not with --no-color, whatever FORCE_COLOR says',
      ['--no-color'],
      { env: { FORCE_COLOR: '1' } },
      false,
    ],
    ['not on a dumb terminal', [], { isTTY: true, env: { TERM: 'dumb' } }, false],
  ])('%s', async (_name, args, options, isColoured) => {
    const cwd = makeTree({ 'a.txt': key });
    const { stdout } = await runMain(['scan', ...args], { cwd, ...options });
    expect(stdout).toContain('Robotomail API key');
    expect(stdout.includes(escape)).toBe(isColoured);
  });

  it('never goes into a file', async () => {
    const cwd = makeTree({ 'a.txt': key });
    const { stdout } = await runMain(['scan', '--color', '-f', 'pretty=/dev/stdout/no'], {
      cwd,
      isTTY: true,
    });
    expect(stdout).not.toContain(escape);
  });
});

it('lines are as wide as the terminal, at most 100', async () => {
  const cwd = makeTree({ [`${'long-name/'.repeat(12)}a.txt`]: key });
  for (const [columns, most] of [
    [60, 60],
    [300, 100],
  ] as const) {
    const { stdout } = await runMain(['scan', '--no-color'], { cwd, isTTY: true, columns });
    const widths = stdout
      .split('\n')
      .filter((line) => !line.includes('http'))
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(most);
  }
});

describe('names from outside', () => {
  const hostile = [
    `a${escape}[2J${escape}]0;title\u0007b.txt`,
    'a\rb.txt',
    'a\nkeywarden: all is well.txt',
    'a\u009b31mb.txt',
    'a\u202etxt.exe',
    'a\u2066b\u2069.txt',
  ];
  const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  it.each(hostile)('%j steers no terminal', async (name) => {
    const cwd = makeTree({ [name]: key });
    const { code, stdout } = await runMain(['scan', '--no-color'], { cwd, isTTY: true });
    expect(code).toBe(1);
    expect(stdout).toContain('1 key, 1 finding');
    expect(stdout).not.toMatch(steering);
    expect(stdout).not.toMatch(/^keywarden: all is well/m);
  });

  it.each(hostile)('%j in an error is one safe line', async (name) => {
    const { code, stderr } = await runMain(['scan', name], { cwd: makeTree({ b: 'b' }) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^keywarden: [^\n]*(?:no such file or folder|matches no file)\n$/);
    expect(stderr.trimEnd()).not.toMatch(steering);
  });

  it('in the text around a key steer no terminal', async () => {
    const cwd = makeTree({ 'a.txt': `${escape}[31m evil \u202e key = ${key} ${escape}[0m\n` });
    const { stdout } = await runMain(['scan', '--no-color'], { cwd, isTTY: true });
    expect(stdout).toContain('evil');
    expect(stdout).not.toMatch(steering);
  });
});
