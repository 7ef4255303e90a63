/** What a subcommand is, and what it may touch. */
import type { Readable, Writable } from 'node:stream';
import type { FlagTable, Parsed } from './flags.ts';

/** The edge of the program, handed in so that tests can stand there. */
export interface Io {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly now: () => Date;
  /** Aborted by SIGINT (reason 130) and SIGTERM (143). */
  readonly signal: AbortSignal;
  /** Absent: the process's own, which is opened only where it is read. */
  readonly stdin?: Readable & { readonly isTTY?: boolean };
  /** Asks a person. Absent: on the terminal, if there is one. */
  readonly ask?: (question: string) => Promise<string>;
}

export interface Command {
  /** As typed, with its words: `scan [paths..]`. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagTable;
  /** Words that the first argument may be. */
  readonly actions?: readonly string[];
  readonly examples?: readonly (readonly [command: string, what: string])[];
  run(parsed: Parsed, io: Io): Promise<number>;
}
