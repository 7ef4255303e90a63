/**
 * Matches in objects → their places in history: which commits, since when, still in HEAD, on which
 * refs, reachable or dangling. Paid only when something was found; never reads contents.
 */
import type { Attributed } from '../../core/model/attributed.ts';
import type { Match } from '../../core/model/match.ts';
import type { Origin } from '../../core/model/origin.ts';
import type { Problem } from '../../core/model/problem.ts';
import { repeatsOf, type UnitMatches } from '../../core/model/repeats.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { readTags } from './commit-facts.ts';
import { ranks } from './commit-graph.ts';
import { readHistory, type History, type KnownObjects } from './history.ts';
import type { PathChange } from './history-log.ts';
import { listReachableNames } from './list-objects.ts';
import { pathVersions } from './path-versions.ts';
import { newMarks, placeAtPath, refsHolding, sum, type Held, type Placed } from './place.ts';
import type { Repository } from './repository.ts';
import { withFacts } from './with-facts.ts';

export interface Attribution {
  readonly attributed: Attributed[];
  readonly problems: Problem[];
}

export async function attribute(
  repository: Repository,
  found: readonly UnitMatches[],
  known: KnownObjects,
): Promise<Attribution> {
  if (found.every(({ matches }) => matches.length === 0)) return { attributed: [], problems: [] };
  const keys = groupByKey(found);
  const wanted = new Set(keys.flatMap(({ blobs }) => [...blobs.keys()]));
  const history = await readHistory(repository, { oids: wanted, accepts: () => true }, known);
  const placed = [
    ...placeKeys(keys, history),
    ...(await placeUnplaced(repository, keys, history)),
    ...placeMessages(keys, history),
    ...(await placeTags(repository, keys, history)),
  ];
  const attributed = await withFacts(repository, placed, ranks(history.graph));
  return { attributed, problems: [...history.problems] };
}

/** One rule's secret and the objects that hold it. */
interface Key {
  readonly blobs: Map<string, Held>;
  readonly commitMessages: Map<string, Held>;
  readonly tagMessages: Map<string, Held>;
}

function groupByKey(found: readonly UnitMatches[]): Key[] {
  const keys = new Map<string, Key>();
  const keyOf = ({ rule, secret }: Match): Key => {
    const id = `${rule}\0${secret}`;
    const known = keys.get(id);
    if (known) return known;
    const key = { blobs: new Map(), commitMessages: new Map(), tagMessages: new Map() };
    keys.set(id, key);
    return key;
  };
  for (const some of found) {
    const keysOf = some.matches.map((match) => ({ match, key: keyOf(match) }));
    for (const { match, key } of keysOf) {
      const { origin } = match;
      if ('oid' in origin) hold(objectsOf(key, origin), origin.oid, () => match);
    }
    // Most of all there is: their keys are not looked for again.
    const keyByMatch = new Map(keysOf.map(({ match, key }) => [match, key]));
    for (const { match, oid, make } of repeatsOf(some)) {
      const key = keyByMatch.get(match);
      if (key) hold(key.blobs, oid, make);
    }
  }
  return [...keys.values()];
}

function objectsOf(key: Key, { kind }: Origin): Map<string, Held> {
  if (kind === 'commit-message') return key.commitMessages;
  return kind === 'tag-message' ? key.tagMessages : key.blobs;
}

function hold(objects: Map<string, Held>, oid: string, first: () => Match): void {
  const known = objects.get(oid);
  if (known) known.count += 1;
  else objects.set(oid, { count: 1, first });
}

/** Every key at every path that ever held it. */
function placeKeys(keys: readonly Key[], history: History): Placed[] {
  const keysOf = new Map<string, Key[]>();
  for (const key of keys) {
    for (const oid of key.blobs.keys()) {
      const known = keysOf.get(oid);
      if (known) known.push(key);
      else keysOf.set(oid, [key]);
    }
  }
  const isHolder = (changes: readonly PathChange[]): boolean =>
    changes.some(({ now }) => keysOf.has(now));
  const placed: Placed[] = [];
  const marks = newMarks(history);
  for (const versions of pathVersions(history, isHolder)) {
    const here = new Set<Key>();
    for (const oid of versions.blobs) for (const key of keysOf.get(oid) ?? []) here.add(key);
    for (const key of here) {
      const one = placeAtPath(key.blobs, versions, history, marks);
      if (one) placed.push(one);
    }
  }
  return placed;
}

