/** A repository to scan, a program that tells when it was run, and ways to make git run it. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/core/model/report.ts';
import { makeRepo, repoAt, type Repo } from '../support/make-repo.ts';
import { addToTree, makeTree } from '../support/make-tree.ts';
import { agentmailKey, githubToken, robotomailKey } from '../support/sample.ts';
import { pathsOf, scanHistory, scanRange, scanStaged } from '../support/scan.ts';
import { scan } from '../../src/commands/library.ts';

export interface Canary {
  /** A program that does nothing but leave its mark. */
  readonly program: string;
  /** A folder of such programs, one for each hook that git knows. */
  readonly hooks: string;
  /** A file that must not come to be. */
  readonly mark: string;
  readonly isSprung: () => boolean;
  readonly reset: () => void;
}

const hookNames = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-auto-gc',
  'pre-commit',
  'pre-push',
  'pre-receive',
  'prepare-commit-msg',
  'proc-receive',
  'push-to-checkout',
  'reference-transaction',
  'update',
];

export function makeCanary(): Canary {
  const folder = makeTree({ 'marks/': '' });
  const mark = join(folder, 'marks/sprung');
  const program = join(folder, 'program');
  const text = `#!/bin/sh\n: > '${mark}'\n`;
  const hooks = hookNames.map((name) => `hooks/${name}`);
  addToTree(folder, Object.fromEntries(['program', ...hooks].map((path) => [path, text])));
  for (const path of ['program', ...hooks]) chmodSync(join(folder, path), 0o755);
  return {
    program,
    hooks: join(folder, 'hooks'),
    mark,
    isSprung: () => readdirSync(join(folder, 'marks')).length > 0,
    reset: () => rmSync(mark, { recursive: true, force: true }),
  };
}

/** Keys in HEAD, in the index and in the work tree, under attributes that name the driver `trap`. */
export function makeBait(): Repo {
  const repo = makeRepo();
  const attributes = '*.env diff=trap filter=trap merge=trap\n';
  repo.commit({ files: { '.gitattributes': attributes, a: '1\n', 'first.env': 'A=1\n' } });
  const key = robotomailKey('trap');
  repo.commit({ files: { 'old.env': `ROBOTOMAIL_API_KEY=${key}\n`, 'first.env': 'A=2\n' } });
  repo.write({ 'new.env': `AGENTMAIL_API_KEY=${agentmailKey('trap')}\n` });
  repo.git(['add', 'new.env']);
  repo.write({ 'work.env': `T=${githubToken('trap')}\n`, 'first.env': 'A=3\n' });
  return repo;
}

/** Adds lines to the repository's own configuration, as a hostile archive brings them. */
export function configure({ path }: Repo, lines: readonly string[]): void {
  const file = existsSync(join(path, '.git/config')) ? '.git/config' : 'config';
  appendFileSync(join(path, file), `${lines.join('\n')}\n`);
}

/** The same repository once more, for plain git to run into the trap without spoiling the first. */
export function copyOf({ path }: Repo): Repo {
  const copy = join(makeTree(), 'copy');
  execFileSync('cp', ['-a', path, copy]);
  return repoAt(copy);
}

export interface Sights {
  readonly files: Report;
  readonly history: Report;
  readonly staged: Report;
  readonly range: Report;
}

/** All kinds of scans of the bait, in this process. */
export async function scanEverything(repo: Repo): Promise<Sights> {
  return {
    files: await scan({ paths: [repo.path] }).report,
    history: await scanHistory(repo),
    staged: await scanStaged(repo),
    range: await scanRange(repo, 'HEAD~1..HEAD'),
  };
}

/** That the scans did look. */
export const everySight = {
  files: ['new.env', 'old.env', 'work.env'],
  history: ['(unreachable blob)', 'old.env'],
  staged: ['new.env'],
  range: ['old.env'],
} as const;

export function pathsIn(sights: Sights): Record<keyof Sights, string[]> {
  return {
    files: pathsOf(sights.files),
    history: pathsOf(sights.history),
    staged: pathsOf(sights.staged),
    range: pathsOf(sights.range),
  };
}
