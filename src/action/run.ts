/** The GitHub Action: what the event introduces is fetched, scanned by the command itself, and told. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Writable } from 'node:stream';
import { loadRules } from '../config/load-rules.ts';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { parseReport } from '../core/report/parse-report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { main, type Io } from '../main.ts';
import { readEvent, type Asked } from './event.ts';
import { bringAll, bringRange, expectRepository } from './fetch.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { annotations, summary } from './words.ts';

/** The exit code of the scan: 0 clean, 1 keys, 2 not all could be looked at. Never throws. */
export async function runAction(io: Io): Promise<number> {
  try {
    const inputs = readInputs(io.env);
    const cwd = resolve(io.cwd, inputs.path);
    if (!existsSync(cwd)) throw new UserError(`path: ${inputs.path}: no such folder`);
    if (readdirSync(cwd).length === 0)
      throw new UserError(
        `path: ${inputs.path}: an empty folder; a step with actions/checkout has to come before this one`,
      );
    const asked = await askedOf(inputs, io);
    if (asked.kind === 'nothing') {
      io.stdout.write(`keywarden: nothing to look at: ${asked.why}\n`);
      put(io, { findings: 0, keys: 0, live: 0, sarif: '', complete: true });
      return 0;
    }
    const target = targetFlags(asked, { ...io, cwd });
    return await scan(inputs, target, { ...io, cwd, workspace: io.cwd });
  } catch (error) {
    if (!(error instanceof UserError)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      io.stderr.write(`keywarden: this is a bug in keywarden, please report it:\n${stack}\n`);
    }
    return fail(io, error instanceof UserError ? error.message : 'a bug in keywarden: see the log');
  }
}

/** Where a person looks first: beside the failed step. */
function fail(io: Io, why: string): 2 {
  io.stdout.write(`::error title=keywarden::${escaped(why)}\n`);
  put(io, { complete: false });
  return 2;
}

function escaped(text: string): string {
  return sanitize(text).replaceAll('%', '%25');
}

async function askedOf({ mode }: Inputs, { env }: Io): Promise<Asked> {
  if (mode === 'tree' || mode === 'history') return { kind: mode };
  const file = env['GITHUB_EVENT_PATH'] ?? '';
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const asked = readEvent(name, readJson(file));
  if (mode === 'range' && asked.kind === 'history')
    throw new UserError(`mode: range: the event ${name} names no range; use history or tree`);
  return asked;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError('the payload of the event (GITHUB_EVENT_PATH) cannot be read', {
      cause: error,
    });
  }
}

function targetFlags(asked: Exclude<Asked, { kind: 'nothing' }>, io: Io): readonly string[] {
  if (asked.kind === 'tree') return [];
  expectRepository(io);
  const range = asked.kind === 'range' ? bringRange(asked, io) : undefined;
  if (range !== undefined) return ['--range', range];
  const said = bringAll(io);
  if (said !== undefined)
    io.stdout.write(
      `::warning title=keywarden::only what this clone has was looked at: ${escaped(said)}\n`,
    );
  return ['--history'];
}

interface ActionIo extends Io {
  /** What the runner's paths count from; `cwd` is the repository. */
  readonly workspace: string;
}

async function scan(inputs: Inputs, target: readonly string[], io: ActionIo): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'keywarden-action-'));
  try {
    const file = join(folder, 'report.json');
    const outputs = [
      '-f',
      'pretty',
      '-f',
      `json=${file}`,
      '-f',
      `sarif=${resolve(io.workspace, inputs.sarif)}`,
    ];
    const said: string[] = [];
    const stderr = teed(io.stderr, said);
    const code = await main(['scan', ...target, ...inputs.flags, ...outputs], { ...io, stderr });
    const report = await readReport(file);
    if (!report) {
      const why = said.join('').trim().split('\n').at(-1) ?? '';
      fail(io, why.replace(/^keywarden: /, '') || 'the scan ended without a report');
      return code === 0 ? 2 : code;
    }
    tell(report, inputs, io);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What goes to `stream` is kept too. */
function teed(stream: Io['stderr'], kept: string[]): Io['stderr'] {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept.push(chunk.toString());
      stream.write(chunk, () => done());
    },
  });
}

/** Undefined when the scan did not get so far. */
async function readReport(file: string): Promise<Report | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const { rules } = await loadRules();
  return parseReport(text, file, Object.fromEntries(rules.map((rule) => [rule.id, rule])));
}

function tell(report: Report, inputs: Inputs, io: ActionIo): void {
  const folder = relative(io.workspace, io.cwd).split(sep).join('/');
  if (inputs.annotations)
    for (const line of annotations(report, folder)) io.stdout.write(`${line}\n`);
  const summaryFile = io.env['GITHUB_STEP_SUMMARY'];
  if (inputs.summary && summaryFile) appendFileSync(summaryFile, summary(report));
  const { findings, keys, live } = report.summary;
  put(io, { findings, keys, live, sarif: inputs.sarif, complete: report.coverage.complete });
}

/** No value of ours holds a line break: what a path could hold of it is refused. */
function put({ env }: Io, values: Readonly<Record<string, string | number | boolean>>): void {
  const file = env['GITHUB_OUTPUT'];
  if (!file) return;
  const lines = Object.entries(values).map(
    ([name, value]) => `${name}=${String(value).replace(/[\r\n]/g, '')}\n`,
  );
  appendFileSync(file, lines.join(''));
}
