/** Files, environment and flags → one frozen Config. Flags > KEYWARDEN_* > project > user > defaults. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { asOneOf } from '../core/check-shape.ts';
import type { Config } from '../core/model/config.ts';
import { confidences } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import { failLevels } from '../core/report/exit-code.ts';
import type { Settings } from './read-settings.ts';

export interface ConfigPlace {
  /** Folder (or file) that is scanned. */
  readonly target: string;
  /** What relative paths of flags and environment count from. */
  readonly cwd: string;
  /** Top of its repository; without one only the target's own folder is asked. */
  readonly top?: string;
  /** In place of the nearest file of the project. It may say what such a file may say. */
  readonly file?: string;
  readonly env: NodeJS.ProcessEnv;
}

const names = ['keywarden.yaml', '.keywarden.yaml'];

export async function loadConfig(place: ConfigPlace, flags: Settings): Promise<Config> {
  const user = await readFirst(userFolder(place.env), names, false);
  const project = await readProject(place);
  const given = resolved({ ...fromEnvironment(place.env), ...flags }, place.cwd);
  const settled = { ...defaults(place.env), ...user, ...project, ...given };
  const { maxFileBytes } = settled;
  return Object.freeze({
    ...settled,
    // What must be held in memory is as large as a file may be.
    archiveLimits: {
      ...(maxFileBytes === undefined ? {} : { maxHeldBytes: maxFileBytes }),
      ...settled.archiveLimits,
    },
    // Both may accept findings; neither takes the other's away.
    allow: [...(user.allow ?? []), ...(project.allow ?? [])],
  });
}

/** The user's own file alone: what a project's file says counts for nothing where an account is looked at. */
export async function loadOwnSettings(env: NodeJS.ProcessEnv): Promise<Settings> {
  const own = await readFirst(userFolder(env), names, false);
  return { ...own, ...fromEnvironment(env) };
}

/** The state folder alone: what a project's file says counts for nothing where keys are revoked. */
export async function loadStateDir(
  { cwd, env }: Pick<ConfigPlace, 'cwd' | 'env'>,
  flag: string | undefined,
): Promise<string> {
  if (flag !== undefined) return resolve(cwd, flag);
  const user = await readFirst(userFolder(env), names, false);
  return user.stateDir ?? defaults(env).stateDir;
}

function defaults(env: NodeJS.ProcessEnv): Config {
  return {
    rules: [],
    only: [],
    skip: [],
    include: [],
    exclude: [],
    minConfidence: 'medium',
    failOn: 'low',
    verify: 'never',
    allow: [],
    archives: true,
    archiveLimits: {},
    jobs: availableParallelism(),
    stateDir: join(stateHome(env), 'keywarden'),
  };
}

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative path is to be ignored) */
function stateHome({ XDG_STATE_HOME: named }: NodeJS.ProcessEnv): string {
  return named && isAbsolute(named) ? named : join(homedir(), '.local/state');
}

/** A relative path would lead into what is scanned, and this file may name hosts. */
function userFolder({ XDG_CONFIG_HOME: named }: NodeJS.ProcessEnv): string {
  return join(named && isAbsolute(named) ? named : join(homedir(), '.config'), 'keywarden');
}

/** The nearest file from the target upwards, not beyond the top of the repository. */
async function readProject({ target, cwd, top, file }: ConfigPlace): Promise<Settings> {
  if (file !== undefined) return readFile(resolve(cwd, file), true);
  let folder = resolve(cwd, target);
  for (;;) {
    const found = await readFirst(folder, names, true);
    if (Object.keys(found).length > 0) return found;
    const parent = dirname(folder);
    if (top === undefined || folder === top || parent === folder) return {};
    folder = parent;
  }
}

async function readFirst(
  folder: string,
  candidates: readonly string[],
  isProject: boolean,
): Promise<Settings> {
  const path = candidates.map((name) => join(folder, name)).find((file) => existsSync(file));
  return path === undefined ? {} : readFile(path, isProject);
}

async function readFile(path: string, isProject: boolean): Promise<Settings> {
  const { readSettings } = await import('./read-settings.ts');
  return resolved(readSettings(readText(path), path, isProject), dirname(path));
}

/** Files named in settings count from where the settings stand. */
function resolved(settings: Settings, folder: string): Settings {
  return {
    ...settings,
    ...(settings.rules ? { rules: settings.rules.map((file) => resolve(folder, file)) } : {}),
    ...(settings.baseline === undefined ? {} : { baseline: resolve(folder, settings.baseline) }),
    ...(settings.stateDir === undefined
      ? {}
      : { stateDir: resolve(folder, fromHome(settings.stateDir)) }),
  };
}

function fromHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path}: cannot read this configuration file`, { cause: error });
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): Settings {
  const minConfidence = env['KEYWARDEN_MIN_CONFIDENCE'];
  const failOn = env['KEYWARDEN_FAIL_ON'];
  const baseline = env['KEYWARDEN_BASELINE'];
  const jobs = env['KEYWARDEN_JOBS'];
  if (jobs && !/^[1-9]\d{0,3}$/.test(jobs)) {
    throw new UserError(`KEYWARDEN_JOBS: "${jobs}" is no number of threads`);
  }
  return {
    ...(minConfidence
      ? { minConfidence: asOneOf(minConfidence, confidences, 'KEYWARDEN_MIN_CONFIDENCE') }
      : {}),
    ...(failOn ? { failOn: asOneOf(failOn, failLevels, 'KEYWARDEN_FAIL_ON') } : {}),
    ...(baseline ? { baseline } : {}),
    ...(jobs ? { jobs: Number(jobs) } : {}),
  };
}
