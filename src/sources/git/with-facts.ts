/** Places → what the report says of them, with author and date of the commits read once. */
import type { Attributed } from '../../core/model/attributed.ts';
import type { GitFacts } from '../../core/model/finding.ts';
import { readCommitFacts } from './commit-facts.ts';
import type { Placed } from './place.ts';
import type { Repository } from './repository.ts';

const mostRefs = 20;

export async function withFacts(
  repository: Repository,
  placed: readonly Placed[],
  rankOf: (commit: string) => number,
): Promise<Attributed[]> {
  const wanted = new Set(
    placed.flatMap((one) =>
      [one.introduced ?? [], one.inHead ? [] : (one.lastPresent ?? [])].flat(),
    ),
  );
  const facts = await readCommitFacts(repository, [...wanted]);
  return placed.map((one) => {
    const found = one.author ?? facts.get(one.introduced ?? '');
    const introduced = found && { ...found, rank: rankOf(found.commit) };
    const lastDate = one.inHead ? undefined : facts.get(one.lastPresent ?? '')?.date;
    const git: GitFacts = {
      ...(introduced ? { introduced } : {}),
      ...(one.lastPresent === undefined ? {} : { lastPresent: one.lastPresent }),
      ...(lastDate === undefined ? {} : { lastPresentDate: lastDate }),
      inHead: one.inHead,
      reachable: one.reachable,
      refs: one.refs.slice(0, mostRefs),
      refCount: one.refs.length,
      ...(one.blob === undefined ? {} : { blob: one.blob }),
    };
    return { match: one.match, path: one.path, occurrences: one.occurrences, git };
  });
}
