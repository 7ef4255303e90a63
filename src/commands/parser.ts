/** The one home of yargs: it lays out help and writes the shell's completion script. */
import yargs, { type Argv } from 'yargs';
import type { Io } from './command.ts';

const mostColumns = 100;

/** A yargs that ends no process and adds nothing of its own. */
export function newParser({ stdout }: Io): Argv {
  const columns = Math.min(stdout.columns ?? 80, mostColumns);
  return yargs([])
    .scriptName('keywarden')
    .wrap(columns)
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false);
}

/** The script calls `keywarden --get-yargs-completions WORDS`, which main answers. */
export async function completionScript(io: Io): Promise<string> {
  let script = '';
  await newParser(io)
    .completion('completion')
    .parse('completion', {}, (_error, _argv, output) => {
      script = output;
    });
  return `${script}\n`;
}
