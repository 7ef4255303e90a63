/** `keywarden hook run pre-receive`: on a server, before the refs of a push are taken. */
import { UserError } from '../core/model/user-error.ts';
import { bypassReason, isBypassAllowed, logBypass } from '../hooks/bypass.ts';
import { readReceived } from '../hooks/pushed-refs.ts';
import type { Io } from './command.ts';
import { codeOf, look, tell } from './hook-scan.ts';

/** `input` is what git wrote to the hook. */
export async function receive(input: string, io: Io): Promise<number> {
  const { refs, ...pushed } = readReceived(input);
  if (pushed.tips.length === 0) return 0;
  const { settled, report, repository } = await look({ kind: 'range', pushed }, io);
  const code = codeOf(report, settled);
  if (code === 0) return 0;
  const reason = bypassReason(io.env);
  const isAllowed = isBypassAllowed(repository);
  if (reason === undefined || !isAllowed) {
    tell(report, code, 'received', io);
    if (reason !== undefined)
      io.stderr.write('keywarden: this server does not allow keywarden.bypass\n');
    else if (isAllowed)
      io.stderr.write('With a reason, which is logged:  git push -o keywarden.bypass="why"\n');
    return code;
  }
  if (reason === '') throw new UserError('keywarden.bypass: give the reason: keywarden.bypass=why');
  logBypass(repository, { reason, refs, report, now: io.now(), env: io.env });
  const { length } = report.keys;
  io.stderr.write(
    `keywarden: ${length} leaked ${length === 1 ? 'key' : 'keys'} let through because of keywarden.bypass, which was logged\n`,
  );
  return 0;
}
