/** Flags that the commands about keys share. */
import type { FlagTable } from './flags.ts';

export const stateFlag = {
  'state-dir': {
    kind: 'text',
    value: 'DIR',
    help: 'where receipts and rotation state are kept (default $XDG_STATE_HOME/keywarden)',
  },
} as const satisfies FlagTable;
