/** `keywarden hook`: stops a key before it is committed, pushed, or taken by a server. */
import { UserError } from '../core/model/user-error.ts';
import type { Command } from './command.ts';
import type { FlagTable } from './flags.ts';

const actions = ['install', 'uninstall', 'run', 'doctor'] as const;

const hookFlags = {
  'pre-commit': { kind: 'switch', help: 'before a commit is made (default)' },
  'pre-push': { kind: 'switch', help: 'before commits leave this machine' },
  'pre-receive': { kind: 'switch', help: 'on a server, before a push is taken' },
  global: { kind: 'switch', help: 'for all your repositories' },
} as const satisfies FlagTable;

export const hook: Command = {
  usage: 'hook <install|uninstall|run|doctor>',
  summary: 'git hooks that stop a leaked key before it is committed or pushed',
  flags: hookFlags,
  actions,
  examples: [
    ['keywarden hook install --pre-commit --pre-push', 'in this repository, beside what is there'],
    ['keywarden hook doctor', 'prove that they block'],
    ['keywarden hook uninstall', 'take them out again'],
  ],
  // Only what a hook calls is loaded for a hook: a commit waits for it.
  async run(parsed, io) {
    const [action, ...words] = parsed.words;
    if (action === 'run') return (await import('./hook-run.ts')).runHook(words, io);
    if (words.length > 0) throw new UserError(`hook ${action}: takes no words (${words[0]})`);
    const { install, uninstall, doctor } = await import('./hook-set-up.ts');
    switch (action) {
      case 'install':
        return install(parsed, io);
      case 'uninstall':
        return uninstall(parsed, io);
      case 'doctor':
        return doctor(io);
      default:
        throw new UserError(`hook ${action ?? ''}: expected one of ${actions.join(', ')}`);
    }
  },
};
