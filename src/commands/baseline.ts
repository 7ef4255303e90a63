/** `keywarden baseline`: findings accepted on purpose, with who and why. */
import { homedir, userInfo } from 'node:os';
import {
  checkDate,
  formatBaseline,
  isExpired,
  type BaselineEntry,
} from '../core/findings/baseline.ts';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { exitCode } from '../core/report/exit-code.ts';
import { writeAtomic } from '../platform/atomic-file.ts';
import { gitSync } from '../sources/git/git.ts';
import type { Command } from './command.ts';
import type { FlagTable } from './flags.ts';
import { baselineFile, readBaseline, runScan } from './run-scan.ts';
import { colourFlags, selectionFlags, targetFlags } from './scan-flags.ts';
import { progressOn, settle } from './scan.ts';

const actions = ['create', 'update', 'prune'] as const;
type Action = (typeof actions)[number];

const ownFlags = {
  reason: { kind: 'text', value: 'TEXT', help: 'why the new entries are harmless' },
  expires: { kind: 'text', value: 'YYYY-MM-DD', help: 'until when the new entries count' },
} as const satisfies FlagTable;

export const baseline: Command = {
  usage: 'baseline <create|update|prune> [paths..]',
  summary: 'accept what a scan finds now; only new findings fail later',
  flags: { ...ownFlags, ...targetFlags, ...selectionFlags, ...colourFlags },
  actions,
  examples: [
    ['keywarden baseline create --history --reason "rotated in March"', 'accept all that is there'],
    ['keywarden baseline update --only jwt --reason "sample of the docs"', 'accept more'],
    ['keywarden baseline prune --history', 'drop entries that no longer serve'],
  ],
  async run(parsed, io) {
    const [word, ...paths] = parsed.words;
    const action = actions.find((one) => one === word);
    if (!action) throw new UserError(`baseline ${word ?? ''}: expected create, update or prune`);
    const settled = await settle({ ...parsed, words: paths }, io);
    const file = baselineFile(settled);
    const before =
      action === 'create' ? [] : readBaseline({ ...file, isNamed: action === 'prune' });
    const { report } = await runScan({
      ...settled,
      ignoreBaseline: true,
      progress: progressOn(io),
    });
    const strict = {
      failOn: 'never',
      allowIncomplete: parsed.flags['allow-incomplete'] === true,
    } as const;
    if (io.signal.aborted) return Number(io.signal.reason);
    if (exitCode(report, { ...strict, strict: settled.strict }) !== 0) {
      // A baseline of half a scan would drop or miss entries without a word.
      throw new UserError(
        'the scan was incomplete, so the baseline was not written; see keywarden scan, or give --allow-incomplete',
      );
    }
    const expires = parsed.flags['expires'] as string | undefined;
    const made = {
      reason: (parsed.flags['reason'] as string | undefined) ?? '',
      author: author(),
      ...(expires === undefined ? {} : { expires: checkDate(expires, '--expires') }),
    };
    const after = merge(action, before, report, made, io.now().toISOString().slice(0, 10));
    writeAtomic(file.path, formatBaseline(after));
    const count = after.length === 1 ? '1 entry' : `${after.length} entries`;
    io.stderr.write(`keywarden: ${file.path}: ${count} (${before.length} before)\n`);
    return 0;
  },
};

type Made = Pick<BaselineEntry, 'reason' | 'author' | 'expires'>;

function merge(
  action: Action,
  before: readonly BaselineEntry[],
  { findings }: Report,
  made: Made,
  today: string,
): BaselineEntry[] {
  const found = findings.map(({ fingerprint, rule, path }) => ({
    fingerprint,
    rule,
    path,
    ...made,
  }));
  if (action === 'create') return found;
  const isFound = new Set(findings.map(({ fingerprint }) => fingerprint));
  if (action === 'prune') {
    return before.filter((entry) => isFound.has(entry.fingerprint) && !isExpired(entry, today));
  }
  const open = before.filter(
    (entry) => !isExpired(entry, today) || !isFound.has(entry.fingerprint),
  );
  const known = new Set(open.map(({ fingerprint }) => fingerprint));
  return [...open, ...found.filter(({ fingerprint }) => !known.has(fingerprint))];
}

/** The name that the person's own git configuration gives, else the account's. */
function author(): string {
  const found = gitSync({ cwd: homedir() }, ['config', '--global', 'user.name']);
  const name = found.code === 0 ? found.stdout.toString().trim() : '';
  return name === '' ? userInfo().username : name;
}
