/** `keywarden migrate`: what files of gitleaks and detect-secrets say, in files of ours. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Foreign } from '../config/foreign/foreign.ts';
import { foreignNames } from '../config/foreign/names.ts';
import { loadRules } from '../config/load-rules.ts';
import { writeYaml } from '../config/yaml.ts';
import { formatBaseline, type BaselineEntry } from '../core/findings/baseline.ts';
import { redactTokens } from '../core/findings/redact.ts';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { writeAtomic } from '../platform/atomic-file.ts';
import { plural } from '../reporters/words.ts';
import type { Command } from './command.ts';
import { topOf, readForeignFiles } from './foreign.ts';
import { write } from './outputs.ts';
import { defaultBaseline, readBaseline, runScan } from './run-scan.ts';
import { colourFlags, targetFlags } from './scan-flags.ts';
import { progressOn, settle } from './scan.ts';

const configName = 'keywarden.yaml';
const rulesName = 'keywarden-rules.yaml';

const { history } = targetFlags;

export const migrate: Command = {
  usage: 'migrate [path]',
  summary: 'read the files of gitleaks and detect-secrets, and write ours',
  flags: {
    history,
    'dry-run': { kind: 'switch', help: 'show what would be written, and write nothing' },
    ...colourFlags,
  },
  examples: [
    ['keywarden migrate --dry-run', 'what is understood, and what is not'],
    ['keywarden migrate --history', 'accept places in history too'],
  ],
  async run(parsed, io) {
    const { 'dry-run': isDry, ...flags } = parsed.flags;
    const settled = await settle({ ...parsed, flags }, io);
    const foreign = await readForeignFiles(settled);
    const top = topOf(settled);
    if (foreign.length === 0 || top === undefined) {
      throw new UserError(`nothing to migrate: ${top ?? 'here'} has no ${foreignNames.join(', ')}`);
    }
    const { report } = await runScan({ ...settled, progress: progressOn(io) });
    if (io.signal.aborted) return Number(io.signal.reason);
    const known = new Set((await loadRules()).rules.map(({ id }) => id));
    const files = [...settingFiles(foreign, top, known), ...baselineOf(report, top)];
    const lines = [
      ...foreign.flatMap((one) => told(one, report, known)),
      '',
      ...files.flatMap(({ name, isThere, text }) =>
        isThere
          ? [`${name} is there already; add to it:`, '', text]
          : [`${isDry ? 'Would write' : 'Wrote'} ${name}.`],
      ),
      ...(files.length === 0 ? ['Nothing to write.'] : []),
      'A scan heeds the old files as long as they are there, unless --strict is given.',
    ];
    if (!isDry) for (const file of files) if (!file.isThere) writeAtomic(file.path, file.text);
    await write(io.stdout, `${lines.join('\n')}\n`);
    return 0;
  },
};

interface NewFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** It is the person's own: shown is what to add. */
  readonly isThere: boolean;
}

function told(
  { file, understood, refused, skip, settings }: Foreign,
  { summary }: Report,
  known: ReadonlySet<string>,
): string[] {
  const accepted = summary.foreign?.find((one) => one.file === file)?.accepted ?? 0;
  const safe = (text: string): string => sanitize(redactTokens(text));
  return [
    `${file}: ${understood.join(', ')}; accepts ${plural(accepted, 'finding')} of now`,
    ...refused.map((text) => `  not understood: ${safe(text)}`),
    ...skip
      .filter((id) => !known.has(id))
      .map((id) => `  not needed: ${safe(id)} is disabled there, and is no rule of ours`),
    ...(settings?.().left ?? []).map((text) => `  stays in ${file}: ${safe(text)}`),
  ];
}

function settingFiles(
  foreign: readonly Foreign[],
  top: string,
  known: ReadonlySet<string>,
): NewFile[] {
  const all = foreign.flatMap(({ settings }) => settings?.() ?? []);
  const rules = all.flatMap((one) => one.rules);
  const allow = all.flatMap((one) => one.allow);
  const skip = all.flatMap((one) => one.skip).filter((id) => known.has(id));
  const config = {
    ...(rules.length > 0 && { rules: [rulesName] }),
    ...(skip.length > 0 && { skip }),
    ...(allow.length > 0 && { allow }),
  };
  return [
    ...(rules.length === 0
      ? []
      : [fileAt(top, rulesName, writeYaml({ issuer: 'own', references: [], rules }))]),
    ...(Object.keys(config).length === 0 ? [] : [fileAt(top, configName, writeYaml(config))]),
  ];
}

function fileAt(top: string, name: string, text: string): NewFile {
  const path = join(top, name);
  return { name, path, text, isThere: existsSync(path) };
}

/** Findings that another tool's file accepts by place or by digest; ours knows them by fingerprint. */
function baselineOf({ accepted = [] }: Report, top: string): NewFile[] {
  const path = join(top, defaultBaseline);
  const before = readBaseline({ path, isNamed: false });
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const author = userInfo().username;
  const found = accepted.flatMap(({ finding, from, reason }): BaselineEntry[] => {
    if (from === undefined || from === '.gitleaks.toml' || known.has(finding.fingerprint))
      return [];
    return [
      { fingerprint: finding.fingerprint, rule: finding.rule, path: finding.path, reason, author },
    ];
  });
  if (found.length === 0) return [];
  const text = formatBaseline([...before, ...found]);
  return [{ name: defaultBaseline, path, text, isThere: false }];
}
