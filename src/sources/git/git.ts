/**
 * Runs git so that nothing in the repository can execute or redirect it: no hooks, fsmonitor,
 * textconv, external diff, filters, pager, credential helper, lazy fetching.
 */
import type { ChildProcessByStdio, SpawnSyncReturns } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../../core/model/user-error.ts';
import { findGit } from './find-git.ts';

/** Settings that a repository's own config must not decide. */
const settings = {
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.pager': 'cat',
  'core.askPass': 'false',
  'core.sshCommand': 'false',
  'core.gitProxy': 'false',
  'core.editor': 'false',
  'core.untrackedCache': 'false',
  'core.attributesFile': '/dev/null',
  // A commit-graph file is a cache that a hostile repository can fill with other parents.
  'core.commitGraph': 'false',
  'core.precomposeUnicode': 'false',
  'core.quotePath': 'false',
  'credential.helper': '',
  'diff.external': '',
  'diff.ignoreSubmodules': 'none',
  'diff.orderFile': '/dev/null',
  'diff.renameLimit': '1000',
  'gpg.program': 'false',
  'log.showSignature': 'false',
  'log.mailmap': 'false',
  'log.diffMerges': 'off',
  'log.showRoot': 'true',
  'i18n.logOutputEncoding': 'UTF-8',
  'protocol.allow': 'never',
  'submodule.recurse': 'false',
  'status.submoduleSummary': 'false',
} as const;

/** What of the caller's GIT_* variables says which objects and which index are meant. */
const placeVariables = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
] as const;

/** Of all GIT_* variables only those that name a place pass, and only when the hook's own repository is meant. */
export function placeEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of placeVariables) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function hardenedEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  // git has no use for keys, and what it may start even less.
  const outer = Object.entries(process.env).filter(([name]) => !/^GIT_|_API_KEY$/i.test(name));
  return {
    ...Object.fromEntries(outer),
    ...extra,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_PAGER: 'cat',
    GIT_EXTERNAL_DIFF: '',
  };
}

const settingArguments = Object.entries(settings).flatMap(([key, value]) => [
  '-c',
  `${key}=${value}`,
]);

export interface GitPlace {
  /** Folder to run in. */
  readonly cwd?: string;
  /** Repository to use whatever the folder says. */
  readonly gitDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function argumentsFor(place: GitPlace, args: readonly string[]): string[] {
  const dir = place.gitDir === undefined ? [] : [`--git-dir=${place.gitDir}`];
  return ['--no-pager', ...settingArguments, ...dir, ...args];
}

/**
 * Chosen: no answer of git on the largest histories takes a tenth of it, and none goes so long without a
 * byte. A circle of deltas in a hostile pack makes git itself run for ever.
 */
const defaultLimitMs = 15 * 60_000;

/** KEYWARDEN_GIT_TIMEOUT in seconds, for slower disks than we know. */
function limitMs(): number {
  const seconds = Number(process.env['KEYWARDEN_GIT_TIMEOUT']);
  return Number.isInteger(seconds) && seconds > 0 && seconds <= 86_400
    ? seconds * 1_000
    : defaultLimitMs;
}

function tooLong(args: readonly string[]): UserError {
  const name = args.find((word, at) => !word.startsWith('-') && args[at - 1] !== '-c') ?? '';
  return new UserError(
    `git ${name}: no answer within ${limitMs() / 1_000} seconds, so it was stopped; check the repository with git fsck, or allow more: KEYWARDEN_GIT_TIMEOUT=SECONDS`,
  );
}

/** Loading it takes as long as a git: only where one is started. */
function childProcess() {
  return process.getBuiltinModule('node:child_process');
}

/** Runs git to its end. Throws UserError when there is no git; other failures are in the result. */
export function gitSync(
  place: GitPlace,
  args: readonly string[],
  input?: string | Buffer,
): GitResult {
  const done = runSync(place, args, input, 1 << 30);
  if (isTimeout(done.error)) throw tooLong(args);
  if (done.error) throw done.error;
  return resultOf(done);
}

/**
 * As `gitSync`, for output that is small as a rule: undefined, and git is stopped, when it turns out
 * larger than `maxBytes`, or when git did not take its input. Cheaper than a stream by a third of
 * what a process costs.
 */
export function gitWithin(
  maxBytes: number,
  place: GitPlace,
  args: readonly string[],
  input: string,
): GitResult | undefined {
  const done = runSync(place, args, input, maxBytes);
  if (isTimeout(done.error)) throw tooLong(args);
  return done.error ? undefined : resultOf(done);
}

function runSync(
  place: GitPlace,
  args: readonly string[],
  input: string | Buffer | undefined,
  maxBuffer: number,
): SpawnSyncReturns<Buffer> {
  return childProcess().spawnSync(findGit(), argumentsFor(place, args), {
    cwd: place.cwd,
    env: hardenedEnvironment(place.env ?? {}),
    input,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    maxBuffer,
    timeout: limitMs(),
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
}

function isTimeout(error: (Error & { readonly code?: string }) | undefined): boolean {
  return error?.code === 'ETIMEDOUT';
}

function resultOf({ status, stdout, stderr }: SpawnSyncReturns<Buffer>): GitResult {
  return { code: status ?? 128, stdout, stderr: stderr.toString() };
}

export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts git; the caller reads and ends it. */
export function startGit(place: GitPlace, args: readonly string[]): GitProcess {
  return childProcess().spawn(findGit(), argumentsFor(place, args), {
    cwd: place.cwd,
    env: hardenedEnvironment(place.env ?? {}),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/** Starts git with `input`, gives every chunk of its output to `take`, resolves at its end. */
export async function streamGit(
  place: GitPlace,
  args: readonly string[],
  input: string | Buffer,
  take: (chunk: Buffer) => void,
): Promise<{ readonly code: number; readonly stderr: string }> {
  const child = startGit(place, args);
  return new Promise((resolve, reject) => {
    let stderr = '';
    const silence = setTimeout(() => {
      child.kill('SIGKILL');
      reject(tooLong(args));
    }, limitMs());
    child.on('error', (error) => {
      clearTimeout(silence);
      reject(error);
    });
    child.stderr.on('data', (text: Buffer) => {
      if (stderr.length < 4_096) stderr += text.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
        silence.refresh();
      } catch (error) {
        child.kill();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.on('close', (code) => {
      clearTimeout(silence);
      resolve({ code: code ?? 128, stderr });
    });
    // git may end before it has read all of it; the exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The first line of what git said, without its prefix. */
export function firstLine(stderr: string): string {
  const line =
    stderr.split('\n').find((text) => /^(fatal|error):/.test(text)) ?? stderr.split('\n')[0] ?? '';
  return line.replace(/^(fatal|error): /, '').slice(0, 300);
}
