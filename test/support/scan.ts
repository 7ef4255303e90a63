/** Scans of test repositories: in this process as a library, or by the built command as a user. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { scan, type ScanOptions } from '../../src/commands/library.ts';
import type { Finding, GitFacts } from '../../src/core/model/finding.ts';
import type { Report } from '../../src/core/model/report.ts';
import { isolation } from './make-repo.ts';

type Place = { readonly path: string };
type Options = Omit<ScanOptions, 'kind' | 'paths' | 'range'>;

export function scanHistory({ path }: Place, options: Options = {}): Promise<Report> {
  return scan({ ...options, kind: 'history', paths: [path] }).report;
}

export function scanStaged({ path }: Place, options: Options = {}): Promise<Report> {
  return scan({ ...options, kind: 'staged', paths: [path] }).report;
}

export function scanRange({ path }: Place, range: string, options: Options = {}): Promise<Report> {
  return scan({ ...options, kind: 'range', range, paths: [path] }).report;
}

/** The findings of a secret, by its path. */
export function pathsOf(report: Report, secret?: string): string[] {
  return findingsOf(report, secret).map(({ path }) => path);
}

export function findingsOf({ findings }: Report, secret?: string): Finding[] {
  return findings.filter((one) => secret === undefined || one.secret.reveal() === secret);
}

/** The one finding of a secret at a path, with its history. Throws when there is another number. */
export function findingAt(
  report: Report,
  path: string,
  secret?: string,
): Finding & { git: GitFacts } {
  const found = findingsOf(report, secret).filter((one) => one.path === path);
  const [only] = found;
  if (found.length !== 1 || !only?.git) {
    const paths = report.findings.map((one) => one.path).join(', ');
    throw new Error(`${found.length} findings at ${path} with history; all: ${paths}`);
  }
  return { ...only, git: only.git };
}

/** Of one kind of skipped input: how much. */
export function skippedOf({ coverage }: Report, reason: string): number {
  return coverage.skipped.find((one) => one.reason === reason)?.count ?? 0;
}

export const root = join(import.meta.dirname, '../..');
export const command = join(root, 'bin/keywarden.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command. */
export function runCommand(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran {
  const done = spawnSync(process.execPath, [command, ...args], {
    cwd,
    env: { ...isolation, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: 60_000,
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** The parts of a JSON report that tests look at. */
export interface JsonReport {
  readonly coverage: { readonly complete: boolean; readonly units: number };
  readonly findings: readonly { readonly path: string; readonly rule: string }[];
}

export function runJson(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran & { readonly report: JsonReport } {
  const ran = runCommand(cwd, [...args, '-f', 'json'], env);
  try {
    return { ...ran, report: JSON.parse(ran.stdout) as JsonReport };
  } catch (error) {
    throw new Error(`no report on standard output: ${ran.stderr}`, { cause: error });
  }
}
