/** How keywarden is run, and what its report says. The only place that knows its flags. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { time } from './measure.mjs';

const root = join(import.meta.dirname, '..');
export const bin = join(root, 'bin/keywarden.js');

/**
 * @typedef {{ kind: 'history' | 'tree', path: string, jobs: number, scratch: string, bin?: string,
 *   env?: Record<string, string>, node?: readonly string[], flags?: readonly string[] }} Scan
 *   `bin`: another build of the command. `node`: flags of Node itself. `flags`: more of ours.
 * @typedef {{ wallMs: number, cpuMs: number, placeMs: number, placeCpuMs: number }} ScanSample
 *   `place…`: of that, attribution (without processes it starts); NaN when the build does not tell.
 */

/** A scan of everything, whatever it finds; its report is in `scratch`. */
function scanProgram({
  kind,
  path,
  jobs,
  scratch,
  env = {},
  node = [],
  flags: more = [],
  ...rest
}) {
  const target = kind === 'history' ? ['--history', path] : ['--no-gitignore', path];
  const flags = [
    '--jobs',
    String(jobs),
    '--fail-on',
    'never',
    '-f',
    `json=${reportFile(scratch)}`,
    ...more,
  ];
  return {
    command: process.execPath,
    args: [...node, rest.bin ?? bin, 'scan', ...flags, ...target],
    cwd: scratch,
    env: { ...env, KEYWARDEN_TIMINGS: timingsFile(scratch) },
  };
}

/** Runs a scan. @param {Scan} scan @returns {ScanSample} */
export function timeScan(scan) {
  // What an earlier scan left is not taken for what this one says.
  for (const file of [reportFile(scan.scratch), timingsFile(scan.scratch)]) {
    rmSync(file, { force: true });
  }
  const sample = time(scanProgram(scan));
  return { ...sample, ...readPlace(scan.scratch) };
}

/** The report of the last scan. */
export function readReport(scratch) {
  return JSON.parse(readFileSync(reportFile(scratch), 'utf8'));
}

function reportFile(scratch) {
  return join(scratch, 'report.json');
}

function timingsFile(scratch) {
  return join(scratch, 'timings.json');
}

function readPlace(scratch) {
  try {
    const { place, cpu } = JSON.parse(readFileSync(timingsFile(scratch), 'utf8'));
    return { placeMs: place ?? Number.NaN, placeCpuMs: cpu?.place ?? Number.NaN };
  } catch {
    return { placeMs: Number.NaN, placeCpuMs: Number.NaN };
  }
}
