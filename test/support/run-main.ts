/** The command line in this process: main(argv, io) with everything it writes collected. */
import { Readable, Writable } from 'node:stream';
import { main } from '../../src/main.ts';

export interface RunOptions {
  readonly cwd: string;
  /** Added to an environment in which no configuration of the person running the tests counts. */
  readonly env?: NodeJS.ProcessEnv;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly now?: Date;
  readonly signal?: AbortSignal;
  /** All of standard input. */
  readonly input?: string;
  readonly ask?: (question: string) => Promise<string>;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const cleanEnv: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  LANG: 'C.UTF-8',
};

export async function runMain(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env = {}, isTTY = false, columns, now = new Date('2026-03-01T12:00:00Z') } = options;
  const stdout = collector({ isTTY, ...(columns === undefined ? {} : { columns }) });
  const stderr = collector({ isTTY });
  const code = await main(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...cleanEnv, ...env },
    cwd,
    now: () => now,
    signal: options.signal ?? new AbortController().signal,
    ...(options.input === undefined ? {} : { stdin: Readable.from([options.input]) }),
    ...(options.ask === undefined ? {} : { ask: options.ask }),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(facts: { readonly isTTY: boolean; readonly columns?: number }) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return {
    stream: Object.assign(stream, facts),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
