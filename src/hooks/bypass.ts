/** The push option that lets a push through: only where the server's own configuration allows it, and never unseen. */
import { appendFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { gitSync } from '../sources/git/git.ts';
import type { Repository } from '../sources/git/repository.ts';

const option = 'keywarden.bypass=';
const logName = 'keywarden-bypass.log';
/** Who pushes, in the words of the common servers; the account that runs the hook comes last. */
const pusherVariables = [
  'GL_USERNAME',
  'GL_ID',
  'GITHUB_USER_LOGIN',
  'GITEA_PUSHER_NAME',
  'REMOTE_USER',
];

/**
 * The reason that the pusher gave. Undefined when none was given.
 * @see https://git-scm.com/docs/githooks#pre-receive (read 2026-11-26)
 */
export function bypassReason(env: NodeJS.ProcessEnv): string | undefined {
  const count = Number(env['GIT_PUSH_OPTION_COUNT'] ?? 0);
  const given = Array.from({ length: count }, (_, at) => env[`GIT_PUSH_OPTION_${at}`] ?? '');
  const found = given.find((one) => one.startsWith(option));
  return found?.slice(option.length).trim();
}

/** `git config keywarden.allowBypass true` in the server's repository, or for the whole server. */
export function isBypassAllowed({ place }: Repository): boolean {
  const found = gitSync(place, ['config', '--type=bool', '--get', 'keywarden.allowBypass']);
  return found.code === 0 && found.stdout.toString().trim() === 'true';
}

export interface Bypass {
  readonly reason: string;
  readonly refs: readonly string[];
  readonly report: Report;
  readonly now: Date;
  readonly env: NodeJS.ProcessEnv;
}

/** One line of JSON. Throws UserError when it cannot be written: a bypass that leaves no trace is none. */
export function logBypass({ gitDir }: Repository, bypass: Bypass): string {
  const { reason, refs, report, now, env } = bypass;
  const file = join(gitDir, logName);
  const line = {
    time: now.toISOString(),
    who: pusherVariables.map((name) => env[name]).find(Boolean) ?? userInfo().username,
    reason,
    refs,
    complete: report.coverage.complete,
    findings: report.findings.map(({ fingerprint, rule, path, secret }) => {
      return { fingerprint, rule, path, redacted: secret.redacted };
    }),
  };
  try {
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new UserError(`${file}: the bypass cannot be logged, so it does not count`, {
      cause: error,
    });
  }
  return file;
}
