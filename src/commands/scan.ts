/** `keywarden scan`: flags, then the pipeline. */
import { loadConfig } from '../config/load-config.ts';
import type { Settings } from '../config/read-settings.ts';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Config, VerifyWay } from '../core/model/config.ts';
import type { Report, Target } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import type { Confidence } from '../core/model/rule.ts';
import { exitCode, isIncomplete, type FailLevel } from '../core/report/exit-code.ts';
import { startProgress } from '../platform/progress.ts';
import { stopwatch } from '../platform/stopwatch.ts';
import { plural } from '../reporters/words.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { CheckKeys } from './check-keys.ts';
import type { Command, Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { readCategory, readOutputs, writeOutputs } from './outputs.ts';
import { runScan, type ScanRun } from './run-scan.ts';
import { scanFlags } from './scan-flags.ts';
import { repositoryOf, type TargetRequest } from './target.ts';

export const scan: Command = {
  usage: 'scan [paths..]',
  summary: 'find leaked keys in files, in history, in what a commit adds, in a stream',
  flags: scanFlags,
  examples: [
    ['keywarden scan', 'this folder'],
    ['keywarden scan --history', 'every object of this repository'],
    ['keywarden scan --history --since-last', 'what is new in it since the last time'],
    ['keywarden scan --staged', 'what the next commit adds'],
    ['keywarden scan --range origin/main..HEAD -f sarif=keys.sarif', 'what a branch introduces'],
    ['keywarden scan --history --verify', 'and which of the keys are live'],
    ['docker logs app | keywarden scan --stdin', 'a stream'],
  ],
  async run(parsed, io) {
    const outputs = readOutputs(parsed, io.cwd);
    const category = readCategory(parsed, outputs);
    const settled = await settle(parsed, io);
    const { flags } = parsed;
    const { verify } = settled.config;
    const progress = progressOn(io);
    const isSarif = outputs.some(({ format }) => format.startsWith('sarif'));
    const { report, notes, remember } = await runScan({
      ...settled,
      progress,
      ...(verify !== 'never'
        ? { check: await openCheck(verify, settled.config, parsed, io, progress) }
        : {}),
      stopwatch: stopwatch(io.env),
      withProvenance: provenanceFor(outputs.map(({ format }) => format)),
      withLineHashes: isSarif,
    });
    const options = {
      showSecrets: flags['show-secrets'] === true,
      color: flags['color'] as boolean | undefined,
      category,
    };
    for (const note of notes) io.stderr.write(`keywarden: ${note}\n`);
    const isDelivered = await writeOutputs(report, outputs, io, options);
    explain(
      report,
      io,
      outputs.every(({ file }) => file !== undefined),
    );
    // What nobody was told of must be found again.
    if (isDelivered && !io.signal.aborted && !isIncomplete(report, settled)) {
      const note = remember?.();
      if (note !== undefined) io.stderr.write(`keywarden: ${note}\n`);
    }
    return io.signal.aborted
      ? Number(io.signal.reason)
      : exitCode(report, {
          failOn: settled.config.failOn,
          allowIncomplete: flags['allow-incomplete'] === true,
          strict: settled.strict,
        });
  },
};

export type Settled = Pick<
  ScanRun,
  'request' | 'config' | 'repository' | 'strict' | 'signal' | 'now'
>;

/** A saved report can become any of the others; it takes a git, and most runs find nothing. */
function provenanceFor(formats: readonly string[]): ScanRun['withProvenance'] {
  if (formats.some((format) => format.startsWith('sarif') || format === 'html')) return 'always';
  return formats.includes('json') ? 'with-findings' : 'never';
}

/** Flags → what to scan and how. Throws UserError. */
export function settle(parsed: Parsed, io: Io): Promise<Settled> {
  return settleRequest({ ...readRequest(parsed, io.cwd), ...readerOf(io.env) }, parsed, io);
}

/** As `settle`, for what no flag can ask for. */
export async function settleRequest(
  request: TargetRequest,
  parsed: Parsed,
  io: Io,
): Promise<Settled> {
  const repository = repositoryOf(request);
  const config = await loadConfig(configPlace(request, repository, parsed, io), settingsOf(parsed));
  checkVerify(config, parsed);
  const strict = parsed.flags['strict'] === true;
  return { request, repository, config, strict, signal: io.signal, now: io.now() };
}

function checkVerify({ failOn, verify }: Config, { flags }: Parsed): void {
  if (failOn === 'live' && verify === 'never')
    throw new UserError('--fail-on live: needs --verify');
  if (flags['revoke'] === true && verify === 'never') {
    throw new UserError('--revoke: needs --verify');
  }
  if (flags['yes'] === true && flags['revoke'] !== true) {
    throw new UserError('--yes: goes with --revoke');
  }
}

/** Loaded when it is asked for: a commit waits for what a commit needs. */
async function openCheck(...given: Parameters<Checking['openCheck']>): Promise<CheckKeys> {
  const { openCheck: open } = await import('./check-keys.ts');
  return open(...given);
}

type Checking = typeof import('./check-keys.ts');

/** A way to compare the two readers of history, and to do without the faster one. */
function readerOf(env: NodeJS.ProcessEnv): Pick<TargetRequest, 'wholeObjects'> {
  return { wholeObjects: env['KEYWARDEN_READER'] === 'git' };
}

const kinds = ['history', 'staged', 'range', 'stdin'] as const;

function readRequest({ words, flags }: Parsed, cwd: string): TargetRequest {
  const asked = kinds.filter((kind) => flags[kind] !== undefined && flags[kind] !== false);
  const [kind, other] = asked;
  if (kind !== undefined && other !== undefined) {
    throw new UserError(
      `--${kind} and --${other}: one scan looks into one of them; run keywarden twice`,
    );
  }
  if (kind === 'stdin' && words.length > 0)
    throw new UserError(`--stdin: takes no paths (${words[0]})`);
  if (flags['unreachable'] !== undefined && kind !== 'history') {
    throw new UserError('--no-unreachable: goes with --history');
  }
  if (flags['since-last'] !== undefined && kind !== 'history') {
    throw new UserError('--since-last: goes with --history');
  }
  if (flags['stdin-path'] !== undefined && kind !== 'stdin') {
    throw new UserError('--stdin-path: goes with --stdin');
  }
  return {
    kind: (kind ?? 'files') satisfies Target['kind'],
    paths: words,
    ...(typeof flags['range'] === 'string' ? { range: flags['range'] } : {}),
    ...(typeof flags['stdin-path'] === 'string' ? { stdinPath: flags['stdin-path'] } : {}),
    gitignore: flags['gitignore'] !== false,
    unreachable: flags['unreachable'] !== false,
    sinceLast: flags['since-last'] === true,
    cwd,
  };
}

function configPlace(
  { paths, cwd }: TargetRequest,
  repository: Repository | undefined,
  { flags }: Parsed,
  io: Io,
) {
  const [path = '.'] = paths;
  const file = flags['config'] as string | undefined;
  return {
    target: path,
    cwd,
    env: io.env,
    ...(repository?.top === undefined ? {} : { top: repository.top }),
    ...(file === undefined ? {} : { file }),
  };
}

function settingsOf({ flags }: Parsed): Settings {
  const settings: { -readonly [K in keyof Config]?: Config[K] } = {};
  const texts = (name: string): readonly string[] | undefined =>
    flags[name] as readonly string[] | undefined;
  const put = <K extends keyof Config>(key: K, value: Config[K] | undefined): void => {
    if (value !== undefined) settings[key] = value;
  };
  put('rules', texts('rules'));
  put('only', texts('only'));
  put('skip', texts('skip'));
  put('include', texts('include'));
  put('exclude', texts('exclude'));
  put('minConfidence', flags['min-confidence'] as Confidence | undefined);
  put('failOn', flags['fail-on'] as FailLevel | undefined);
  put('verify', flags['verify'] === false ? 'never' : (flags['verify'] as VerifyWay | undefined));
  put('baseline', flags['baseline'] as string | undefined);
  put('stateDir', flags['state-dir'] as string | undefined);
  put('maxFileBytes', flags['max-file-size'] as number | undefined);
  put('archives', flags['archives'] as boolean | undefined);
  put('archiveLimits', archiveLimits(flags));
  put('jobs', flags['jobs'] === undefined ? undefined : Math.max(1, Number(flags['jobs'])));
  return settings;
}

function archiveLimits(flags: Parsed['flags']): Partial<ArchiveLimits> {
  const number = (name: string): number | undefined => flags[name] as number | undefined;
  const seconds = number('max-time');
  const limits = {
    maxDepth: depthOf(number('max-depth')),
    maxEntries: number('max-entries'),
    maxRatio: number('max-ratio'),
    maxTotalBytes: number('max-total'),
    maxTimeMs: seconds === undefined ? undefined : seconds * 1_000,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Readers of archives in archives are called by each other: beyond some two hundred the stack has no room. */
const deepest = 100;

function depthOf(depth: number | undefined): number | undefined {
  if (depth !== undefined && depth > deepest) {
    throw new UserError(`--max-depth: at most ${deepest}, not ${depth}`);
  }
  return depth;
}

export function progressOn({ stderr, env }: Io) {
  return startProgress({
    isTerminal: stderr.isTTY === true,
    env,
    write: (text) => stderr.write(text),
    now: () => performance.now(),
  });
}

/** What a person must not miss when the report went to a file or a program. */
function explain(report: Report, { stderr }: Io, isQuiet: boolean): void {
  if (report.target.empty === undefined && report.coverage.units === 0) {
    stderr.write('keywarden: nothing was scanned: no file or object matched what was asked\n');
  }
  if (isQuiet) {
    const { keys, findings } = report.summary;
    const completeness = report.coverage.complete
      ? ''
      : ', INCOMPLETE (see coverage in the report)';
    stderr.write(
      `keywarden: ${plural(keys, 'key')} in ${plural(findings, 'place')}${completeness}\n`,
    );
  }
}
