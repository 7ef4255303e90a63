/** The process around the program: signals, a reader that went away, plain exit codes. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runBin, startBin } from '../support/run-bin.ts';
import { readReport, robotomailKey } from './samples.ts';

const filler = Buffer.alloc(9 << 20, 'lorem ipsum dolor sit amet\n');

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while a stream is open', (signal, expected) => {
  it(`ends at once with ${expected}; the report has what was found and is marked incomplete`, async () => {
    const cwd = makeTree();
    const { child, done } = startBin(['scan', '--stdin', '-f', 'json=r.json'], { cwd });
    child.stdin.write(`ROBOTOMAIL_API_KEY=${robotomailKey('signal')}\n`);
    await new Promise((resolve) => child.stdin.write(filler, resolve));
    await sleep(500);
    const sent = performance.now();
    child.kill(signal);
    const { code, stdout, stderr } = await done;
    // The stream is still open: nobody waits for its writer.
    expect(performance.now() - sent).toBeLessThan(5_000);
    expect(stderr).toMatch(/^keywarden: 1 key in 1 place, INCOMPLETE[^\n]*\n$/);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    const report = readReport(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(report.coverage.complete).toBe(false);
    expect(report.problems).toMatchObject([{ kind: 'interrupted' }]);
    expect(report.findings).toMatchObject([{ rule: 'robotomail-api-key', path: '(stdin)' }]);
  });
});

it('SIGINT writes no baseline of half a scan', async () => {
  const cwd = makeTree();
  const { child, done } = startBin(['baseline', 'create', '--stdin'], { cwd });
  child.stdin.write(`${robotomailKey('half')}\n`);
  await new Promise((resolve) => child.stdin.write(filler, resolve));
  await sleep(500);
  child.kill('SIGINT');
  const { code, stderr } = await done;
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(existsSync(join(cwd, '.keywarden-baseline'))).toBe(false);
});

it.each([
  ['scan', '-f', 'json'],
  ['rules', 'list'],
])('a reader that goes away is a quiet end: %s %s', async (...args) => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `${robotomailKey(`pipe ${i}`)}\n`);
  const { child, done } = startBin(args, { cwd: makeTree({ 'a.txt': lines.join('') }) });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { code, stderr } = await done;
  expect(stderr).toBe('');
  expect([0, 1]).toContain(code);
});

describe('the built command', () => {
  it.each([
    [['scan'], 1],
    [['scan', '--fail-on', 'never'], 0],
    [['scan', 'nowhere'], 2],
    [['--version'], 0],
  ])('%j', async (args, expected) => {
    const { code } = await runBin(args, { cwd: makeTree({ 'a.txt': robotomailKey('bin') }) });
    expect(code).toBe(expected);
  });
});

it('a reader that takes its time gets all of a long report', async () => {
  const names = Array.from({ length: 150 }, (_, n) => `${n}.env`);
  const cwd = makeTree(
    Object.fromEntries(names.map((name) => [name, `ROBOTOMAIL_API_KEY=${robotomailKey(name)}\n`])),
  );
  const { child, done } = startBin(['scan', '-f', 'json'], { cwd });
  child.stdin.end();
  child.stdout.pause();
  await sleep(2_500);
  child.stdout.resume();
  const { code, stdout } = await done;
  expect(code).toBe(1);
  // More than a pipe holds: the program must not end with some of it unwritten.
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(readReport(stdout).findings).toHaveLength(names.length);
});
