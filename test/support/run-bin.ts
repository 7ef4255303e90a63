/** The built command in a process of its own, as users run it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cleanEnv, type RunResult } from './run-main.ts';

const bin = join(import.meta.dirname, '../../bin/keywarden.js');

export interface BinOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** All of standard input; it is closed behind it. */
  readonly input?: string | Buffer | Iterable<Buffer>;
}

export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  /** `code` is the exit code; a process that a signal killed gives −1. */
  readonly done: Promise<RunResult>;
}

/** Starts the command and leaves its standard input open. */
export function startBin(args: readonly string[], { cwd, env = {} }: BinOptions): Started {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...cleanEnv, ...env } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A command that stops reading is no failure of the test.
  child.stdin.on('error', () => undefined);
  const done = once(child, 'close').then(([code]: unknown[]) => ({
    code: typeof code === 'number' ? code : -1,
    stdout: Buffer.concat(out).toString('utf8'),
    stderr: Buffer.concat(err).toString('utf8'),
  }));
  return { child, done };
}

export async function runBin(args: readonly string[], options: BinOptions): Promise<RunResult> {
  const { child, done } = startBin(args, options);
  const { input = '' } = options;
  const pieces = typeof input === 'string' || Buffer.isBuffer(input) ? [input] : input;
  for (const piece of pieces) {
    if (!child.stdin.write(piece)) await Promise.race([drained(child), done]);
  }
  child.stdin.end();
  return done;
}

function drained({ stdin }: ChildProcessWithoutNullStreams): Promise<unknown> {
  return once(stdin, 'drain').catch(() => undefined);
}
