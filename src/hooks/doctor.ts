/**
 * Proves that hooks block: in a scratch clone with the person's own setup a made-up key is committed,
 * and pushed. Says what happened. Nothing is left behind, and the repository itself is not touched.
 */
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { globalFolder, hookFile, hookFolder, readHook, type HookFolder } from './hook-place.ts';
import { callsKeywarden, managerOf } from './managers.ts';
import { hookNames, type HookName } from './names.ts';
import { ask, ownGit, type OwnOptions, type OwnResult } from './own-git.ts';

export interface Examined {
  readonly hook: HookName;
  readonly file: string;
  /** It stopped the made-up key, in our words. */
  readonly blocks: boolean;
  readonly told: string;
}

/** Hooks here that call keywarden, each tried. None: nothing is installed. */
export function examine(options: OwnOptions): Examined[] {
  const folder = hookFolder(options);
  return hookNames
    .filter((name) => isInstalled(folder, name))
    .map((hook) => {
      const scratch = mkdtempSync(join(tmpdir(), 'keywarden-doctor-'));
      try {
        const tried = tryHook(hook, folder, scratch, options);
        return { hook, file: hookFile(folder, hook), ...tried };
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    });
}

/** By us, by hand, or by a manager whose configuration calls us. */
function isInstalled(folder: HookFolder, name: HookName): boolean {
  const existing = readHook(hookFile(folder, name));
  if (existing.kind === 'none') return false;
  if (existing.kind === 'other') return true;
  if (existing.text.includes('keywarden')) return true;
  const manager = managerOf(existing.text);
  return manager !== undefined && callsKeywarden(manager, folder.top);
}

type Tried = Pick<Examined, 'blocks' | 'told'>;

function tryHook(hook: HookName, folder: HookFolder, scratch: string, options: OwnOptions): Tried {
  if (hook === 'pre-receive') return tryReceive(folder, scratch, options);
  const work = folder.isBare ? emptyClone(scratch, options) : cloneOf(folder, scratch, options);
  if (hook === 'pre-commit') return tryCommit(work);
  const there = join(scratch, 'there.git');
  ask(['init', '-q', '--bare', there], { ...work, cwd: scratch });
  commitKey(work, ['--no-verify']);
  const pushed = git(work, ['push', '-q', there, 'HEAD:refs/heads/keywarden-doctor']);
  return verdict(pushed, 'a push', isRefThere(there, work));
}

function tryCommit(work: OwnOptions): Tried {
  const before = headOf(work);
  const planted = commitKey(work);
  const tried = verdict(planted, 'a commit', headOf(work) !== before);
  if (!tried.blocks) return tried;
  ask(['rm', '-q', '-f', '--cached', '--', plantedName], work);
  writeFileSync(join(work.cwd, harmlessName), 'nothing to see\n');
  ask(['add', '-f', '--', harmlessName], work);
  const harmless = git(work, ['commit', '-q', '-m', 'keywarden doctor: harmless']);
  return harmless.code === 0
    ? { ...tried, told: `${tried.told}, and lets a harmless one through` }
    : { ...tried, told: `${tried.told}; a harmless one was stopped too: ${lastLine(harmless)}` };
}

/** The server's own folder is not touched: another takes the push, with its hooks and settings. */
function tryReceive(folder: HookFolder, scratch: string, options: OwnOptions): Tried {
  const there = join(scratch, 'there.git');
  ask(['init', '-q', '--bare', there], { ...options, cwd: scratch });
  if (folder.isBare) cpSync(join(folder.top, 'config'), join(there, 'config'));
  ask(['config', 'core.bare', 'true'], { ...options, cwd: there });
  ask(['config', 'core.hooksPath', folder.path], { ...options, cwd: there });
  const work = emptyClone(scratch, options);
  commitKey(work, ['--no-verify']);
  const pushed = git(work, [
    'push',
    '-q',
    '--no-verify',
    there,
    'HEAD:refs/heads/keywarden-doctor',
  ]);
  return verdict(pushed, 'a push', isRefThere(there, work));
}

const plantedName = 'keywarden-doctor.env';
const harmlessName = 'keywarden-doctor.txt';

/** Made up here and now, so that no file and no list of accepted keys can know it. */
function commitKey(work: OwnOptions, flags: readonly string[] = []): OwnResult {
  const key = `rm_${randomBytes(32).toString('hex')}`;
  writeFileSync(join(work.cwd, plantedName), `ROBOTOMAIL_API_KEY=${key}\n`);
  ask(['add', '-f', '--', plantedName], work);
  return git(work, ['commit', '-q', ...flags, '-m', 'keywarden doctor: a made-up key']);
}

/** Another hook that fails for a reason of its own proves nothing. */
function verdict(done: OwnResult, what: string, wentThrough: boolean): Tried {
  if (wentThrough)
    return { blocks: false, told: `does NOT block: ${what} with a made-up key went through` };
  return /keywarden: this (?:commit|push) /.test(done.said)
    ? { blocks: true, told: `blocks ${what} with a made-up key` }
    : {
        blocks: false,
        told: `${what} with a made-up key was stopped, but not by keywarden: ${lastLine(done)}`,
      };
}

function cloneOf(folder: HookFolder, scratch: string, options: OwnOptions): OwnOptions {
  const cwd = join(scratch, 'clone');
  const at = { ...options, cwd: scratch };
  ask(
    ['-c', 'core.hooksPath=/dev/null', 'clone', '-q', '--shared', '--no-checkout', folder.top, cwd],
    at,
  );
  const work = quiet({ ...options, cwd });
  if (headOf(work) !== '') {
    // Settings lie at the top; all of a large tree would take its time.
    ask(['sparse-checkout', 'set', '--cone'], work);
    ask(['-c', 'core.hooksPath=/dev/null', 'checkout', '-q'], work);
  }
  takeSettings(folder, work);
  setUp(work, folder, options);
  return work;
}

function emptyClone(scratch: string, options: OwnOptions): OwnOptions {
  const cwd = join(scratch, 'clone');
  ask(['init', '-q', cwd], { ...options, cwd: scratch });
  return quiet({ ...options, cwd });
}

/** As they are now, not as they were committed; what they install is lent. */
function takeSettings({ top }: HookFolder, { cwd }: OwnOptions): void {
  const isSetting =
    /^\.?(keywarden|lefthook|pre-commit-config|simple-git-hooks|package)\b.*|^\.husky$/;
  for (const name of readdirSync(top).filter((name) => isSetting.test(name))) {
    cpSync(join(top, name), join(cwd, name), { recursive: true });
  }
  if (existsSync(join(top, 'node_modules')) && !existsSync(join(cwd, 'node_modules')))
    symlinkSync(join(top, 'node_modules'), join(cwd, 'node_modules'));
}

/** The same hooks, by their own paths; a folder that git knows for all repositories it knows here too. */
function setUp(work: OwnOptions, folder: HookFolder, options: OwnOptions): void {
  const isGlobal = globalFolder(options) === folder.path;
  if (isGlobal) return;
  if (!folder.isShared) ask(['config', 'core.hooksPath', folder.path], work);
  else {
    const inside = folder.path.slice(folder.top.length + 1);
    mkdirSync(dirname(join(work.cwd, inside)), { recursive: true });
    cpSync(folder.path, join(work.cwd, inside), { recursive: true });
    ask(['config', 'core.hooksPath', inside], work);
  }
}

/** Nobody is asked for a passphrase, a name or a message. */
function quiet(options: OwnOptions): OwnOptions {
  const who = { GIT_AUTHOR_NAME: 'keywarden doctor', GIT_AUTHOR_EMAIL: 'doctor@localhost' };
  const by = { GIT_COMMITTER_NAME: 'keywarden doctor', GIT_COMMITTER_EMAIL: 'doctor@localhost' };
  return { ...options, env: { ...options.env, ...who, ...by, GIT_TERMINAL_PROMPT: '0' } };
}

const longestMs = 120_000;

function git(work: OwnOptions, args: readonly string[]): OwnResult {
  return ownGit(['-c', 'commit.gpgSign=false', '-c', 'push.gpgSign=false', ...args], {
    ...work,
    timeoutMs: longestMs,
  });
}

function headOf(work: OwnOptions): string {
  const found = ownGit(['rev-parse', '--verify', '--quiet', 'HEAD'], work);
  return found.code === 0 ? found.stdout.trim() : '';
}

function isRefThere(there: string, work: OwnOptions): boolean {
  const ref = 'refs/heads/keywarden-doctor';
  return ownGit(['rev-parse', '--verify', '--quiet', ref], { ...work, cwd: there }).code === 0;
}

function lastLine({ said }: OwnResult): string {
  return said.trim().split('\n').at(-1) ?? '';
}
