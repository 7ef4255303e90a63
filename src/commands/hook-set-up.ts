/** `keywarden hook install`, `uninstall` and `doctor`. */
import { join, sep } from 'node:path';
import { packageRoot } from '../config/package-root.ts';
import { UserError } from '../core/model/user-error.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { examine } from '../hooks/doctor.ts';
import { globalFolder, hookFile, hookFolder } from '../hooks/hook-place.ts';
import type { Program } from '../hooks/hook-text.ts';
import { installGlobal, uninstallGlobal } from '../hooks/install-global.ts';
import { installHook, uninstallHook, type Outcome } from '../hooks/install.ts';
import { laterManager } from '../hooks/managers.ts';
import { hookNames, type HookName } from '../hooks/names.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';

export function install({ flags }: Parsed, io: Io): number {
  const chosen = hookNames.filter((name) => flags[name] === true);
  const names: readonly HookName[] = chosen.length > 0 ? chosen : ['pre-commit'];
  const program = programHere();
  if (flags['global'] === true) {
    return tell(installGlobal(names, program, { cwd: io.cwd, env: io.env }), io);
  }
  const folder = hookFolder({ cwd: io.cwd, env: io.env });
  const isServers = names.includes('pre-receive');
  if (!isServers && folder.isBare && names.includes('pre-commit'))
    throw new UserError(
      'a bare repository has no commits to wait for: --pre-receive is for servers',
    );
  const code = tell(
    names.map((name) => installHook(folder, name, program)),
    io,
  );
  const later = code === 0 ? names.map((name) => laterManager(folder, name)) : [];
  for (const told of new Set(later.map((one) => one?.told ?? []).flat())) say(io, told);
  for (const one of later) if (one?.paste !== undefined) paste(io, one.paste);
  if (folder.isShared) {
    say(
      io,
      'this folder is part of the repository: others get these lines too, and use the keywarden on their PATH',
    );
  }
  if (globalFolder({ cwd: io.cwd, env: io.env }) === folder.path)
    say(
      io,
      `core.hooksPath of your own settings names this folder: it counts for all your repositories`,
    );
  return code;
}

export function uninstall({ flags }: Parsed, io: Io): number {
  const options = { cwd: io.cwd, env: io.env };
  const done =
    flags['global'] === true
      ? uninstallGlobal(options)
      : hookNames.flatMap((name) => uninstallHook(hookFile(hookFolder(options), name)) ?? []);
  if (done.length === 0) say(io, 'no hook of keywarden is installed here');
  for (const one of done) say(io, one);
  return 0;
}

/** 0 every installed hook blocks, 1 none is installed, 2 one does not. */
export function doctor(io: Io): number {
  const examined = examine({ cwd: io.cwd, env: io.env });
  if (examined.length === 0) {
    io.stdout.write(
      'no hook of keywarden is installed here; install one: keywarden hook install\n',
    );
    return 1;
  }
  for (const { hook, file, told } of examined) {
    io.stdout.write(`${sanitize(`${hook}: ${told} (${file})`)}\n`);
  }
  return examined.every(({ blocks }) => blocks) ? 0 : 2;
}

function tell(outcomes: readonly Outcome[], io: Io): number {
  for (const outcome of outcomes) {
    if ('done' in outcome) say(io, outcome.done);
    else {
      say(io, `not installed: ${outcome.refused}`);
      if (outcome.paste !== undefined) paste(io, outcome.paste);
    }
  }
  return outcomes.some((outcome) => 'refused' in outcome) ? 2 : 0;
}

function paste({ stderr }: Io, lines: string): void {
  stderr.write(`\n${lines}\n\n`);
}

function say({ stderr }: Io, text: string): void {
  stderr.write(`keywarden: ${sanitize(text)}\n`);
}

/** What the hook will run. Throws UserError where that will not stay. */
function programHere(): Program {
  const main = join(packageRoot(), 'bin', 'keywarden.js');
  if (main.includes(`${sep}_npx${sep}`)) {
    throw new UserError(
      'this keywarden lies in a cache that npm empties; install it first: npm install --global keywarden',
    );
  }
  return { node: process.execPath, main };
}
