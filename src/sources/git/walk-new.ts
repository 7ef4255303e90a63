/** What new tips reach and known ones do not: one bounded walk, which also tells what is missing. */
import type { Problem } from '../../core/model/problem.ts';
import { gitSync, streamGit } from './git.ts';
import { gitFailed, lineReader, missing } from './list-objects.ts';
import type { Repository } from './repository.ts';

export interface WalkedNew {
  /** Without `isListed`, none. */
  readonly oids: readonly string[];
  readonly problems: readonly Problem[];
  /** Those of the known tips that are there. */
  readonly known: readonly string[];
}

/** Walks from `tips` and all refs, not into what `known` reaches. */
export async function walkNew(
  repository: Repository,
  tips: readonly string[],
  known: readonly string[],
  isListed: boolean,
): Promise<WalkedNew> {
  const first = await walk(repository, tips, known, isListed);
  if (first.code === 0) return { ...first, known };
  // git refuses all tips for one that is gone: pruned since, or a ref to nothing.
  const there = existing(repository, [...tips, ...known]);
  const left = known.filter((id) => there.has(id));
  const lost = tips.filter((id) => !there.has(id));
  const starts = tips.filter((id) => there.has(id));
  const second = await walk(repository, starts, left, isListed);
  const failed = second.code === 0 ? [] : [gitFailed(repository, second.stderr)];
  return {
    oids: second.oids,
    problems: [...lost.map(missing), ...second.problems, ...failed],
    known: left,
  };
}

/** Which of these objects are there. */
export function existing({ place }: Repository, oids: readonly string[]): Set<string> {
  const input = `${oids.join('\n')}\n`;
  const found = gitSync(place, ['cat-file', '--batch-check=%(objectname)', '--buffer'], input);
  return new Set(found.stdout.toString('latin1').split('\n'));
}

/** Everything that these tips reach. They must be there. */
export async function walkAll(
  { place }: Repository,
  tips: readonly string[],
  take: (oid: string) => void,
): Promise<void> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-any', '--stdin'];
  await streamGit(place, args, tips.map((id) => `${id}\n`).join(''), lineReader(take));
}

async function walk(
  { place }: Repository,
  tips: readonly string[],
  known: readonly string[],
  isListed: boolean,
) {
  const oids: string[] = [];
  const problems: Problem[] = [];
  const lines = lineReader((line) => {
    if (line.startsWith('?')) problems.push(missing(line.slice(1)));
    else oids.push(line);
  });
  const shape = isListed ? '--no-object-names' : '--quiet';
  const input = [...tips, ...known.map((id) => `^${id}`)].map((line) => `${line}\n`).join('');
  const args = ['rev-list', '--objects', shape, '--missing=print', '--all', '--stdin'];
  const { code, stderr } = await streamGit(place, args, input, lines);
  return { oids, problems, code, stderr };
}
