/** `keywarden init`: a commented keywarden.yaml. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingKeys } from '../config/settings.ts';
import { UserError } from '../core/model/user-error.ts';
import { writeAtomic } from '../platform/atomic-file.ts';
import { repositoryAround } from '../sources/git/repository.ts';
import type { Command } from './command.ts';

const fileName = 'keywarden.yaml';

export const init: Command = {
  usage: 'init',
  summary: 'write a commented keywarden.yaml',
  flags: {},
  run({ words }, io) {
    if (words.length > 0) throw new UserError(`init: takes no words (${words[0]})`);
    const file = join(repositoryAround(io.cwd)?.top ?? io.cwd, fileName);
    const taken = [file, join(io.cwd, `.${fileName}`)].find((path) => existsSync(path));
    if (taken !== undefined)
      throw new UserError(`${taken}: is there already; edit it, or remove it first`);
    writeAtomic(file, template());
    io.stderr.write(`keywarden: wrote ${file}\n`);
    return Promise.resolve(0);
  },
};

function template(): string {
  const keys = settingKeys
    .filter(({ isPrivate }) => !isPrivate)
    .map(({ key, example, help }) => `# ${help}\n# ${key}: ${example}\n`);
  return `# keywarden's settings for this project. Flags and KEYWARDEN_* variables win over this file.\n\n${keys.join('\n')}`;
}
