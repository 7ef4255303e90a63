/** Which objects there are: every one of the database, or what refs and stash entries reach. */
import type { Repository } from './repository.ts';
import { firstLine, gitSync, streamGit } from './git.ts';
import type { Problem } from '../../core/model/problem.ts';

type Place = Pick<Repository, 'gitDir' | 'place'>;

export interface ListedObject {
  readonly oid: string;
  readonly type: string;
  /** Unpacked. */
  readonly bytes: number;
}

/** All objects of the database in the order of the packs. */
export async function listObjects(
  repository: Repository,
  take: (object: ListedObject) => void,
): Promise<Problem[]> {
  const all = ['--batch-all-objects', '--unordered'];
  const { problems, code, stderr } = await checkBatch(repository, all, '', take);
  return code === 0 ? problems : [...problems, gitFailed(repository, stderr)];
}

/** A pack can be made so that git gives up at each of its objects: every time a new one is started. */
const mostFailures = 64;

/**
 * Of these objects what they are, in the order given. An object at which git gives up
 * is reported as corrupt and listing goes on behind it.
 */
export async function listGiven(
  repository: Repository,
  oids: readonly string[],
  take: (object: ListedObject) => void,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  let done = 0;
  for (let failures = 0; done < oids.length; failures += 1) {
    const input = `${oids.slice(done).join('\n')}\n`;
    const listed = await checkBatch(repository, [], input, take);
    problems.push(...listed.problems);
    done += listed.lines;
    if (done >= oids.length) break;
    if (failures === mostFailures) return [...problems, gitFailed(repository, listed.stderr)];
    const message = firstLine(listed.stderr) || 'git ended early';
    problems.push({ kind: 'corrupt-object', where: oids[done] ?? '', message });
    done += 1;
  }
  return problems;
}

interface Listed {
  readonly problems: Problem[];
  /** Objects that git said something of. */
  readonly lines: number;
  readonly code: number;
  readonly stderr: string;
}

async function checkBatch(
  repository: Repository,
  args: readonly string[],
  input: string,
  take: (object: ListedObject) => void,
): Promise<Listed> {
  const problems: Problem[] = [];
  let lines = 0;
  const read = lineReader((line) => {
    const [oid = '', type = '', bytes = ''] = line.split(' ');
    lines += 1;
    if (type === 'missing') problems.push(unreadable(oid));
    else take({ oid, type, bytes: Number(bytes) });
  });
  const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
  const { code, stderr } = await streamGit(
    repository.place,
    ['cat-file', format, '--buffer', ...args],
    input,
    read,
  );
  return { problems, lines, code, stderr };
}

/** Object ids that refs (all of them, HEAD too), stash entries and `tips` reach, and those that are missing. */
export async function listReachable(
  repository: Repository,
  tips: readonly string[],
  take: (oid: string) => void,
): Promise<Problem[]> {
  return walkReachable(repository, ['--no-object-names'], tips, take);
}

/** Only what is missing: git need not print the rest. */
export async function listMissing(repository: Place, tips: readonly string[]): Promise<Problem[]> {
  return walkReachable(repository, ['--quiet'], tips, () => undefined);
}

async function walkReachable(
  repository: Place,
  args: readonly string[],
  tips: readonly string[],
  take: (oid: string) => void,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const lines = lineReader((line) => {
    if (line.startsWith('?')) problems.push(missing(line.slice(1)));
    else take(line);
  });
  const result = await streamGit(
    repository.place,
    ['rev-list', '--objects', ...args, '--missing=print', '--all', '--stdin'],
    `${[...stashEntries(repository), ...tips].join('\n')}\n`,
    lines,
  );
  if (result.code !== 0) problems.push(gitFailed(repository, result.stderr));
  return problems;
}

/** Commits of all stash entries, newest first; the older ones are in the reflog only. */
export function stashEntries({ place }: Place): string[] {
  const found = gitSync(place, [
    'rev-list',
    '--walk-reflogs',
    '--ignore-missing',
    'refs/stash',
    '--',
  ]);
  return found.code === 0 ? found.stdout.toString().split('\n').filter(Boolean) : [];
}

export function lineReader(take: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  };
}

export function missing(oid: string): Problem {
  return {
    kind: 'missing-object',
    where: oid,
    message: 'is named by the history but not in the object database',
  };
}

/** Of an object that an index names. */
export function unreadable(oid: string): Problem {
  return { kind: 'corrupt-object', where: oid, message: 'its header cannot be read' };
}

export function gitFailed(repository: Place, stderr: string): Problem {
  return { kind: 'git-failed', where: repository.gitDir, message: firstLine(stderr) };
}

/** Of wanted objects that refs reach: the path by which git met them, empty for a tagged blob. */
export async function listReachableNames(
  repository: Repository,
  isWanted: (oid: string) => boolean,
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const lines = lineReader((line) => {
    const end = line.indexOf(' ');
    const oid = end < 0 ? line : line.slice(0, end);
    if (isWanted(oid)) names.set(oid, end < 0 ? '' : line.slice(end + 1));
  });
  const args = ['rev-list', '--objects', '--missing=allow-any', '--all'];
  await streamGit(repository.place, args, '', lines);
  return names;
}
