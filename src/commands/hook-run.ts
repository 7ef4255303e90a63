/** `keywarden hook run`: what an installed hook calls. A scan of what is about to be committed or pushed. */
import { readFileSync } from 'node:fs';
import { UserError } from '../core/model/user-error.ts';
import type { Moment } from '../hooks/blocked-message.ts';
import { gitSync } from '../sources/git/git.ts';
import type { Io } from './command.ts';
import { codeOf, look, tell, type Asked } from './hook-scan.ts';

export const events = ['pre-commit', 'pre-push', 'pre-receive', 'staged', 'history'] as const;
type Event = (typeof events)[number];

/** 0 lets it through, 1 leaked keys, 2 it could not be told: both stop it. */
export async function runHook(words: readonly string[], io: Io): Promise<number> {
  const [word, ...args] = words;
  const event = events.find((one) => one === word);
  if (!event) throw new UserError(`hook run ${word ?? ''}: expected one of ${events.join(', ')}`);
  return run[event](args, io);
}

const run: Readonly<Record<Event, (args: readonly string[], io: Io) => Promise<number>>> = {
  'pre-commit': (_args, io) => check({ kind: 'staged' }, 'commit', io),
  'pre-push': async ([remote = ''], io) => {
    const { readPushed } = await import('../hooks/pushed-refs.ts');
    const pushed = readPushed(readInput(), remote, isRemote(remote, io.cwd));
    // Only deletions: nothing leaves this machine.
    return pushed.tips.length === 0 ? 0 : check({ kind: 'range', pushed }, 'push', io);
  },
  'pre-receive': async (_args, io) => {
    const { receive } = await import('./hook-receive.ts');
    return receive(readInput(), io);
  },
  staged: async (names, io) => {
    const push = await frameworkPush(io);
    if (push) return check(push, 'push', io);
    return check({ kind: 'staged', ...(names.length > 0 ? { names } : {}) }, 'commit', io);
  },
  history: async (_names, io) => {
    const push = await frameworkPush(io);
    // A key that was stopped leaves a blob that nothing reaches: it must not stop everything after it.
    return push
      ? check(push, 'push', io)
      : check({ kind: 'history', unreachable: false }, 'history', io);
  },
};

async function check(asked: Asked, moment: Moment, io: Io): Promise<number> {
  const { settled, report } = await look(asked, io);
  const code = codeOf(report, settled);
  if (code !== 0) tell(report, code, moment, io);
  return io.signal.aborted ? Number(io.signal.reason) : code;
}

/** Closed at once where git gives nothing. */
function readInput(): string {
  return readFileSync(0, 'utf8');
}

function isRemote(name: string, cwd: string): boolean {
  return gitSync({ cwd }, ['config', '--get-regexp', `^remote\\.${escaped(name)}\\.`]).code === 0;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * The pre-commit framework reads git's lines itself and passes two refs on; of a new branch that
 * has no commit in common with the remote, only the branch.
 * @see https://pre-commit.com/#pre-push (read 2026-11-26)
 */
async function frameworkPush({ env, cwd }: Io): Promise<Asked | undefined> {
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = env;
  if (from && to) return { kind: 'range', range: `${from}..${to}` };
  const { PRE_COMMIT_REMOTE_NAME: remote, PRE_COMMIT_LOCAL_BRANCH: branch } = env;
  if (!remote || !branch) return undefined;
  const found = gitSync({ cwd }, ['rev-parse', '--verify', '--quiet', '--end-of-options', branch]);
  const tip = found.stdout
    .toString()
    .split('\n')
    .find((line) => /^[0-9a-f]{40,64}$/.test(line));
  if (tip === undefined) throw new UserError(`${branch}: what is pushed is not here`);
  const knownRefs = isRemote(remote, cwd) ? ({ remote } as const) : 'none';
  return { kind: 'range', pushed: { tips: [tip], known: [], knownRefs } };
}
