/** Matches in a range of commits → who introduced them there, and where they stand now. */
import type { Match } from '../../core/model/match.ts';
import { bytesOf, pathText } from '../files/path-text.ts';
import { attribute, type Attribution } from './attribute.ts';
import { readObjects } from './cat-file.ts';
import { ranks } from './commit-graph.ts';
import { readHistory, type History, type KnownObjects } from './history.ts';
import { pathVersions, type PathVersions } from './path-versions.ts';
import { newMarks, placeAtPath, type Placed } from './place.ts';
import { accessTo, type Repository } from './repository.ts';
import { withFacts } from './with-facts.ts';

/** A range is made of what refs reach; the rest of the database is not asked for. */
const nothingElse: KnownObjects = { commits: () => [] };

/**
 * Only new lines were looked into; to tell since when and until when a path holds a secret, the
 * other versions of that path are searched for it. `secretsIn`: the secrets in bytes by the rules of the run, also those
 * that are encoded.
 */
export async function attributeRange(
  repository: Repository,
  matches: readonly Match[],
  secretsIn: (bytes: Buffer) => ReadonlySet<string>,
): Promise<Attribution> {
  const changes = matches.filter(({ origin }) => origin.kind === 'change');
  const messages = await attribute(
    repository,
    [{ matches: matches.filter(({ origin }) => origin.kind !== 'change') }],
    nothingElse,
  );
  if (changes.length === 0) return messages;
  const groups = groupByPlace(changes);
  const paths = new Set(groups.map(({ path }) => path));
  const history = await readHistory(
    repository,
    { accepts: (path) => paths.has(pathText(bytesOf(path))) },
    nothingElse,
  );
  const contents = await findSecrets(repository, groups, history, secretsIn);
  const versions = [...pathVersions(history, () => true)];
  const placed = groups.map((group) => placeGroup(group, history, contents, versions));
  return {
    attributed: [
      ...messages.attributed,
      ...(await withFacts(repository, placed, ranks(history.graph))),
    ],
    problems: [...messages.problems, ...history.problems],
  };
}

/** One rule's secret at one path of the range. */
interface Group {
  readonly path: string;
  readonly secret: string;
  readonly matches: readonly Match[];
}

function groupByPlace(matches: readonly Match[]): Group[] {
  const groups = new Map<string, { path: string; secret: string; matches: Match[] }>();
  for (const match of matches) {
    if (match.origin.kind !== 'change') continue;
    const { path } = match.origin;
    const id = [match.rule, match.secret, path].join('\0');
    const group = groups.get(id) ?? { path, secret: match.secret, matches: [] };
    group.matches.push(match);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** By object id: which of the secrets wanted at its path it holds. */
async function findSecrets(
  repository: Repository,
  groups: readonly Group[],
  history: History,
  secretsIn: (bytes: Buffer) => ReadonlySet<string>,
): Promise<Map<string, Set<string>>> {
  const secretsAt = new Map<string, Set<string>>();
  for (const { path, secret } of groups) {
    secretsAt.set(path, (secretsAt.get(path) ?? new Set()).add(secret));
  }
  const wanted = new Map<string, Set<string>>();
  for (const [path, list] of history.changes) {
    const secrets = secretsAt.get(pathText(bytesOf(path))) ?? new Set<string>();
    for (const { now } of list) {
      if (/^0+$/.test(now)) continue;
      const known = wanted.get(now) ?? new Set();
      for (const secret of secrets) known.add(secret);
      wanted.set(now, known);
    }
  }
  const found = new Map<string, Set<string>>();
  await readObjects(accessTo(repository), [...wanted.keys()], {
    object(oid, _type, bytes) {
      const secrets = [...(wanted.get(oid) ?? [])];
      const plain = new Set(secrets.filter((secret) => holdsSecret(bytes, secret)));
      // Looking for what is encoded takes longer.
      const others = plain.size < secrets.length ? secretsIn(bytes) : plain;
      const held = secrets.filter((secret) => plain.has(secret) || others.has(secret));
      if (held.length > 0) found.set(oid, new Set(held));
    },
    begin: () => ({ push: () => undefined, end: () => undefined }),
    missing: () => undefined,
    corrupt: () => undefined,
  });
  return found;
}

/** As plain text or as UTF-16 of either byte order. */
function holdsSecret(bytes: Buffer, secret: string): boolean {
  const wide = Buffer.from(secret, 'utf16le');
  return (
    bytes.includes(secret) || bytes.includes(wide) || bytes.includes(Buffer.from(wide).swap16())
  );
}

function placeGroup(
  group: Group,
  history: History,
  contents: ReadonlyMap<string, Set<string>>,
  versions: readonly PathVersions[],
): Placed {
  const { graph } = history;
  const timeOf = (match: Match): number =>
    graph.times[graph.indexOf.get(commitOf(match)) ?? -1] ?? Infinity;
  const sorted = [...group.matches].sort((a, b) => timeOf(a) - timeOf(b));
  const [earliest] = sorted;
  const last = sorted.at(-1);
  // Of several places in one version the first is shown, as in a tree.
  const newest = sorted.find((match) => last !== undefined && isSameVersion(match, last));
  if (!earliest || !newest) throw new Error('a group of matches is never empty');
  const holders = [...contents].filter(([, secrets]) => secrets.has(group.secret));
  const held = { count: 1, first: () => newest };
  const blobs = new Map(holders.map(([oid]) => [oid, held]));
  for (const match of group.matches) if ('oid' in match.origin) blobs.set(match.origin.oid, held);
  const standing = versions
    .filter(({ path }) => pathText(bytesOf(path)) === group.path)
    .map((one) => placeAtPath(blobs, one, history, newMarks(history)))
    .find((one) => one !== undefined);
  return {
    ...(standing ?? { inHead: false, reachable: false, refs: [] }),
    match: newest,
    path: group.path,
    introduced: commitOf(earliest),
    occurrences: group.matches.length,
  };
}

function isSameVersion({ origin }: Match, { origin: other }: Match): boolean {
  if (origin.kind !== 'change' || other.kind !== 'change') return false;
  return origin.commit === other.commit && origin.oid === other.oid;
}

function commitOf({ origin }: Match): string {
  return origin.kind === 'change' ? (origin.commit ?? '') : '';
}
