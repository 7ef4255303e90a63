/** The scan as a library call. */
import { loadConfig } from '../config/load-config.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import type { Confidence } from '../core/model/rule.ts';
import { runScan } from './run-scan.ts';
import { repositoryOf, type TargetRequest } from './target.ts';

export interface ScanOptions {
  /** Files and folders, or the one repository of the other kinds. Default: the current folder. */
  readonly paths?: readonly string[];
  /** Default `files`. */
  readonly kind?: 'files' | 'history' | 'staged' | 'range';
  /** `A..B`, for kind `range`. */
  readonly range?: string;
  readonly rules?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly minConfidence?: Confidence;
  /** Threads. Default: one a core. */
  readonly jobs?: number;
  /** What relative paths count from. Default: the current folder. */
  readonly cwd?: string;
  /** Ignore markers in the source. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
}

/** An async iterable of findings that can also be awaited as the whole report. */
export interface Scan extends AsyncIterable<Finding> {
  /** Findings, coverage and problems together. */
  readonly report: Promise<Report>;
}

/**
 * Scans and yields findings, sorted by path. Throws UserError for what the caller can mend. Whether
 * everything could be looked at is in `report`, not in the findings:
 * `const { coverage } = await scan({ paths: ['.'] }).report`.
 */
export function scan(options: ScanOptions = {}): Scan {
  let report: Promise<Report> | undefined;
  const start = (): Promise<Report> => (report ??= runLibraryScan(options));
  return {
    get report() {
      return start();
    },
    async *[Symbol.asyncIterator]() {
      yield* (await start()).findings;
    },
  };
}

async function runLibraryScan(options: ScanOptions): Promise<Report> {
  const {
    paths = [],
    kind = 'files',
    range,
    cwd = process.cwd(),
    signal,
    strict = false,
    ...settings
  } = options;
  const request: TargetRequest = {
    kind,
    paths,
    ...(range === undefined ? {} : { range }),
    gitignore: true,
    unreachable: true,
    cwd,
  };
  const repository = repositoryOf(request);
  const top = repository?.top === undefined ? {} : { top: repository.top };
  const place = { target: paths[0] ?? '.', cwd, env: process.env, ...top };
  const config = await loadConfig(place, settings);
  const { report } = await runScan({
    request,
    config,
    repository,
    strict,
    signal: signal ?? new AbortController().signal,
    now: new Date(),
  });
  return report;
}
