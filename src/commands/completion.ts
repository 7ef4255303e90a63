/** `keywarden completion`: a script for the shell, and the words it asks for. */
import type { Command } from './command.ts';

export const completion: Command = {
  usage: 'completion',
  summary: 'print a completion script for bash or zsh',
  flags: {},
  examples: [['keywarden completion >> ~/.bashrc', 'completion in bash']],
  async run(_parsed, io) {
    const { completionScript } = await import('./parser.ts');
    io.stdout.write(await completionScript(io));
    return 0;
  },
};
