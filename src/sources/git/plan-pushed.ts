/** What a push brings → units: lines that its new commits introduce, their messages, new tags. However many. */
import type { Attributed } from '../../core/model/attributed.ts';
import type { Match } from '../../core/model/match.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { ObjectAccess, Unit } from '../../core/model/unit.ts';
import { UserError } from '../../core/model/user-error.ts';
import { readObjects } from './cat-file.ts';
import { readCommitFacts } from './commit-facts.ts';
import { firstLine, gitSync } from './git.ts';
import { commitUnits } from './plan-range.ts';
import { accessTo, type Repository } from './repository.ts';
import { existing } from './walk-new.ts';

export interface Pushed {
  /** What the refs will name: ids of commits or of tags. */
  readonly tips: readonly string[];
  /** What the other side has. Ids that are not here are left out: then more is looked into. */
  readonly known: readonly string[];
  /** Refs whose history the other side has too: of one remote, or all (on the server itself). */
  readonly knownRefs: { readonly remote: string } | 'all' | 'none';
}

export interface PushPlan {
  readonly range: string;
  readonly isEmpty: boolean;
  readonly units: Iterable<Unit | Problem>;
}

/** Throws UserError when git cannot tell what is new. */
export async function planPushed(repository: Repository, pushed: Pushed): Promise<PushPlan> {
  const { place } = repository;
  const access = accessTo(repository);
  const tips = [...new Set(pushed.tips)];
  const there = existing(repository, pushed.known);
  const known = pushed.known.filter((id) => there.has(id));
  const list = (tips: readonly string[], shape: readonly string[]): string[] => {
    if (tips.length === 0) return [];
    const input = [...tips, ...known.map((id) => `^${id}`)].map((id) => `${id}\n`).join('');
    const found = gitSync(place, ['rev-list', ...shape, '--stdin', ...exclusion(pushed)], input);
    if (found.code !== 0)
      throw new UserError(
        `what is pushed cannot be listed: ${firstLine(found.stderr)}; out of a shallow clone push again after: git fetch --unshallow`,
      );
    return found.stdout.toString().split('\n').filter(Boolean);
  };
  const commits = list(tips, []);
  const { tags, contents } = await behindTags(access, tips);
  const oids = [...tags, ...list(contents, ['--objects', '--no-object-names'])];
  const extra: Unit[] =
    oids.length === 0 ? [] : [{ kind: 'objects', access, oids, bytes: oids.length * 4_096 }];
  return {
    range: `${tips.join(' ')} --not ${known.join(' ')}`.trim(),
    isEmpty: commits.length === 0 && oids.length === 0,
    units: chain(commitUnits(repository, commits), extra),
  };
}

/** Tags, also of tags; and files or folders that a ref or a tag names, to which no commit leads. */
async function behindTags(access: ObjectAccess, tips: readonly string[]) {
  const tags: string[] = [];
  const contents: string[] = [];
  let level: readonly string[] = tips;
  while (level.length > 0) {
    const next: string[] = [];
    await readObjects(access, level, {
      object(oid, type, bytes) {
        if (type === 'tag') {
          tags.push(oid);
          const target = /^object ([0-9a-f]+)$/m.exec(bytes.toString('latin1'))?.[1];
          if (target !== undefined) next.push(target);
        } else if (type !== 'commit') contents.push(oid);
      },
      begin(oid) {
        contents.push(oid);
        return { push: () => undefined, end: () => undefined };
      },
      // rev-list has refused, or refuses, what is not here.
      missing: () => undefined,
      corrupt: () => undefined,
    });
    level = next;
  }
  return { tags, contents };
}

/** Which commit brought it; where it stands now is no question while it is on its way. */
export async function placePushed(
  repository: Repository,
  matches: readonly Match[],
): Promise<Attributed[]> {
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    const id = [match.rule, match.secret, pathOf(match)].join('\0');
    groups.set(id, [...(groups.get(id) ?? []), match]);
  }
  const commits = new Set(matches.map(commitOf).filter(Boolean));
  const facts = await readCommitFacts(repository, [...commits]);
  return [...groups.values()].flatMap((group): Attributed[] => {
    // git lists the newest first.
    const match = group.at(-1);
    if (!match) return [];
    const introduced = facts.get(commitOf(match));
    const git = { inHead: false, reachable: false, refs: [], refCount: 0 };
    const path = pathOf(match);
    return [
      {
        match,
        path,
        occurrences: group.length,
        ...(introduced ? { git: { ...git, introduced } } : {}),
      },
    ];
  });
}

function exclusion({ knownRefs }: Pushed): string[] {
  if (knownRefs === 'none') return [];
  return ['--not', knownRefs === 'all' ? '--all' : `--remotes=${knownRefs.remote}`];
}

function* chain<T>(...parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

function pathOf({ origin }: Match): string {
  switch (origin.kind) {
    case 'commit-message':
      return '(commit message)';
    case 'tag-message':
      return '(tag message)';
    case 'blob':
      return '(tagged file)';
    default:
      return origin.path;
  }
}

function commitOf({ origin }: Match): string {
  if (origin.kind === 'change') return origin.commit ?? '';
  return origin.kind === 'commit-message' ? origin.oid : '';
}
