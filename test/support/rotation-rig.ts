/** A rotation in this process that can be killed at any of its dealings with the outside, and resumed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { UserError } from '../../src/core/model/user-error.ts';
import { openReceipts } from '../../src/lifecycle/receipts/receipts.ts';
import { planRotation } from '../../src/lifecycle/rotation/plan.ts';
import {
  resumeRotation,
  startRotation,
  type Rotation,
  type RotationPorts,
} from '../../src/lifecycle/rotation/rotate.ts';
import { readStateFile, stateFileAt } from '../../src/lifecycle/rotation/state-file.ts';
import { parseSink } from '../../src/lifecycle/sinks/sink.ts';
import type { HttpRequest } from '../../src/providers/http.ts';
import { robotomail } from '../../src/providers/robotomail.ts';
import { startRobotomail, type RobotomailKey } from './key-api/robotomail.ts';
import { makeTree } from './make-tree.ts';
import { quickHttp } from './quick-http.ts';

/** What a process that was killed can still do: nothing. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** The plan said no: nothing has begun. */
export class NotPlanned extends Error {
  override readonly name = 'NotPlanned';
}

export type Act = 'request' | 'answer' | 'save' | 'saved' | 'receipt' | 'receipted';

export interface Hooks {
  /** Called at every dealing with the outside; may throw. */
  readonly at?: (act: Act, what: string) => void;
}

export interface RigOptions {
  /** The operator's credential is the old key, the only one. */
  readonly isOwn?: boolean;
  readonly isScoped?: boolean;
  readonly sinks?: readonly string[];
}

const name = 'mailer-production';

export async function rotationRig({ isOwn = false, isScoped = false, sinks }: RigOptions = {}) {
  const server = await startRobotomail();
  onTestFinished(() => server.close());
  const cwd = makeTree();
  const stateDir = join(makeTree(), 'state');
  const stateFile = join(stateDir, 'rotation.json');
  const scope = isScoped ? { mailboxIds: server.account.mailboxIds.slice(0, 1) } : {};
  const old = server.addKey({ name, ...scope });
  const others = isOwn ? [] : [server.addKey({ name: 'operator' }), server.addKey({ name })];
  const operator = others[0] ?? old;
  const places = (sinks ?? ['env-file:.env#KEY', 'file:key']).map((text) =>
    parseSink(text.replaceAll('CWD', cwd), (path) => join(cwd, path)),
  );
  const notes: string[] = [];

  /** Starts, or resumes where a state file is. */
  async function run({ at = () => undefined }: Hooks = {}): Promise<Rotation> {
    let elapsedMs = 0;
    const http = quickHttp(server.url, { limits: { intervalMs: 0, timeoutMs: 300 } });
    const send = async (request: HttpRequest) => {
      const what = `${request.method} ${request.path}`;
      at('request', what);
      const answer = await http.send(request);
      at('answer', what);
      return answer;
    };
    const api = {
      provider: robotomail,
      http: { send },
      operator: new Secret(operator.key, ['rm_']),
    };
    const receipts = openReceipts(stateDir);
    const ports: RotationPorts = {
      clock: {
        now: () => new Date(),
        elapsedMs: () => elapsedMs,
        sleep: (ms) => {
          elapsedMs += ms;
          return Promise.resolve();
        },
      },
      receipts: {
        ...receipts,
        async append(receipt) {
          at('receipt', receipt.step);
          const hash = await receipts.append(receipt);
          at('receipted', receipt.step);
          return hash;
        },
      },
      deadlineMs: 5_000,
      signal: new AbortController().signal,
      note: (text) => void notes.push(text),
      sinks: { env: process.env, stdout: process.stdout },
    };
    const written = stateFileAt(stateFile);
    const file = {
      ...written,
      save(state: Parameters<typeof written.save>[0]) {
        at('save', state.step);
        written.save(state);
        at('saved', state.step);
      },
    };
    const key = new Secret(old.key, ['rm_']);
    if (existsSync(stateFile)) {
      return resumeRotation(readStateFile(stateFile), key, api, file, ports);
    }
    const target = { issuer: 'robotomail', key, foundIn: [], hasContext: true };
    const request = { target, sinks: places, isFullAccess: false };
    const plan = await planRotation(request, api, new Date());
    if (plan.decision.kind !== 'rotate') throw new NotPlanned(plan.decision.why);
    return startRotation(plan, api, file, ports);
  }

  const read = (file: string): string | undefined =>
    existsSync(join(cwd, file)) ? readFileSync(join(cwd, file), 'utf8') : undefined;

  return {
    server,
    cwd,
    stateDir,
    stateFile,
    old,
    others,
    notes,
    run,
    /** The keys that rotations made and that are accepted. */
    made: (): readonly RobotomailKey[] =>
      server.enabled().filter((one) => one !== old && !others.includes(one)),
    /** What the sinks hold. */
    held: () => ({ env: /KEY=(.*)/.exec(read('.env') ?? '')?.[1], file: read('key') }),
  };
}

export type RotationRig = Awaited<ReturnType<typeof rotationRig>>;

/** Dead from the n-th dealing on. `count` tells how many there were. */
export function killAt(n: number): Hooks & { readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    at() {
      count += 1;
      if (count >= n) throw new Killed(`at ${count}`);
    },
  };
}

/** The n-th write of a kind, or all from there on, finds no room. */
export function diskFullAt(n: number, acts: readonly Act[], isLasting: boolean): Hooks {
  let count = 0;
  return {
    at(act) {
      if (!acts.includes(act)) return;
      count += 1;
      if (isLasting ? count >= n : count === n) throw new UserError('cannot be written (ENOSPC)');
    },
  };
}

/** One to `count`, several at a time: most of a run is waiting. */
export async function forEach(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 1;
  const worker = async (): Promise<void> => {
    for (let n = next++; n <= count; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
