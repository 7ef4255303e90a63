/**
 * One process at a time, by a file that names its holder. A holder that was killed is found out by its
 * process id and its lock taken away.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../core/model/user-error.ts';

const everyMs = 20;
let count = 0;

export interface Lock {
  release(): void;
}

/**
 * Waits up to `waitMs`, then throws UserError that names the file and the holder. `what`: what is
 * locked, for that message.
 */
export async function takeLock(path: string, waitMs: number, what: string): Promise<Lock> {
  const own = JSON.stringify({ pid: process.pid, host: hostname(), nonce: nonce() });
  const until = performance.now() + waitMs;
  for (;;) {
    if (claim(path, own)) return { release: () => release(path, own) };
    const holder = read(path);
    if (holder !== undefined && isDead(holder)) {
      takeAway(path, holder);
      continue;
    }
    if (performance.now() >= until) {
      throw new UserError(
        `${what} is in use by another keywarden${pidOf(holder)}; wait for it, or remove ${path} when none runs`,
      );
    }
    await sleep(everyMs);
  }
}

/** The link appears with its whole content, or not at all. */
function claim(path: string, own: string): boolean {
  const temporary = `${path}.${process.pid}.${nonce()}`;
  try {
    writeFileSync(temporary, own, { flag: 'wx', mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new UserError(`${path}: cannot be written (${codeOf(error)})`, { cause: error });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Of several processes that saw the dead holder, one gets the file; one that took a living lock puts it back. */
function takeAway(path: string, holder: string): void {
  const aside = `${path}.${process.pid}.${nonce()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== holder) {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody else holds it by now.
    }
  }
  rmSync(aside, { force: true });
}

function release(path: string, own: string): void {
  if (read(path) === own) rmSync(path, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderOf(text: string | undefined): { readonly pid?: unknown; readonly host?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Only of this machine can it be told. */
function isDead(text: string): boolean {
  const { pid, host } = holderOf(text);
  if (typeof pid !== 'number' || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function pidOf(text: string | undefined): string {
  const { pid } = holderOf(text);
  return typeof pid === 'number' ? ` (process ${pid})` : '';
}

function nonce(): string {
  count += 1;
  return `${count}.${performance.now().toString(36)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
