/** The index → units: what the next commit would hold, only lines that it adds. */
import { UserError } from '../../core/model/user-error.ts';
import type { ChangedVersion, Unit } from '../../core/model/unit.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { stagedChanges, type StagedChange } from './direct/staged-changes.ts';
import { firstLine, gitSync } from './git.ts';
import { hasContent, knownParents, parseRawDiff, runRawDiff } from './raw-diff.ts';
import { accessTo, type Repository } from './repository.ts';

/** Nothing is yielded when the next commit adds nothing (a deletion, a mode change). */
export function* planStaged(repository: Repository): Generator<Unit> {
  yield* changeUnits(changedVersions(repository), accessTo(repository));
}

/**
 * As `planStaged`; but when one of these files has no staged change, somebody asks about files and
 * not about the next commit: then all that the index holds of them. Paths count from the work tree's top.
 */
export function* planStagedNames(
  repository: Repository,
  names: readonly string[],
): Generator<Unit> {
  const changed = changedVersions(repository);
  const isChanged = new Set(changed.map(({ path }) => path));
  const isAboutFiles = names.some((name) => !isChanged.has(name));
  const versions = isAboutFiles
    ? askGit(repository, emptyTree(repository)).filter(({ path }) => names.includes(path))
    : changed;
  yield* changeUnits(versions, accessTo(repository));
}

function changedVersions(repository: Repository): ChangedVersion[] {
  const changes = stagedChanges(repository);
  return changes?.map(asVersion) ?? askGit(repository, repository.head ?? emptyTree(repository));
}

function asVersion({ path, oid, before }: StagedChange): ChangedVersion {
  return { path: pathText(bytesOf(path)), oid, parents: before === undefined ? [] : [before] };
}

function askGit({ place }: Repository, base: string): ChangedVersion[] {
  const found = runRawDiff(place, ['diff-index', '--cached', '--end-of-options', base, '--']);
  if (found.code !== 0) throw new UserError(`the index cannot be read: ${firstLine(found.stderr)}`);
  const versions: ChangedVersion[] = [];
  parseRawDiff(found.stdout, (_commit, entry) => {
    if (!hasContent(entry)) return;
    versions.push({
      path: pathText(bytesOf(entry.path)),
      oid: entry.oid,
      parents: knownParents(entry),
    });
  });
  return versions;
}

const versionsPerUnit = 512;
/** Sizes are not asked: what a commit or a push changes is small beside a history. */
const bytesPerVersion = 16_384;

export function* changeUnits(
  versions: readonly ChangedVersion[],
  access: { readonly gitDir: string; readonly env: Readonly<Record<string, string>> },
): Generator<Unit> {
  for (let from = 0; from < versions.length; from += versionsPerUnit) {
    const some = versions.slice(from, from + versionsPerUnit);
    yield { kind: 'changes', access, versions: some, bytes: some.length * bytesPerVersion };
  }
}

/** Before the first commit everything staged is new. */
function emptyTree({ place }: Repository): string {
  return gitSync(place, ['hash-object', '-t', 'tree', '--stdin'], '').stdout.toString().trim();
}
