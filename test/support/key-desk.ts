/** A person's desk for tests on keys: an account at a local issuer, a folder, a state folder, the command. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startAgentmail, type AgentmailServer } from './key-api/agentmail.ts';
import { startRobotomail, type RobotomailServer } from './key-api/robotomail.ts';
import { makeTree, type TreeNode } from './make-tree.ts';
import { runMain, type RunOptions, type RunResult } from './run-main.ts';

export interface Desk<S> {
  readonly server: S;
  readonly cwd: string;
  readonly stateDir: string;
  /** The base URL and, where it was given, the operator's credential. */
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
  /** Lines of the receipts' file, parsed. */
  receipts(): readonly Readonly<Record<string, unknown>>[];
  /** Everything that the state folder holds, as one text. */
  state(): string;
  /** The one state file of a rotation. */
  stateFile(): string;
}

export interface DeskOptions {
  readonly files?: Readonly<Record<string, TreeNode>>;
}

interface Server {
  readonly url: string;
  close(): Promise<void>;
}

function desk<S extends Server>(
  server: S,
  operator: string,
  [urlVariable, credentialVariable]: readonly [string, string],
  { files = {} }: DeskOptions,
): Desk<S> {
  onTestFinished(() => server.close());
  const cwd = makeTree(files);
  const stateDir = join(makeTree(), 'state');
  const env = { [urlVariable]: server.url, [credentialVariable]: operator };
  const names = (): string[] => (existsSync(stateDir) ? readdirSync(stateDir) : []);
  return {
    server,
    cwd,
    stateDir,
    env,
    run: (args, options = {}) =>
      runMain([...args, '--state-dir', stateDir], {
        cwd,
        now: new Date(),
        ...options,
        env: { ...env, ...options.env },
      }),
    receipts: () =>
      readFileSync(join(stateDir, 'receipts.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    state: () =>
      names()
        .map((name) => readFileSync(join(stateDir, name), 'utf8'))
        .join('\n'),
    stateFile() {
      const found = names().filter((name) => /^rotation-.*\.json$/.test(name));
      if (found.length !== 1) throw new Error(`${found.length} state files`);
      return join(stateDir, found[0] ?? '');
    },
  };
}

export type RobotomailDesk = Desk<RobotomailServer> & {
  readonly operator: ReturnType<RobotomailServer['addKey']>;
};

export async function robotomailDesk(options: DeskOptions = {}): Promise<RobotomailDesk> {
  const server = await startRobotomail();
  const operator = server.addKey({ name: 'operator' });
  const names = ['KEYWARDEN_ROBOTOMAIL_URL', 'ROBOTOMAIL_API_KEY'] as const;
  return { ...desk(server, operator.key, names, options), operator };
}

export type AgentmailDesk = Desk<AgentmailServer> & {
  readonly operator: ReturnType<AgentmailServer['addKey']>;
};

export async function agentmailDesk(options: DeskOptions = {}): Promise<AgentmailDesk> {
  const server = await startAgentmail();
  const operator = server.addKey({ name: 'operator' });
  const names = ['KEYWARDEN_AGENTMAIL_URL', 'AGENTMAIL_API_KEY'] as const;
  return { ...desk(server, operator.key, names, options), operator };
}
