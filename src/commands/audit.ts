/** `keywarden audit`: flags, then asking the issuers, checking, reporting. */
import { loadOwnSettings } from '../config/load-config.ts';
import { auditExitCode, auditFailLevels, type AuditFailLevel } from '../core/audit/exit-code.ts';
import { UserError } from '../core/model/user-error.ts';
import { auditReporters, type AuditFormat } from '../reporters/audit/index.ts';
import { plural } from '../reporters/words.ts';
import type { Command, Io } from './command.ts';
import { deliver, readOutputsOf } from './outputs.ts';
import { runAudit, type AuditRun } from './run-audit.ts';
import { accountsAsked, keysGiven } from './audit-accounts.ts';
import { readExposures } from './audit-exposures.ts';
import { credentialFlags } from './key-flags.ts';
import type { Parsed } from './flags.ts';
import { colourFlags, outputFlags } from './scan-flags.ts';

// The keys of the list are its formats.
const formats = Object.keys(auditReporters) as AuditFormat[];

export const audit: Command = {
  usage: 'audit [robotomail|agentmail]',
  summary: "check the account's keys: age, names, scope, use, owners, exposure",
  flags: {
    exposures: {
      kind: 'texts',
      value: 'REPORT.json',
      help: 'marks the keys that a scan found; repeatable',
    },
    'max-age': { kind: 'number', value: 'DAYS', help: 'older keys are due (default 90)' },
    'max-idle': { kind: 'number', value: 'DAYS', help: 'keys unused for longer fail (default 90)' },
    'write-inventory': {
      kind: 'switch',
      help: 'start keywarden.keys.yaml in this folder, or add to it',
    },
    stdin: { kind: 'switch', help: 'keys on standard input, one a line: for digests' },
    'fail-on': {
      kind: 'text',
      value: 'LEVEL',
      choices: auditFailLevels,
      help: 'exit 1 when a check at or above fails (default low)',
    },
    format: { ...outputFlags.format, help: `${formats.join(', ')}; repeatable` },
    output: outputFlags.output,
    ...credentialFlags,
    ...colourFlags,
  },
  examples: [
    ['keywarden audit', 'all accounts whose credential is in the environment'],
    ['keywarden audit robotomail --credential-file key.txt', 'one account'],
    ['keywarden audit --exposures keys.json', 'and which of its keys a scan found'],
    ['keywarden audit --write-inventory', 'start a list of whose key is whose'],
  ],
  async run(parsed, io) {
    const outputs = readOutputsOf(parsed, io.cwd, formatsWith(parsed));
    const { report, notes } = await runAudit(await settle(parsed, io));
    for (const note of notes) io.stderr.write(`keywarden: ${note}\n`);
    const color = parsed.flags['color'] as boolean | undefined;
    await deliver(outputs, io, { showSecrets: false, color }, async (format, style) => {
      const { render } = await auditReporters[format]();
      return render(report, style, { now: io.now() });
    });
    if (outputs.every(({ file }) => file !== undefined)) {
      const failed = report.accounts.reduce((sum, { results }) => sum + results.length, 0);
      io.stderr.write(`keywarden: ${plural(failed, 'failed check')}\n`);
    }
    if (io.signal.aborted) return Number(io.signal.reason);
    return auditExitCode(report, await failLevel(parsed, io));
  },
};

/** An audit as a page is announced, and not there yet: that is said, not guessed at. */
function formatsWith({ flags }: Parsed): readonly AuditFormat[] {
  const asked = (flags['format'] ?? []) as readonly string[];
  if (asked.some((one) => /^html(?:=|$)/.test(one))) {
    throw new UserError(
      `-f html: an audit has no HTML report yet; use one of ${formats.join(', ')}`,
    );
  }
  return formats;
}

async function settle(parsed: Parsed, io: Io): Promise<AuditRun> {
  const { flags } = parsed;
  if (flags['stdin'] === true && flags['credential-stdin'] === true) {
    throw new UserError('--stdin and --credential-stdin: only one can be on standard input');
  }
  // Settled first: what is wrong with it is told before anybody is asked.
  await failLevel(parsed, io);
  const days = (name: string): number => (flags[name] as number | undefined) ?? 90;
  const { namePattern } = (await loadOwnSettings(io.env)).audit ?? {};
  return {
    accounts: await accountsAsked(parsed, io),
    given: flags['stdin'] === true ? await keysGiven(io) : [],
    scans: await readExposures((flags['exposures'] ?? []) as readonly string[], io.cwd),
    hasExposures: flags['exposures'] !== undefined,
    maxAgeDays: days('max-age'),
    maxIdleDays: days('max-idle'),
    ...(namePattern ? { namePattern } : {}),
    writesInventory: flags['write-inventory'] === true,
    cwd: io.cwd,
    now: io.now(),
  };
}

async function failLevel({ flags }: Parsed, { env }: Io): Promise<AuditFailLevel> {
  const asked = flags['fail-on'] ?? (await loadOwnSettings(env)).failOn ?? 'low';
  const level = auditFailLevels.find((one) => one === asked);
  if (level !== undefined) return level;
  throw new UserError(
    `failOn ${String(asked)}: an audit has no such level; give --fail-on, one of ${auditFailLevels.join(', ')}`,
  );
}
