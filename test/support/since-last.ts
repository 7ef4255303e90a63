/** Runs of `scan --history --since-last` that share a state folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTree } from './make-tree.ts';
import { runMain, type RunOptions } from './run-main.ts';

export interface SinceLastReport {
  readonly target: {
    readonly sinceLast?: { readonly run: string };
    readonly empty?: string;
  };
  readonly coverage: { readonly complete: boolean; readonly objects: number };
  readonly summary: {
    readonly suppressed: { readonly baseline: number };
    readonly baseline?: unknown;
  };
  readonly findings: readonly {
    readonly path: string;
    readonly fingerprint: string;
    readonly git?: { readonly introduced?: { readonly commit: string }; readonly inHead: boolean };
  }[];
  readonly problems: readonly { readonly kind: string; readonly where: string }[];
}

export interface SinceLastRun {
  readonly code: number;
  readonly stderr: string;
  readonly report: SinceLastReport;
  /** Of the findings. */
  readonly paths: readonly string[];
  /** Everything was looked at. */
  readonly isWhole: boolean;
}

export interface Runs {
  readonly stateDir: string;
  run(
    place: { readonly path: string },
    flags?: readonly string[],
    options?: Partial<RunOptions>,
  ): Promise<SinceLastRun>;
  /** Paths of the states. */
  files(): string[];
}

export function sinceLastRuns(): Runs {
  const stateDir = join(makeTree(), 'state');
  return {
    stateDir,
    async run({ path }, flags = [], options = {}) {
      const own = ['--history', '--since-last', '--state-dir', stateDir, '-f', 'json'];
      const ran = await runMain(['scan', ...own, ...flags], { cwd: path, ...options });
      if (ran.stdout === '') throw new Error(`no report: ${ran.stderr}`);
      const report = JSON.parse(ran.stdout) as SinceLastReport;
      const paths = report.findings.map((finding) => finding.path);
      const isWhole = report.target.sinceLast === undefined;
      return { code: ran.code, stderr: ran.stderr, report, paths, isWhole };
    },
    files: () => readdirSync(stateDir).map((name) => join(stateDir, name)),
  };
}
