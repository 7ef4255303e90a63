/**
 * Matches in objects → their places in history: which commits, since when, still in HEAD, on which
 * refs, reachable or dangling. Paid only when something was found; never reads contents.
 */
import type { Attributed } from '../../core/model/attributed.ts';
import type { Match } from '../../core/model/match.ts';
import type { Problem } from '../../core/model/problem.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { readTags } from './commit-facts.ts';
import { ranks } from './commit-graph.ts';
import { readHistory, type History, type KnownObjects } from './history.ts';
import type { PathChange } from './history-log.ts';
import { listReachableNames } from './list-objects.ts';
import { pathVersions } from './path-versions.ts';
import { newMarks, placeAtPath, refsHolding, sum, type Placed } from './place.ts';
import type { Repository } from './repository.ts';
import { withFacts } from './with-facts.ts';

export interface Attribution {
  readonly attributed: Attributed[];
  readonly problems: Problem[];
}

export async function attribute(
  repository: Repository,
  matches: readonly Match[],
  known: KnownObjects,
): Promise<Attribution> {
  if (matches.length === 0) return { attributed: [], problems: [] };
  const keys = groupByKey(matches);
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
  readonly blobs: ReadonlyMap<string, readonly Match[]>;
  readonly commitMessages: ReadonlyMap<string, readonly Match[]>;
  readonly tagMessages: ReadonlyMap<string, readonly Match[]>;
}

interface MutableKey {
  blobs: Map<string, Match[]>;
  commitMessages: Map<string, Match[]>;
  tagMessages: Map<string, Match[]>;
}

function groupByKey(matches: readonly Match[]): Key[] {
  const keys = new Map<string, MutableKey>();
  for (const match of matches) {
    const { origin } = match;
    if (!('oid' in origin)) continue;
    const id = `${match.rule}\0${match.secret}`;
    const key = keys.get(id) ?? {
      blobs: new Map(),
      commitMessages: new Map(),
      tagMessages: new Map(),
    };
    keys.set(id, key);
    const table =
      origin.kind === 'commit-message'
        ? key.commitMessages
        : origin.kind === 'tag-message'
          ? key.tagMessages
          : key.blobs;
    const known = table.get(origin.oid);
    if (known) known.push(match);
    else table.set(origin.oid, [match]);
  }
  return [...keys.values()];
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
    const byName = new Map<
      string,
      { readonly oid: string; readonly matches: readonly Match[] }[]
    >();
    for (const [oid, matches] of list) {
      const name = named.get(oid);
      const path =
        name === undefined
          ? '(unreachable blob)'
          : name === ''
            ? '(tagged blob)'
            : pathText(bytesOf(name));
      byName.set(path, [...(byName.get(path) ?? []), { oid, matches }]);
    }
    return [...byName].flatMap(([path, blobs]): Placed[] => {
      const [first] = blobs;
      const match = first?.matches[0];
      if (!first || !match) return [];
      const refs = history.refs
        .filter(({ object, commit }) => object === first.oid || commit === first.oid)
        .map(({ name }) => name);
      const occurrences = sum(blobs.map(({ matches }) => matches.length));
      const reachable = path !== '(unreachable blob)';
      return [{ match, path, occurrences, inHead: false, reachable, refs, blob: first.oid }];
    });
  });
}

function placeMessages(keys: readonly Key[], history: History): Placed[] {
  const { graph, isReachable, head } = history;
  return keys.flatMap(({ commitMessages }) => {
    const found = [...commitMessages].flatMap(([oid, matches]) => {
      const index = graph.indexOf.get(oid);
      return index === undefined ? [] : [{ index, matches }];
    });
    if (found.length === 0) return [];
    const isAnyReachable = found.some(({ index }) => isReachable[index]);
    const counted = found
      .filter(({ index }) => !isAnyReachable || isReachable[index])
      .sort((a, b) => (graph.times[a.index] ?? 0) - (graph.times[b.index] ?? 0));
    const newest = counted.at(-1);
    const match = newest?.matches[0];
    if (!newest || !match) return [];
    const holds = new Uint8Array(graph.ids.length);
    for (const { index } of counted) holds[index] = 1;
    return [
      {
        match,
        path: '(commit message)',
        occurrences: sum(counted.map(({ matches }) => matches.length)),
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
    const match = first?.[1][0];
    if (!first || !match) return [];
    const author = facts.get(first[0]);
    return [
      {
        match,
        path: '(tag message)',
        occurrences: sum(sorted.map(([, matches]) => matches.length)),
        ...(author ? { author } : {}),
        inHead: false,
        reachable: refs.length > 0,
        refs,
      },
    ];
  });
}
