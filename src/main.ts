/** (argv, io) → exit code. Knows the commands by name; everything else is theirs. */
import { packageVersion } from './config/package-root.ts';
import { didYouMean } from './core/nearest.ts';
import { UserError } from './core/model/user-error.ts';
import { sanitize } from './core/report/sanitize.ts';
import type { Io } from './commands/command.ts';
import { parseFlags } from './commands/flags.ts';
import { commandNames, commands } from './commands/index.ts';

export type { Io } from './commands/command.ts';

/** `argv` without node and script. Never throws: what went wrong is on stderr and in the code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return complain(error, io);
  }
}

const helpWords = ['help', '--help', '-h'];

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = argv;
  if (word === '--version' || word === '-v') {
    io.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (word === '--get-yargs-completions') {
    const { completions } = await import('./commands/help.ts');
    const found = await completions(rest.slice(1));
    io.stdout.write(found.map((one) => `${one}\n`).join(''));
    return 0;
  }
  const name = commandNames.find(
    (one) => one === (helpWords.includes(word ?? '') ? rest[0] : word),
  );
  const asksHelp = word === undefined || helpWords.includes(word) || hasHelpFlag(rest);
  if (asksHelp && (name !== undefined || word === undefined || helpWords.includes(word))) {
    const { helpText } = await import('./commands/help.ts');
    const out = word === undefined ? io.stderr : io.stdout;
    out.write(await helpText(name, io));
    return word === undefined ? 2 : 0;
  }
  if (name === undefined) {
    throw new UserError(
      `unknown command "${word}"${didYouMean(word ?? '', commandNames)}; see keywarden --help`,
    );
  }
  const command = await commands[name]();
  return command.run(parseFlags(rest, command.flags), io);
}

function hasHelpFlag(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

const failure = 2;

function complain(error: unknown, { stderr }: Io): number {
  if (error instanceof UserError) {
    stderr.write(`keywarden: ${sanitize(error.message)}\n`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`keywarden: this is a bug in keywarden, please report it:\n${stack}\n`);
  }
  return failure;
}
