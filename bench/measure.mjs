/** Wall and CPU time of programs, taken in turn. Knows no gate and no scanner. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {{ command: string, args?: readonly string[], cwd?: string, env?: Record<string, string>,
 *   input?: string, okay?: readonly number[] }} Program
 *   `input`: a file for standard input. `okay`: exit codes that are no failure (default 0).
 * @typedef {{ wallMs: number, cpuMs: number }} Sample
 */

/** bash's own clock counts the children of children, as long as each is waited for. */
const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>"$KEYWARDEN_BENCH_STDERR"';

/**
 * Runs a program with its output to /dev/null. CPU is user and system time, of all it started too.
 * Throws when the program is not there or fails.
 *
 * @param {Program} program
 * @returns {Sample}
 */
export function time({ command, args = [], cwd, env = {}, input, okay = [0] }) {
  if (!isThere(command)) throw new Error(`${command} is not there`);
  const scratch = mkdtempSync(join(tmpdir(), 'keywarden-time-'));
  const stderr = join(scratch, 'stderr');
  const stdin = openSync(input ?? '/dev/null', 'r');
  try {
    const done = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
      cwd,
      env: { ...process.env, ...env, LC_ALL: 'C', KEYWARDEN_BENCH_STDERR: stderr },
      stdio: [stdin, 'ignore', 'pipe'],
    });
    if (!okay.includes(done.status)) throw new Error(failure(command, done, stderr));
    return readTimes(done.stderr.toString());
  } finally {
    closeSync(stdin);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether a command can be run by this name. */
export function isThere(command) {
  return spawnSync('bash', ['-c', 'command -v "$1"', 'bash', command]).status === 0;
}

/** `0.120 0.090 0.020` (seconds) → milliseconds. */
function readTimes(text) {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/m.exec(text);
  if (!found) throw new Error(`bash did not tell the time: ${text.slice(0, 200)}`);
  const [wall, user, system] = found.slice(1).map((seconds) => Number(seconds) * 1000);
  return { wallMs: wall, cpuMs: user + system };
}

function failure(command, { status, signal, error }, stderr) {
  const end = error?.message ?? (signal ? `signal ${signal}` : `exit ${status}`);
  return `${command}: ${end}: ${firstLine(stderr)}`;
}

function firstLine(file) {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0].slice(0, 200);
  } catch {
    return 'no message';
  }
}

/**
 * Runs the contestants in turn (a b c, a b c, …), so that a busy moment hits all of them.
 *
 * @template Result
 * @param {Record<string, () => Result>} contestants
 * @param {number} runs
 * @returns {Record<string, Result[]>}
 */
export function interleave(contestants, runs) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [name, go] of Object.entries(contestants)) results[name].push(go());
  }
  return results;
}

/**
 * The least of each number on its own: what disturbs a run only ever adds.
 *
 * @template {Record<string, number>} Sample
 * @param {readonly Sample[]} samples
 * @returns {Sample}
 */
export function least(samples) {
  const [first] = samples;
  if (!first) throw new Error('nothing was run');
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, Math.min(...samples.map((one) => one[key]))]),
  );
}

/**
 * Interleaved, and the least of each contestant.
 *
 * @template {Record<string, number>} Sample
 * @param {Record<string, () => Sample>} contestants
 * @param {number} runs
 * @returns {Record<string, Sample>}
 */
export function compare(contestants, runs) {
  const results = interleave(contestants, runs);
  return Object.fromEntries(
    Object.entries(results).map(([name, samples]) => [name, least(samples)]),
  );
}