/** Blobs that no commit's tree holds: tagged directly, in the index only, or left over. */
async function placeUnplaced(
  repository: Repository,
  keys: readonly Key[],
  history: History,
): Promise<Placed[]> {
  const inTrees = new Set(
    [...history.changes.values()].flatMap((list) => list.map(({ now }) => now)),
  );
  const loose = keys.map((key) => [...key.blobs].filter(([oid]) => !inTrees.has(oid)));
  const wanted = new Set(loose.flatMap((list) => list.map(([oid]) => oid)));
  if (wanted.size === 0) return [];
  const named = await listReachableNames(repository, (oid) => wanted.has(oid));
  return loose.flatMap((list) => {
    const byName = new Map<string, { readonly oid: string; readonly held: Held }[]>();
    for (const [oid, held] of list) {
      const name = named.get(oid);
      const path =
        name === undefined
          ? '(unreachable blob)'
          : name === ''
            ? '(tagged blob)'
            : pathText(bytesOf(name));
      byName.set(path, [...(byName.get(path) ?? []), { oid, held }]);
    }
    return [...byName].flatMap(([path, blobs]): Placed[] => {
      const [first] = blobs;
      if (!first) return [];
      const match = first.held.first();
      const refs = history.refs
        .filter(({ object, commit }) => object === first.oid || commit === first.oid)
        .map(({ name }) => name);
      const occurrences = sum(blobs.map(({ held }) => held.count));
      const reachable = path !== '(unreachable blob)';
      return [{ match, path, occurrences, inHead: false, reachable, refs, blob: first.oid }];
    });
  });
}

function placeMessages(keys: readonly Key[], history: History): Placed[] {
  const { graph, isReachable, head } = history;
  return keys.flatMap(({ commitMessages }) => {
    const found = [...commitMessages].flatMap(([oid, held]) => {
      const index = graph.indexOf.get(oid);
      return index === undefined ? [] : [{ index, held }];
    });
    if (found.length === 0) return [];
    const isAnyReachable = found.some(({ index }) => isReachable[index]);
    const counted = found
      .filter(({ index }) => !isAnyReachable || isReachable[index])
      .sort((a, b) => (graph.times[a.index] ?? 0) - (graph.times[b.index] ?? 0));
    const newest = counted.at(-1);
    if (!newest) return [];
    const match = newest.held.first();
    const holds = new Uint8Array(graph.ids.length);
    for (const { index } of counted) holds[index] = 1;
    return [
      {
        match,
        path: '(commit message)',
        occurrences: sum(counted.map(({ held }) => held.count)),
        introduced: graph.ids[counted[0]?.index ?? newest.index] ?? '',
        lastPresent: graph.ids[newest.index] ?? '',
        inHead: head !== undefined && holds[head] === 1,
        reachable: isAnyReachable,
        refs: isAnyReachable ? refsHolding(history, holds) : [],
      },
    ];
  });
}

async function placeTags(
  repository: Repository,
  keys: readonly Key[],
  history: History,
): Promise<Placed[]> {
  const oids = [...new Set(keys.flatMap(({ tagMessages }) => [...tagMessages.keys()]))];
  if (oids.length === 0) return [];
  const facts = await readTags(repository, oids);
  const holdersOf = (oid: string): string[] =>
    history.refs.filter(({ object }) => object === oid).map(({ name }) => name);
  return keys.flatMap(({ tagMessages }) => {
    const refs = [...new Set([...tagMessages.keys()].flatMap(holdersOf))];
    const sorted = [...tagMessages].sort(([a], [b]) => holdersOf(b).length - holdersOf(a).length);
    const [first] = sorted;
    if (!first) return [];
    const match = first[1].first();
    const author = facts.get(first[0]);
    return [
      {
        match,
        path: '(tag message)',
        occurrences: sum(sorted.map(([, { count }]) => count)),
        ...(author ? { author } : {}),
        inHead: false,
        reachable: refs.length > 0,
        refs,
      },
    ];
  });
}
