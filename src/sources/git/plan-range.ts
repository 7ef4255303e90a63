/** A range of commits → units: the lines that exactly these commits introduce, and their messages. */
import type { Problem } from '../../core/model/problem.ts';
import type { ChangedVersion, Unit } from '../../core/model/unit.ts';
import { UserError } from '../../core/model/user-error.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { firstLine, gitSync } from './git.ts';
import { changeUnits } from './plan-staged.ts';
import { hasContent, knownParents, parseRawDiff, runRawDiff } from './raw-diff.ts';
import { accessTo, shallowEnds, type Repository } from './repository.ts';

export interface RangePlan {
  /** As resolved: `<oid>..<oid>`. */
  readonly range: string;
  readonly commits: readonly string[];
  readonly units: Iterable<Unit | Problem>;
}

/** Throws UserError, with the `git fetch` that cures it, when a side cannot be resolved. */
export function planRange(repository: Repository, text: string): RangePlan {
  const { from, to } = resolveRange(repository, text);
  const range = `${from}..${to}`;
  const found = gitSync(repository.place, ['rev-list', '--end-of-options', `^${from}`, to, '--']);
  if (found.code !== 0) {
    throw new UserError(`--range ${text}: ${firstLine(found.stderr)}; ${cure(repository, text)}`);
  }
  const commits = found.stdout.toString().split('\n').filter(Boolean);
  return { range, commits, units: commitUnits(repository, commits) };
}

/** The lines that these commits introduce, and their messages. */
export function* commitUnits(
  repository: Repository,
  commits: readonly string[],
): Generator<Unit | Problem> {
  if (commits.length === 0) return;
  const { place, gitDir } = repository;
  yield* shallowInside(repository, commits);
  const access = accessTo(repository);
  const found = runRawDiff(
    place,
    ['diff-tree', '--stdin', '-r', '-c', '--root'],
    `${commits.join('\n')}\n`,
  );
  if (found.code !== 0)
    yield { kind: 'git-failed', where: gitDir, message: firstLine(found.stderr) };
  const versions: ChangedVersion[] = [];
  parseRawDiff(found.stdout, (commit, entry) => {
    if (!hasContent(entry)) return;
    const path = pathText(bytesOf(entry.path));
    versions.push({ path, oid: entry.oid, parents: knownParents(entry), commit });
  });
  yield* changeUnits(versions, access);
  yield { kind: 'objects', access, oids: commits, bytes: commits.length * 512 };
}

interface Range {
  readonly from: string;
  readonly to: string;
}

function resolveRange(repository: Repository, text: string): Range {
  const symmetric = text.indexOf('...');
  const at = symmetric >= 0 ? symmetric : text.indexOf('..');
  if (at < 0)
    throw new UserError(`--range ${text}: write it as A..B or A...B; an omitted side is HEAD`);
  const dots = symmetric >= 0 ? 3 : 2;
  const from = resolveSide(repository, text.slice(0, at) || 'HEAD', text);
  const to = resolveSide(repository, text.slice(at + dots) || 'HEAD', text);
  if (dots === 2) return { from, to };
  const base = gitSync(repository.place, ['merge-base', from, to]);
  if (base.code !== 0) {
    throw new UserError(
      `--range ${text}: the two sides have no common commit here; ${repository.isShallow ? whole : 'write A..B, which needs none'}`,
    );
  }
  return { from: base.stdout.toString().trim(), to };
}

function resolveSide(repository: Repository, side: string, text: string): string {
  if (/^0+$/.test(side) && side.length >= 40) {
    throw new UserError(
      `--range ${text}: ${side} is git's word for "no commit"; name the commit to start from`,
    );
  }
  const found = gitSync(repository.place, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${side}^{commit}`,
  ]);
  // rev-parse of 2.39 prints the option's name as a line of its own.
  const oid = found.stdout
    .toString()
    .split('\n')
    .find((line) => /^[0-9a-f]{40,64}$/.test(line));
  if (found.code === 0 && oid !== undefined) return oid;
  throw new UserError(`--range ${text}: "${side}" is no commit here; ${cure(repository, side)}`);
}

const whole = 'this clone is shallow, get the rest with: git fetch --unshallow';

function cure({ isShallow, place }: Repository, side: string): string {
  if (isShallow) return whole;
  // `HEAD~3`, `main^`: git can only be asked for what they start from.
  const start = side.replace(/[~^@:].*$/, '');
  const isThere = gitSync(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', start]);
  if (start !== side && isThere.code === 0)
    return `${start} has no such commit before it; see: git log ${start}`;
  const remotes = gitSync(place, ['remote']).stdout.toString().split('\n').filter(Boolean);
  const named = remotes.find((remote) => start.startsWith(`${remote}/`));
  const remote = named ?? remotes.find((one) => one === 'origin') ?? remotes[0];
  if (remote === undefined) return 'no remote is known; name a commit that is here';
  const ref = named === undefined ? start : start.slice(named.length + 1);
  return `get it with: git fetch ${remote} ${ref || 'HEAD'}`;
}

/** Commits of the range whose parents were cut off: what they introduce cannot be told. */
function shallowInside(repository: Repository, commits: readonly string[]): Problem[] {
  const ends = new Set(shallowEnds(repository));
  return commits
    .filter((commit) => ends.has(commit))
    .map((commit) => ({
      kind: 'shallow-boundary',
      where: commit,
      message:
        'the range reaches the end of this shallow clone; get the rest with: git fetch --unshallow',
    }));
}
