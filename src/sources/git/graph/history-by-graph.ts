/** The history as its commits and trees tell it, read without git: see read-graph.ts. */
import type { Problem } from '../../../core/model/problem.ts';
import { ancestors, buildGraph, type CommitGraph } from '../commit-graph.ts';
import type { ToldHistory } from '../history-by-log.ts';
import type { PathChange, WantedChanges } from '../history-log.ts';
import { idBytesOf, shallowEnds, type Repository } from '../repository.ts';
import type { LinksUnit } from './link-check.ts';
import { readGraph, type GraphCommit, type GraphSource, type ObjectGraph } from './read-graph.ts';
import { emptyNode, UnknownTree, wantedNodes } from './wanted-nodes.ts';

interface GraphHistory extends ToldHistory {
  /** Everything is there that the objects of `links` name. */
  readonly isLinked: boolean;
}

/** `tips`: what the walk starts from. Undefined when only git can tell: something is missing or damaged. */
export async function historyByGraph(
  repository: Repository,
  { oids, accepts }: WantedChanges,
  source: GraphSource,
  tips: readonly string[],
  links?: LinksUnit,
): Promise<GraphHistory | undefined> {
  if (!oids) return undefined;
  const blobs = [...oids];
  const read = await readGraph(source, blobs, idBytesOf(repository), links);
  if (!read) return undefined;
  const commits = withoutLost(read.commits, shallowEnds(repository));
  const graph = buildGraph(commits);
  const reached = ancestors(
    graph,
    tips.flatMap((id) => graph.indexOf.get(id) ?? []),
  );
  if (!areParentsThere(commits, graph, reached)) return undefined;
  try {
    const { changes, problems } = readChanges(
      repository,
      { ...read, commits },
      graph,
      blobs,
      accepts,
    );
    const met = new Set(graph.ids.filter((_, index) => reached[index]));
    return { graph, changes, met, problems, isLinked: read.isLinked === true };
  } catch (error) {
    if (error instanceof UnknownTree) return undefined;
    throw error;
  }
}

/** A shallow clone may have the parents of the commits at which it ends; they are not its history. */
function withoutLost(commits: readonly GraphCommit[], ends: readonly string[]): GraphCommit[] {
  const isEnd = new Set(ends);
  return commits.map((commit) => (isEnd.has(commit.id) ? { ...commit, parents: [] } : commit));
}

function areParentsThere(
  commits: readonly GraphCommit[],
  { indexOf }: CommitGraph,
  reached: Uint8Array,
): boolean {
  return commits.every(
    ({ id, parents }) =>
      !reached[indexOf.get(id) ?? 0] || parents.every((parent) => indexOf.has(parent)),
  );
}

/** Chosen: a tree can be made that holds one file at more paths than there are atoms. */
const mostChanges = 1 << 19;

function readChanges(
  { gitDir }: Repository,
  { commits, trees }: ObjectGraph,
  { ids, indexOf, firstParents }: CommitGraph,
  blobs: readonly string[],
  accepts: WantedChanges['accepts'],
): { readonly changes: PathChange[]; readonly problems: Problem[] } {
  const nodes = wantedNodes(trees);
  const roots = new Int32Array(ids.length);
  for (const { id, tree } of commits) roots[indexOf.get(id) ?? 0] = nodes.nodeOf(tree);
  const changes: PathChange[] = [];
  const textOf = pathTexts(trees.nameOf);
  for (let commit = 0; commit < ids.length; commit += 1) {
    const parent = firstParents[commit] as number;
    const before = parent < 0 ? emptyNode : (roots[parent] as number);
    const isAll = nodes.difference(before, roots[commit] as number, (names, blob) => {
      const path = textOf(names);
      if (accepts(path)) changes.push({ commit: ids[commit] ?? '', path, now: blobs[blob] ?? '' });
      return changes.length < mostChanges;
    });
    if (!isAll) return { changes, problems: [tooMany(gitDir)] };
  }
  return { changes, problems: [] };
}

function tooMany(where: string): Problem {
  const message = `what was found is at more than ${mostChanges} places of the history; not all are told`;
  return { kind: 'git-failed', where, message };
}

/** Paths come again and again. */
function pathTexts(nameOf: (name: number) => string): (names: readonly number[]) => string {
  const texts = new Map<number, string>();
  const text = (name: number): string => {
    const known = texts.get(name) ?? nameOf(name);
    texts.set(name, known);
    return known;
  };
  return (names) => names.map(text).join('/');
}
