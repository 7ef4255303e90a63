/** `keywarden receipts`: whether the record of revocations and rotations is untouched. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadStateDir } from '../config/load-config.ts';
import { UserError } from '../core/model/user-error.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { verifyChain, type Verdict } from '../lifecycle/receipts/chain.ts';
import { receiptsName } from '../lifecycle/receipts/receipts.ts';
import { plural } from '../reporters/words.ts';
import type { Command, Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { stateFlag } from './key-flags.ts';
import { write } from './outputs.ts';

const codes = { intact: 0, tampered: 1, cut: 1 } as const satisfies Record<Verdict['kind'], number>;
const noneThere = 2;

export const receipts: Command = {
  usage: 'receipts verify [FILE]',
  summary: 'check that no receipt was changed, removed, reordered or cut off',
  flags: {
    head: {
      kind: 'text',
      value: 'HASH',
      help: 'a head printed earlier and kept elsewhere: the chain must still hold it',
    },
    ...stateFlag,
  },
  actions: ['verify'],
  examples: [['keywarden receipts verify --head HASH', 'nothing up to that receipt is missing']],
  async run(parsed, io) {
    const [action, file, extra] = parsed.words;
    if (action !== 'verify' || extra !== undefined) {
      throw new UserError('receipts: expected receipts verify [FILE]');
    }
    const head = readHead(parsed);
    const path = file === undefined ? await defaultFile(parsed, io) : resolve(io.cwd, file);
    const text = read(path);
    if (text === undefined || (text === '' && head === undefined)) {
      io.stderr.write(`keywarden: ${sanitize(path)}: there are no receipts\n`);
      return noneThere;
    }
    const verdict = verifyChain(text, head);
    await write(io.stdout, `${sanitize(path)}: ${sentence(verdict)}\n`);
    return codes[verdict.kind];
  },
};

function readHead({ flags }: Parsed): string | undefined {
  const head = flags['head'];
  if (head === undefined) return undefined;
  if (typeof head === 'string' && /^[0-9a-f]{64}$/.test(head)) return head;
  throw new UserError('--head: expected the 64 hexadecimal digits that a command printed');
}

async function defaultFile({ flags }: Parsed, io: Io): Promise<string> {
  const given = flags['state-dir'];
  const folder = await loadStateDir(io, typeof given === 'string' ? given : undefined);
  return join(folder, receiptsName);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read`, { cause: error });
  }
}

function sentence(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'intact': {
      const since =
        verdict.since === undefined ? '' : `, ${verdict.since} of them behind that head`;
      return `intact, ${plural(verdict.count, 'receipt')}${since}; head ${verdict.head}`;
    }
    case 'tampered':
      return `TAMPERED: line ${verdict.line} ${verdict.message}`;
    case 'cut':
      return `CUT: ${verdict.message}`;
    default:
      return verdict satisfies never;
  }
}
