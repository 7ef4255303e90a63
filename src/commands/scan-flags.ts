/** The flags of a scan; baseline commands take them too. */
import { verifyWays } from '../core/model/config.ts';
import { confidences } from '../core/model/rule.ts';
import { failLevels } from '../core/report/exit-code.ts';
import { reporters } from '../reporters/index.ts';
import type { FlagTable } from './flags.ts';

export const formats = Object.keys(reporters);

export const colourFlags = {
  color: { kind: 'switch', isNegatable: true, help: 'colour, whatever the terminal' },
} as const satisfies FlagTable;

export const targetFlags = {
  history: {
    kind: 'switch',
    help: 'every object of the repository: all refs, stashes, tags, notes, messages',
  },
  unreachable: {
    kind: 'switch',
    isNegatable: true,
    help: 'history: also what no ref and no stash entry reaches (default; --no-unreachable leaves it out)',
  },
  staged: { kind: 'switch', help: 'lines that the next commit adds' },
  range: {
    kind: 'text',
    value: 'A..B',
    help: 'lines that these commits introduce (A...B: from the merge base)',
  },
  stdin: { kind: 'switch', help: 'standard input' },
  'stdin-path': { kind: 'text', value: 'NAME', help: 'what standard input is called in reports' },
} as const satisfies FlagTable;

/** A limit that is met is in the ledger. */
const archiveFlags = {
  'max-depth': { kind: 'number', value: 'N', help: 'archives within archives (default 8)' },
  'max-entries': { kind: 'number', value: 'N', help: 'members of one archive (default 1,000,000)' },
  'max-ratio': {
    kind: 'number',
    value: 'N',
    help: 'unpacked bytes for each packed one (default 1,000)',
  },
  'max-total': {
    kind: 'number',
    value: 'BYTES',
    help: 'unpacked bytes of one archive (default 64 GiB)',
  },
  'max-time': { kind: 'number', value: 'SECONDS', help: 'spent on one archive (default 600)' },
} as const satisfies FlagTable;

export const selectionFlags = {
  config: {
    kind: 'text',
    value: 'FILE',
    help: "the project's settings, in place of the nearest keywarden.yaml",
  },
  'min-confidence': {
    kind: 'text',
    value: 'LEVEL',
    choices: confidences,
    help: 'least confidence (default medium)',
  },
  rules: { kind: 'texts', value: 'FILE', help: 'rule file beside the built-in rules; repeatable' },
  only: { kind: 'texts', value: 'ID', help: 'run only this rule; repeatable' },
  skip: { kind: 'texts', value: 'ID', help: 'leave this rule out; repeatable' },
  include: { kind: 'texts', value: 'GLOB', help: 'look only into these paths; repeatable' },
  exclude: { kind: 'texts', value: 'GLOB', help: 'leave these paths out; repeatable' },
  gitignore: {
    kind: 'switch',
    isNegatable: true,
    help: 'honour .gitignore for untracked files (default)',
  },
  archives: {
    kind: 'switch',
    isNegatable: true,
    help: 'look into archives (default); --no-archives counts them as excluded',
  },
  'max-file-size': {
    kind: 'number',
    value: 'BYTES',
    help: 'leave out larger files, and archives in archives that must be held (default 100 MB of these)',
  },
  ...archiveFlags,
  jobs: { kind: 'number', value: 'N', help: 'threads (default: one a core)' },
  baseline: {
    kind: 'text',
    value: 'FILE',
    help: 'findings accepted earlier (default .keywarden-baseline)',
  },
  'allow-incomplete': { kind: 'switch', help: 'accept that some input could not be looked at' },
  strict: {
    kind: 'switch',
    help: 'ignore markers in the source and files of other tools; LFS pointers and absent submodules count',
  },
} as const satisfies FlagTable;

export const outputFlags = {
  format: {
    kind: 'texts',
    short: 'f',
    value: 'FMT[=FILE]',
    help: `${formats.join(', ')}; repeatable`,
  },
  output: {
    kind: 'text',
    short: 'o',
    value: 'FILE',
    help: 'write the report there; stdout stays empty',
  },
  category: {
    kind: 'text',
    value: 'NAME',
    help: 'sarif: which earlier upload this one replaces (default by what is scanned: keywarden/, keywarden/range/, keywarden/history/)',
  },
  'show-secrets': { kind: 'switch', help: 'raw secrets in json and pretty' },
} as const satisfies FlagTable;

const memoryFlags = {
  'since-last': {
    kind: 'switch',
    help: 'history: only what is new since the last complete run with these rules',
  },
  'state-dir': {
    kind: 'text',
    value: 'DIR',
    help: 'where that run is remembered (default $XDG_STATE_HOME/keywarden)',
  },
} as const satisfies FlagTable;

const issuerFlags = {
  verify: {
    kind: 'optional',
    choices: verifyWays,
    isNegatable: true,
    help: 'ask the issuers whether found keys are live: those with the name of the issuer near (default), or all',
  },
  revoke: {
    kind: 'switch',
    help: 'with --verify: take live keys out of service, and show that they are; plan and question first',
  },
  yes: { kind: 'switch', help: 'with --revoke: answer the question with yes' },
} as const satisfies FlagTable;

export const scanFlags = {
  ...targetFlags,
  ...memoryFlags,
  ...issuerFlags,
  ...outputFlags,
  'fail-on': {
    kind: 'text',
    value: 'LEVEL',
    choices: failLevels,
    help: 'exit 1 at or above (default low)',
  },
  ...selectionFlags,
  ...colourFlags,
} as const satisfies FlagTable;
