/** The scan that every hook makes, and what it says when it stops something. */
import { exitCode } from '../core/report/exit-code.ts';
import type { Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { UserError } from '../core/model/user-error.ts';
import { blockedMessage, type Moment } from '../hooks/blocked-message.ts';
import type { Repository } from '../sources/git/repository.ts';
import type { Io } from './command.ts';
import { runScan } from './run-scan.ts';
import { settleRequest, type Settled } from './scan.ts';
import type { TargetRequest } from './target.ts';

export type Asked = Pick<TargetRequest, 'kind' | 'range' | 'pushed' | 'names'> &
  Partial<Pick<TargetRequest, 'unreachable'>>;

/** The scan of every hook: settings of the project and the person count as always. */
export async function look(
  asked: Asked,
  io: Io,
): Promise<{ settled: Settled; report: Report; repository: Repository }> {
  const whole = { paths: [], gitignore: true, unreachable: true, cwd: io.cwd };
  const settled = await settleRequest({ ...whole, ...asked }, { words: [], flags: {} }, io);
  const { repository } = settled;
  if (!repository) throw new UserError('hook run: there is no repository here');
  const { report } = await runScan(settled);
  return { settled, report, repository };
}

/** No hook asks an issuer: where only live keys should stop something, any key may be one. */
export function codeOf(report: Report, { config, strict }: Settled): 0 | 1 | 2 {
  const failOn = config.failOn === 'live' ? 'low' : config.failOn;
  return exitCode(report, { failOn, allowIncomplete: false, strict });
}

export function tell(report: Report, code: 1 | 2, moment: Moment, { stderr }: Io): void {
  const lines = code === 1 ? blockedMessage(report, moment) : unclear(report, moment);
  stderr.write(lines.map((line) => `${line}\n`).join(''));
}

function unclear({ problems }: Report, moment: Moment): readonly string[] {
  const stopped = moment === 'commit' ? 'the commit was not made' : 'nothing was pushed';
  const shown = problems
    .slice(0, 5)
    .map(({ where, message }) => sanitize(`  ${where}: ${message}`));
  const more = problems.length - shown.length;
  return [
    `keywarden: not everything could be looked at, so ${moment === 'history' ? 'this is no clean result' : stopped}:`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
