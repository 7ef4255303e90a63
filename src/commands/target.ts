/**
 * What the flags ask to look into → planned units, and how to place what is found. Each kind of
 * target is loaded when it is asked for: a commit waits for what a commit needs.
 */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Attributed } from '../core/model/attributed.ts';
import type { Config } from '../core/model/config.ts';
import type { Problem } from '../core/model/problem.ts';
import { allMatches, type UnitMatches } from '../core/model/repeats.ts';
import type { Target } from '../core/model/report.ts';
import type { KeptStream, Unit } from '../core/model/unit.ts';
import { UserError } from '../core/model/user-error.ts';
import type { attribute } from '../sources/git/attribute.ts';
import type { SeenObjects } from '../sources/git/history-state.ts';
import type { Expect } from '../sources/git/plan-history.ts';
import type { Pushed } from '../sources/git/plan-pushed.ts';
import { openRepository, repositoryAround, type Repository } from '../sources/git/repository.ts';
import { expandGlobs, shownPath } from './given-paths.ts';

/** What a scan looks into. */
export interface TargetRequest {
  readonly kind: Target['kind'];
  readonly paths: readonly string[];
  readonly range?: string;
  /** Range: what a push brings, instead. As a hook: git's variables say which objects are meant. */
  readonly pushed?: Pushed;
  /** Staged: files that are asked about, from the top of the work tree; see `planStagedNames`. */
  readonly names?: readonly string[];
  readonly stdinPath?: string;
  readonly gitignore: boolean;
  readonly unreachable: boolean;
  /** History: only what is new since the last complete run. */
  readonly sinceLast?: boolean;
  /** History: git unpacks every object. For comparison and for finding faults. */
  readonly wholeObjects?: boolean;
  readonly cwd: string;
}

export interface PlannedTarget {
  readonly target: Target;
  readonly units: Iterable<Unit | Problem> | AsyncIterable<Unit | Problem>;
  /** Adds what history says. `secretsIn`: asked of what else a path held. */
  place(
    found: readonly UnitMatches[],
    secretsIn: (bytes: Buffer) => ReadonlySet<string>,
  ): Promise<{ attributed: Attributed[]; problems: readonly Problem[] }>;
  /** Everything that a baseline covers is looked at, so that entries without a finding are unused. */
  readonly isWhole: boolean;
  /** To be called as soon as something was found, if it is there. */
  readonly noteFound?: () => void;
  /** What a later run need not look at once this one was complete. To be called behind the units. */
  readonly seen?: () => SeenObjects;
  /** Of a stream: what came, for a second look. */
  readonly kept?: KeptStream;
}

/** The repository that a request is about, if it is about one. */
export function repositoryOf({ kind, paths, pushed, cwd }: TargetRequest): Repository | undefined {
  if (kind === 'stdin') return undefined;
  const [path = '.'] = paths;
  if (kind === 'files') return repositoryAround(folderOf(resolve(cwd, path)));
  if (paths.length > 1)
    throw new UserError(`--${kind}: takes one repository, not ${paths.length} paths`);
  const isHook = pushed !== undefined || (kind === 'staged' && paths.length === 0);
  return openRepository(resolve(cwd, path), isHook);
}

/** git runs in folders only. */
function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
}

/** The last complete run of a history. */
export interface LastRun extends SeenObjects {
  readonly run: string;
}

export async function planTarget(
  request: TargetRequest,
  config: Config,
  repository: Repository | undefined,
  signal: AbortSignal,
  last?: LastRun,
  expect?: Expect,
): Promise<PlannedTarget> {
  const accepts = await pathFilter(config);
  const [path = '.'] = request.paths;
  const shown = shownPath(path, request.cwd);
  const facts = {
    kind: request.kind,
    path: shown,
    ...(repository?.head === undefined ? {} : { head: repository.head }),
    ...(repository ? { shallow: repository.isShallow } : {}),
  };
  if (request.kind === 'stdin') {
    const name = request.stdinPath ?? '(stdin)';
    const kept = { chunks: [], bytes: 0 };
    return {
      target: { ...facts, path: name },
      units: [{ kind: 'stdin', path: name, bytes: 0, kept }],
      place: placeAsFound(accepts),
      isWhole: false,
      kept,
    };
  }
  if (request.kind === 'files' || !repository) {
    const paths = await expandGlobs(request.paths.length > 0 ? request.paths : ['.'], request.cwd);
    const { planFiles } = await import('../sources/files/plan-files.ts');
    const { maxFileBytes } = config;
    const units = planFiles(paths, {
      cwd: request.cwd,
      gitignore: request.gitignore,
      signal,
      ...(accepts ? { accepts } : {}),
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
    });
    return {
      target: facts,
      units,
      place: placeAsFound(undefined),
      isWhole: request.paths.length === 0,
    };
  }
  return request.kind === 'history'
    ? planWholeOrNew(request, repository, facts, accepts, last, expect)
    : planRepository(request, repository, facts, accepts);
}

type PathFilter = ((path: string) => boolean) | undefined;

