/** A folder to scan, and the issuer that can be asked about what is in it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startRobotomail, type RobotomailServer } from '../support/key-api/robotomail.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain, type RunOptions, type RunResult } from '../support/run-main.ts';

export interface Place {
  readonly server: RobotomailServer;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  write(files: Readonly<Record<string, string>>): void;
  scan(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
}

export async function place(): Promise<Place> {
  const server = await startRobotomail();
  onTestFinished(() => server.close());
  const cwd = makeTree();
  const env = { KEYWARDEN_ROBOTOMAIL_URL: server.url };
  return {
    server,
    cwd,
    env,
    write(files) {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    },
    scan: (args, options = {}) =>
      runMain(['scan', ...args], { cwd, ...options, env: { ...env, ...options.env } }),
  };
}

/** `XDG_CONFIG_HOME` with this as the person's own file. */
export function ownFile(text: string): string {
  return makeTree({ 'keywarden/keywarden.yaml': text });
}

/** The issuer's name stands on the line. */
export function withContext(key: string): string {
  return `ROBOTOMAIL_API_KEY=${key}\n`;
}

/** Nothing says whose it is. */
export function withoutContext(key: string): string {
  return `token = "${key}"\n`;
}

/** What these tests read of a JSON report. */
export interface Told {
  readonly summary: { readonly live: number };
  readonly keys: readonly {
    readonly rule: string;
    readonly liveness: Readonly<Record<string, string>>;
    readonly keyId?: string;
    readonly prefix?: string;
    readonly revocation?: Readonly<Record<string, string>>;
  }[];
  readonly problems: readonly { readonly kind: string; readonly where: string }[];
  readonly coverage: { readonly complete: boolean };
}

export function told(text: string): Told {
  // The reporters' own tests check the whole shape against the published schema.
  return JSON.parse(text) as Told;
}
