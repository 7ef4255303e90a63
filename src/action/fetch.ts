/** Brings what a scan needs into a shallow clone: as little as it takes, or the whole, or an error. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/model/user-error.ts';
import { ownGit, type OwnOptions } from '../hooks/own-git.ts';
import type { Asked } from './event.ts';

/** Commits more with each try; then all. Chosen: most branches end within the first. */
const depths = [64, 512, 4_096];

/** The range as a scan takes it; undefined when only the whole history of `to` will do. Throws UserError. */
export function bringRange(
  asked: Extract<Asked, { kind: 'range' }>,
  options: OwnOptions,
): string | undefined {
  bring(asked.to, options);
  const start = startOf(asked, options);
  if (start === undefined) return undefined;
  const range = `${start.from}${start.isSymmetric ? '...' : '..'}${asked.to}`;
  for (const depth of depths) {
    if (isWhole(start, asked.to, options)) return range;
    ownGit(['fetch', '--no-tags', `--deepen=${depth}`, 'origin', start.from, asked.to], options);
  }
  if (!isWhole(start, asked.to, options)) {
    const found = ownGit(
      ['fetch', '--no-tags', '--unshallow', 'origin', start.from, asked.to],
      options,
    );
    if (!isWhole(start, asked.to, options)) throw failed(range, found.said);
  }
  return range;
}

/** All branches and tags with all of their history. What git said where only what is here could be had. */
export function bringAll(options: OwnOptions): string | undefined {
  const shape = isShallow(options) ? ['--unshallow'] : [];
  const found = ownGit(
    ['fetch', '--tags', '--force', ...shape, 'origin', '+refs/heads/*:refs/remotes/origin/*'],
    options,
  );
  if (found.code === 0) return undefined;
  if (isShallow(options)) throw failed('the whole history', found.said);
  // Without a remote, what is here is all that there is.
  const hasRemote = ownGit(['config', '--get-regexp', '^remote\\.origin\\.'], options).code === 0;
  return hasRemote ? lastLine(found.said) : undefined;
}

/** A step before this one has to check the repository out. Throws UserError where none did. */
export function expectRepository(options: OwnOptions): void {
  const found = ownGit(['rev-parse', '--git-dir'], options);
  if (found.code === 0) return;
  throw new UserError(
    `path: ${lastLine(found.said)}; a step with actions/checkout has to come before this one`,
  );
}

interface Start {
  readonly from: string;
  readonly isSymmetric: boolean;
}

function startOf(asked: Extract<Asked, { kind: 'range' }>, options: OwnOptions): Start | undefined {
  const { from, fallback, isSymmetric } = asked;
  if (from !== undefined && (isHere(from, options) || tryBring(from, options)))
    return { from, isSymmetric };
  if (from !== undefined && isSymmetric) throw failed(from, 'the remote does not give it');
  if (fallback === undefined) return undefined;
  const found = ownGit(
    ['fetch', '--no-tags', '--depth=1', 'origin', fallback].filter(
      (word) => word !== '--depth=1' || isShallow(options),
    ),
    options,
  );
  if (found.code !== 0) throw failed(fallback, found.said);
  const main = ownGit(['rev-parse', '--verify', 'FETCH_HEAD'], options).stdout.trim();
  return { from: main, isSymmetric: true };
}

function bring(id: string, options: OwnOptions): void {
  if (!isHere(id, options) && !tryBring(id, options))
    throw failed(id, 'it is neither here nor does the remote give it');
}

/** `--depth` on a clone that is whole would cut it. */
function tryBring(id: string, options: OwnOptions): boolean {
  const depth = isShallow(options) ? ['--depth=1'] : [];
  ownGit(['fetch', '--no-tags', ...depth, 'origin', id], options);
  return isHere(id, options);
}

/** Both ends hang together, and no end of a shallow clone lies between them. */
function isWhole({ from, isSymmetric }: Start, to: string, options: OwnOptions): boolean {
  if (!isShallow(options)) return true;
  const base = isSymmetric ? ownGit(['merge-base', from, to], options) : undefined;
  if (base && base.code !== 0) return false;
  const start = base ? base.stdout.trim() : from;
  const between = ownGit(['rev-list', `^${start}`, to], options);
  if (between.code !== 0) return false;
  const path = ownGit(['rev-parse', '--git-path', 'shallow'], options).stdout.trim();
  const ends = new Set(readLines(path, options));
  return !between.stdout.split('\n').some((commit) => ends.has(commit));
}

function isHere(id: string, options: OwnOptions): boolean {
  return ownGit(['cat-file', '-e', `${id}^{commit}`], options).code === 0;
}

function isShallow(options: OwnOptions): boolean {
  return ownGit(['rev-parse', '--is-shallow-repository'], options).stdout.trim() === 'true';
}

function readLines(path: string, { cwd }: OwnOptions): string[] {
  try {
    return readFileSync(resolve(cwd, path), 'latin1').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function failed(what: string, said: string): UserError {
  return new UserError(
    `${what} cannot be had from the remote (${lastLine(said)}); check out with fetch-depth: 0`,
  );
}

/** What git says last, but for a hint behind what is wrong. */
function lastLine(said: string): string {
  const lines = said.trim().split('\n');
  return lines.find((line) => line.includes('not a git repository')) ?? lines.at(-1) ?? '';
}