async function planWholeOrNew(
  request: TargetRequest,
  repository: Repository,
  facts: Target,
  accepts: PathFilter,
  last: LastRun | undefined,
  expect: Expect | undefined,
): Promise<PlannedTarget> {
  const { unreachable, wholeObjects = false, sinceLast = false } = request;
  const options = { unreachable, wholeObjects, ...(expect ? { expect } : {}) };
  const placeBy =
    (known: Parameters<typeof attribute>[2]): PlannedTarget['place'] =>
    async (found) => {
      if (found.every(({ matches }) => matches.length === 0)) {
        return { attributed: [], problems: [] };
      }
      const { attribute } = await import('../sources/git/attribute.ts');
      const { attributed, problems } = await attribute(repository, found, known);
      return accepted(attributed, problems, accepts);
    };
  if (last) {
    const { planIncrement } = await import('./since-last.ts');
    const { known, units, seen } = await planIncrement(repository, last, options);
    const target = { ...facts, sinceLast: { run: last.run } };
    return { target, units, place: placeBy(known), isWhole: false, seen };
  }
  const { planHistory } = await import('../sources/git/plan-history.ts');
  const watched = sinceLast
    ? await (await import('./since-last.ts')).watchWhole(repository, options)
    : undefined;
  const tips = watched?.tips ?? [];
  const { known, units, objects, noteFound } = await planHistory(repository, { ...options, tips });
  if (objects === 0)
    throw new UserError(`${facts.path}: this repository is empty: nothing to look at`);
  const seen = watched && { seen: watched.seen };
  return { target: facts, units, place: placeBy(known), isWhole: true, noteFound, ...seen };
}

async function planRepository(
  request: TargetRequest,
  repository: Repository,
  facts: Target,
  accepts: PathFilter,
): Promise<PlannedTarget> {
  if (request.kind === 'staged') {
    const { planStaged, planStagedNames } = await import('../sources/git/plan-staged.ts');
    const { names = [] } = request;
    const plan = names.length > 0 ? planStagedNames(repository, names) : planStaged(repository);
    const units = [...plan];
    const empty = units.length === 0 ? { empty: 'nothing is staged that adds content' } : {};
    return { target: { ...facts, ...empty }, units, place: placeAsFound(accepts), isWhole: false };
  }
  if (request.pushed) return planPush(request.pushed, repository, facts, accepts);
  const { planRange } = await import('../sources/git/plan-range.ts');
  const { range, commits, units } = planRange(repository, request.range ?? '');
  const empty = commits.length === 0 ? { empty: 'the range has no commits' } : {};
  return {
    target: { ...facts, range, ...empty },
    units,
    async place(found, secretsIn) {
      const { attributeRange } = await import('../sources/git/attribute-range.ts');
      const matches = found.flatMap(allMatches);
      const { attributed, problems } = await attributeRange(repository, matches, secretsIn);
      return accepted(attributed, problems, accepts);
    },
    isWhole: false,
  };
}

async function planPush(
  pushed: Pushed,
  repository: Repository,
  facts: Target,
  accepts: PathFilter,
): Promise<PlannedTarget> {
  const { planPushed, placePushed } = await import('../sources/git/plan-pushed.ts');
  const { range, isEmpty, units } = await planPushed(repository, pushed);
  const empty = isEmpty ? { empty: 'the push brings nothing new' } : {};
  return {
    target: { ...facts, range, ...empty },
    units,
    async place(found) {
      return accepted(await placePushed(repository, found.flatMap(allMatches)), [], accepts);
    },
    isWhole: false,
  };
}

/** Files, the index and streams: the place is where it was found. */
function placeAsFound(accepts: PathFilter): PlannedTarget['place'] {
  return (found) => {
    const attributed = found.flatMap(allMatches).map((match) => {
      const path = 'path' in match.origin ? match.origin.path : '';
      return { match, path, occurrences: 1 };
    });
    return Promise.resolve(accepted(attributed, [], accepts));
  };
}

/** Objects have their paths only now; what a glob leaves out is counted as for files. */
function accepted(
  attributed: readonly Attributed[],
  problems: readonly Problem[],
  accepts: PathFilter,
): { attributed: Attributed[]; problems: readonly Problem[] } {
  if (!accepts) return { attributed: [...attributed], problems };
  const isIn = attributed.filter(({ path }) => accepts(path));
  const left = new Set(attributed.flatMap(({ path }) => (accepts(path) ? [] : [path])));
  const excluded = [...left].map((where): Problem => {
    return { kind: 'excluded', where, message: 'left out by --include or --exclude' };
  });
  return { attributed: isIn, problems: [...problems, ...excluded] };
}

async function pathFilter({ include, exclude }: Config): Promise<PathFilter> {
  if (include.length === 0 && exclude.length === 0) return undefined;
  const { checkGlobs } = await import('../config/check-globs.ts');
  const { pathMatcher } = await import('../config/path-matcher.ts');
  checkGlobs(include, '--include');
  checkGlobs(exclude, '--exclude');
  const isIncluded = include.length === 0 ? (): boolean => true : pathMatcher(include);
  const isExcluded = exclude.length === 0 ? (): boolean => false : pathMatcher(exclude);
  return (path) => isIncluded(path) && !isExcluded(path);
}
