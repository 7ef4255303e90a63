/** Flags that the commands about keys share. */
import type { FlagTable } from './flags.ts';

export const stateFlag = {
  'state-dir': {
    kind: 'text',
    value: 'DIR',
    help: 'where receipts and rotation state are kept (default $XDG_STATE_HOME/keywarden)',
  },
} as const satisfies FlagTable;

export const credentialFlags = {
  'credential-file': {
    kind: 'text',
    value: 'FILE',
    help: 'holds your credential at the issuer (default: ROBOTOMAIL_API_KEY, AGENTMAIL_API_KEY)',
  },
  'credential-stdin': { kind: 'switch', help: 'your credential is on standard input' },
} as const satisfies FlagTable;

export const keyFlags = {
  stdin: { kind: 'switch', help: 'the key itself is on standard input' },
  'key-id': {
    kind: 'text',
    value: 'ID',
    help: "the key's id in the account's listing; with --issuer",
  },
  issuer: { kind: 'text', value: 'NAME', help: 'robotomail or agentmail' },
  'dry-run': { kind: 'switch', help: 'show the plan; nothing is sent but reads' },
  yes: { kind: 'switch', help: 'answer the question with yes' },
  deadline: {
    kind: 'number',
    value: 'SECONDS',
    help: 'how long the old key may take to fail (default 60)',
  },
  format: {
    kind: 'text',
    short: 'f',
    value: 'FMT',
    choices: ['pretty', 'json'],
    help: 'pretty, json',
  },
  ...credentialFlags,
  ...stateFlag,
} as const satisfies FlagTable;
