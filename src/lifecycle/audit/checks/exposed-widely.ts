/** One key in several repositories, or in places of several environments. */
import { called, type Account } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { noReport } from '../exposed-words.ts';
import { environmentNamed, environmentsIn } from '../names.ts';

export const exposedWidely: Check = {
  id: 'key-shared',
  severity: 'high',
  title: 'The key is used in several repositories or environments',
  why: 'A key that several programs share cannot be taken from one of them alone, and what leaks at the least guarded place opens all.',
  remedy: 'Give each program and each environment a key of its own, then rotate this one.',
  run: (account) => {
    const { keys, exposures } = account;
    if (!exposures) return skipped(noReport);
    return eachKey(keys, (key) => {
      const places = (exposures.keys.get(key.id) ?? []).flatMap(({ found }) => found.places);
      const repositories = new Set(places.map(({ repository }) => repository));
      const reports = [...new Set(places.map(({ report }) => report))].sort();
      const environments = environmentsOf(
        key.id,
        places.map(({ path }) => path),
        account,
      );
      const told = [
        ...(repositories.size > 1
          ? [`in ${repositories.size} repositories (${reports.join(', ')})`]
          : []),
        ...(environments.length > 1 ? [`in places of ${environments.join(' and ')}`] : []),
      ];
      return told.length === 0 ? undefined : `${called(key)} was found ${told.join(' and ')}`;
    });
  },
};

/** Those that the paths name, and the one that the inventory gives the key. */
function environmentsOf(
  keyId: string,
  paths: readonly string[],
  { inventory }: Account,
): readonly string[] {
  const named = paths.flatMap(environmentsIn);
  if (named.length === 0) return [];
  const own = inventory?.entries.get(keyId)?.environment;
  const meant = own === undefined ? [] : [environmentNamed(own) ?? own];
  return [...new Set([...meant, ...named])].sort();
}
