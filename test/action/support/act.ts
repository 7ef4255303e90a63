/** The action's built entry in clones as actions/checkout leaves them, with a real local remote. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolation, makeRepo, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { robotomailKey } from '../../support/sample.ts';
import { root } from '../../support/scan.ts';

export interface Ran {
  readonly code: number;
  readonly said: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export const zeros = '0'.repeat(40);
export const leak = (seed: string): string => `ROBOTOMAIL_API_KEY=${robotomailKey(seed)}\n`;

/** `actions/checkout` with its usual depth: one commit, on no branch. */
export function checkout(remote: Repo, id: string): string {
  const folder = makeTree();
  const git = (...args: string[]): void => {
    const done = spawnSync('git', args, { cwd: folder, env: isolation, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  };
  git('init', '-q');
  git('remote', 'add', 'origin', `file://${remote.path}`);
  git('fetch', '-q', '--no-tags', '--depth=1', 'origin', `+${id}:refs/remotes/pull/merge`);
  git('checkout', '-q', '--detach', id);
  return folder;
}

export function act(
  cwd: string,
  event: string,
  payload: unknown,
  inputs: Readonly<Record<string, string>> = {},
): Ran {
  const files = makeTree({ 'event.json': JSON.stringify(payload) });
  const given = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const done = spawnSync(process.execPath, [join(root, 'dist/action.cjs')], {
    cwd,
    encoding: 'utf8',
    env: {
      ...isolation,
      ...Object.fromEntries(given),
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: join(files, 'event.json'),
      GITHUB_OUTPUT: join(files, 'output'),
      GITHUB_STEP_SUMMARY: join(files, 'summary'),
    },
  });
  const read = (name: string): string =>
    existsSync(join(files, name)) ? readFileSync(join(files, name), 'utf8') : '';
  const lines = read('output').split('\n').filter(Boolean);
  return {
    code: done.status ?? -1,
    said: done.stdout + done.stderr,
    outputs: Object.fromEntries(lines.map((line) => line.split('=', 2))),
    summary: read('summary'),
  };
}

/** A remote whose main has an old key, and a branch of several commits that adds and removes one. */
export function remote(): { repo: Repo; base: string; first: string; head: string } {
  const repo = makeRepo();
  repo.git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  repo.commit({ files: { 'old.env': leak('old') } });
  const base = repo.commit({ files: { 'a.txt': '1\n' } });
  repo.branch('feature');
  const first = repo.commit({ files: { 'new.env': leak('new') } });
  const head = repo.commit({ remove: ['new.env'] });
  return { repo, base, first, head };
}
