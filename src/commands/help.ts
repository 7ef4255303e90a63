/** Help and completion, made by yargs from the same tables. Loaded only when somebody asks. */
import type { Argv } from 'yargs';
import type { Command, Io } from './command.ts';
import type { Flag } from './flags.ts';
import { commandNames, commands, type CommandName } from './index.ts';
import { newParser } from './parser.ts';

const exitCodes =
  'Exit codes: 0 all looked at, nothing found · 1 findings · 2 not all that was asked could be done';

/** The help of one command, or of all. */
export async function helpText(name: CommandName | undefined, io: Io): Promise<string> {
  const parser = newParser(io);
  if (name === undefined) {
    for (const one of commandNames) {
      const { usage, summary } = await commands[one]();
      parser.command(usage, summary);
    }
    parser.usage(
      'keywarden finds leaked API keys: which key, since when, and what to do.\n\nkeywarden <command>',
    );
    parser.epilogue(`${exitCodes}\nHelp of a command: keywarden scan --help`);
  } else {
    const command = await commands[name]();
    parser.usage(`keywarden ${command.usage}\n\n${command.summary}`);
    addFlags(parser, command);
    for (const [text, what] of command.examples ?? []) parser.example(text, what);
    parser.epilogue(exitCodes);
  }
  return `${await parser.getHelp()}\n`;
}

/** Words that fit behind what is typed, one a line. */
export async function completions(words: readonly string[]): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const [first] = words;
  const name = commandNames.find((one) => one === first);
  const command = name && words.length > 1 ? await commands[name]() : undefined;
  if (!command) return commandNames.filter((one) => one.startsWith(typed));
  if (typed.startsWith('-')) return flagNames(command).filter((one) => one.startsWith(typed));
  return (command.actions ?? []).filter((one) => one.startsWith(typed));
}

function addFlags(parser: Argv, { flags }: Command): void {
  for (const [name, flag] of Object.entries(flags)) {
    parser.option(name, {
      description: flag.value === undefined ? flag.help : `${flag.value}: ${flag.help}`,
      type: typeOf(flag),
      ...(flag.short === undefined ? {} : { alias: flag.short }),
      ...(flag.choices ? { choices: [...flag.choices] } : {}),
    });
  }
}

function typeOf({ kind }: Flag): 'boolean' | 'number' | 'string' {
  if (kind === 'switch') return 'boolean';
  return kind === 'number' ? 'number' : 'string';
}

function flagNames({ flags }: Command): string[] {
  return Object.entries(flags).flatMap(([name, { isNegatable }]) =>
    isNegatable ? [`--${name}`, `--no-${name}`] : [`--${name}`],
  );
}
