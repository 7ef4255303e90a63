/** What the commands that touch keys work with: the issuer, time, receipts, a person to ask. */
import { setTimeout as wait } from 'node:timers/promises';
import { loadOwnSettings, loadStateDir } from '../config/load-config.ts';
import { UserError } from '../core/model/user-error.ts';
import { sanitize } from '../core/report/sanitize.ts';
import type { Clock, KeyApi } from '../lifecycle/ports.ts';
import { openReceipts } from '../lifecycle/receipts/receipts.ts';
import type { RevokePorts } from '../lifecycle/revocation/revoke-planned.ts';
import { terminalAsk } from '../platform/ask.ts';
import { openHttp } from '../providers/http.ts';
import { baseUrl } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import type { Io } from './command.ts';
import { operatorCredential } from './credential.ts';
import type { Parsed } from './flags.ts';

export interface KeySession {
  readonly api: KeyApi;
  readonly ports: RevokePorts;
  readonly stateDir: string;
  readonly isDryRun: boolean;
  /** Asks once; true where --yes was given. */
  readonly agree: (question: string) => Promise<boolean>;
}

export const defaultDeadlineMs = 60_000;

/** Throws UserError before anything is sent, also where nobody could answer the question. */
export async function openSession(provider: Provider, parsed: Parsed, io: Io): Promise<KeySession> {
  const { flags } = parsed;
  const isDryRun = flags['dry-run'] === true;
  const agree = agreement(flags['yes'] === true || isDryRun, io);
  const { providers } = await loadOwnSettings(io.env);
  const base = baseUrl(provider, io.env, providers);
  const http = openHttp({ base, env: io.env, signal: io.signal });
  const operator = await operatorCredential(provider, parsed, io);
  const stateDir = await loadStateDir(io, textOf(flags['state-dir']));
  const note = (text: string): void => void io.stderr.write(`keywarden: ${sanitize(text)}\n`);
  const deadline = flags['deadline'];
  const ports = {
    clock: clockOf(io),
    receipts: isDryRun ? noReceipts : openReceipts(stateDir),
    deadlineMs: typeof deadline === 'number' ? deadline * 1000 : defaultDeadlineMs,
    signal: io.signal,
    note,
  };
  return {
    api: { provider, http, ...(operator ? { operator } : {}) },
    ports,
    stateDir,
    isDryRun,
    agree,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A plan leaves nothing behind. */
const noReceipts: RevokePorts['receipts'] = {
  file: '',
  head: () => undefined,
  append: () => Promise.reject(new Error('a plan writes no receipt')),
};

/** True at once where --yes was given. Throws UserError where nobody could answer. */
export function agreement(isGiven: boolean, io: Io): KeySession['agree'] {
  if (isGiven) return () => Promise.resolve(true);
  const ask = io.ask ?? terminalAsk(io.stderr, io.signal);
  if (!ask) {
    throw new UserError('there is no terminal to ask on: say --yes, or --dry-run to see the plan');
  }
  return async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}

export function clockOf({ now, signal }: Pick<Io, 'now' | 'signal'>): Clock {
  return {
    now,
    elapsedMs: () => performance.now(),
    async sleep(ms) {
      try {
        await wait(ms, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** For keeping elsewhere: with it, a cut-off end is found later. */
export function tellHead({ receipts }: RevokePorts, { stderr }: Io): void {
  const head = receipts.head();
  if (head === undefined) return;
  stderr.write(`keywarden: receipt ${head} in ${sanitize(receipts.file)}\n`);
}
