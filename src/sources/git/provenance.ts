/** Where a repository comes from: remote and branch. The one use of simple-git while scanning. */
import { simpleGit } from 'simple-git';
import { findGit } from './find-git.ts';
import type { Repository } from './repository.ts';

export interface Provenance {
  /** Without user and password. */
  readonly remote?: string;
  readonly branch?: string;
}

/**
 * Reads configuration only, which starts no program. git gets an environment without anything that
 * could turn it elsewhere. A repository without a remote has no provenance.
 */
export async function readProvenance({ gitDir }: Repository): Promise<Provenance> {
  const git = simpleGit({
    baseDir: gitDir,
    binary: findGit(),
    // Any path may hold a space; ours is no user's choice.
    unsafe: { allowUnsafeCustomBinary: true },
  }).env(plainEnvironment());
  const remotes = await git.getRemotes(true);
  const origin = remotes.find(({ name }) => name === 'origin') ?? remotes[0];
  const remote = withoutCredentials(origin?.refs.fetch ?? '');
  const branch = await git.raw(['symbolic-ref', '--quiet', '--short', 'HEAD']).catch(() => '');
  return {
    ...(remote === undefined ? {} : { remote }),
    ...(branch.trim() === '' ? {} : { branch: branch.trim() }),
  };
}

const passedOn = ['PATH', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'SystemRoot'];

function plainEnvironment(): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/** Only addresses that a report may show: paths of this machine stay out. */
function withoutCredentials(address: string): string | undefined {
  const scp = /^(?:[^@/]+@)?([\w.-]+):(?!\/\/)([^:]+)$/.exec(address);
  if (scp) return `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!/^(https?|ssh|git):$/.test(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
