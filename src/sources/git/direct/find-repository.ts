/**
 * A repository as its own files describe it, where nothing about it is out of the ordinary. Whatever
 * is (a bare or shallow one, foreign owners, settings that move things) is left for git to describe:
 * a git that only answers what three small files say would be waited for by every commit.
 * @see https://git-scm.com/docs/gitrepository-layout (as of git 2.39)
 */
import { lstatSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '../pack/open-file.ts';

export interface PlainRepository {
  /** Absolute, without symbolic links. */
  readonly gitDir: string;
  /** Of the work tree; absent in a bare repository. */
  readonly top?: string;
  readonly format: 'sha1' | 'sha256';
  /** Id of the commit that HEAD names, as it is written; absent while it is unborn. */
  readonly head?: string;
}

/**
 * The repository around a folder, or undefined when git is to be asked. `env`: variables that place
 * git's things; with others than that of the index nothing is taken for ordinary.
 */
export function findRepository(
  folder: string,
  env: Readonly<Record<string, string>>,
): PlainRepository | undefined {
  if (Object.keys(env).some((name) => name !== 'GIT_INDEX_FILE')) return undefined;
  try {
    return walkUp(realpathSync(folder));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Whether neither the folder nor one around it has anything that git could take for a repository. */
export function isOutside(folder: string): boolean {
  try {
    for (let at = realpathSync(folder); ; at = dirname(at)) {
      for (const name of ['.git', 'HEAD']) {
        if (lstatSync(join(at, name), { throwIfNoEntry: false })) return false;
      }
      if (dirname(at) === at) return true;
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

function walkUp(start: string): PlainRepository | undefined {
  const { dev } = statSync(start);
  for (let folder = start; ; folder = dirname(folder)) {
    const stats = statSync(folder);
    // git stops at the border of a file system.
    if (stats.dev !== dev) return undefined;
    const link = join(folder, '.git');
    const found = lstatSync(link, { throwIfNoEntry: false });
    if (found) return isOwn(stats) && isOwn(found) ? inWorkTree(folder, link, found) : undefined;
    if (isThere(join(folder, 'HEAD')) && isThere(join(folder, 'objects'))) {
      return isOwn(stats) && !mayRefuseBare() ? describe(folder) : undefined;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** git trusts only what its user owns; of the rest it says itself what it makes of it. */
function isOwn({ uid }: Stats): boolean {
  return process.geteuid !== undefined && uid === process.geteuid();
}

/** Whether the user's own settings may say `safe.bareRepository`. */
function mayRefuseBare(): boolean {
  const { HOME: home = '', XDG_CONFIG_HOME: settings = join(home, '.config') } = process.env;
  const files = ['/etc/gitconfig', join(settings, 'git/config'), join(home, '.gitconfig')];
  return files.some((file) => /barerepository|include/i.test(textOf(file) ?? ''));
}

function inWorkTree(top: string, link: string, stats: Stats): PlainRepository | undefined {
  const gitDir = stats.isDirectory() ? link : stats.isFile() ? namedFolder(top, link) : undefined;
  return gitDir !== undefined && isOwn(lstatSync(gitDir)) ? describe(gitDir, top) : undefined;
}

/** Without a work tree it has to be a bare one. */
function describe(gitDir: string, top?: string): PlainRepository | undefined {
  const common = sharedFolder(gitDir);
  const parts = ['objects', 'refs'].map((name) => join(common, name));
  if (!parts.every(isThere) || isThere(join(common, 'shallow'))) return undefined;
  const config = readFileSync(join(common, 'config'), 'latin1');
  const format = plainFormat(config);
  if (!format || isBare(config) !== (top === undefined)) return undefined;
  const head = readHead(gitDir, common, format === 'sha256' ? 64 : 40);
  if (head === undefined) return undefined;
  return {
    gitDir,
    ...(top === undefined ? {} : { top }),
    format,
    ...(head === unborn ? {} : { head }),
  };
}

/** A linked work tree or a submodule: `.git` is a file that names the folder. */
function namedFolder(top: string, file: string): string | undefined {
  const [, path] = /^gitdir: ([^\n]+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  return path === undefined ? undefined : realpathSync(resolve(top, path));
}

/** What all work trees of a repository share. */
function sharedFolder(gitDir: string): string {
  const file = join(gitDir, 'commondir');
  return isThere(file) ? resolve(gitDir, readFileSync(file, 'utf8').trimEnd()) : gitDir;
}

const moves = /worktree|include/i;
const bareLine = /\bbare\b[^\n]*/gi;
const version = /^\s*repositoryformatversion\s*=\s*([01])\s*$/im;
const extension = /^\[extensions\]\s*\n\s*objectformat\s*=\s*(sha1|sha256)\s*$/im;

/** Undefined when the settings hold anything that could move a folder or change a format. */
function plainFormat(config: string): PlainRepository['format'] | undefined {
  if (moves.test(config)) return undefined;
  const number = version.exec(config)?.[1];
  if (number === undefined) return undefined;
  const extensions = config.match(/extensions/gi)?.length ?? 0;
  if (extensions === 0) return number === '0' || number === '1' ? 'sha1' : undefined;
  const format = extension.exec(config)?.[1];
  if (extensions > 1 || number === '0') return undefined;
  return format === 'sha1' || format === 'sha256' ? format : undefined;
}

/** Undefined when it is not said, or said in a way of its own. */
function isBare(config: string): boolean | undefined {
  const [line, ...more] = config.match(bareLine) ?? [];
  if (line === undefined || more.length > 0) return undefined;
  const value = /^bare\s*=\s*(true|false)\s*$/i.exec(line)?.[1]?.toLowerCase();
  return value === undefined ? undefined : value === 'true';
}

const unborn = '';
const refName = /^refs\/(?:[^\0-\x20\x7f~^:?*[\\/]+\/)*[^\0-\x20\x7f~^:?*[\\/]+$/;

/** An id, `unborn`, or undefined when it takes git to tell. */
function readHead(gitDir: string, common: string, idLength: number): string | undefined {
  const isId = (text: string): boolean => new RegExp(`^[0-9a-f]{${idLength}}$`).test(text);
  const text = readFileSync(join(gitDir, 'HEAD'), 'latin1').trimEnd();
  if (isId(text)) return text;
  const name = text.startsWith('ref: ') ? text.slice('ref: '.length) : '';
  // Refs of one work tree alone (refs/bisect and the like) lie elsewhere.
  if (!refName.test(name) || name.includes('..') || !name.startsWith('refs/heads/')) {
    return undefined;
  }
  const loose = textOf(join(common, name))?.trimEnd();
  if (loose !== undefined) return isId(loose) ? loose : undefined;
  const packed = textOf(join(common, 'packed-refs')) ?? '';
  const at = packed.indexOf(` ${name}\n`);
  if (at < 0) return packed === '' || packed.endsWith('\n') ? unborn : undefined;
  const id = packed.slice(at - idLength, at);
  return isId(id) ? id : undefined;
}

function textOf(file: string): string | undefined {
  return isThere(file) ? readFileSync(file, 'latin1') : undefined;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
