/**
 * The commits and their parents, and questions that need all of them at once. Commits are numbered so
 * that every commit comes behind its parents: what holds for parents is known when a child is reached. A
 * child follows its parent at once where that can be, so that questions are answered by runs, of which
 * there are few, and not by commits.
 */

export interface CommitGraph {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Committer dates, seconds since 1970. */
  readonly times: Float64Array;
  /** Index of the first parent, or −1; a parent that is not here (shallow, missing) is left out. */
  readonly firstParents: Int32Array;
  /** By index: 1 for a commit with several parents. */
  readonly merges: Uint8Array;
  /** By index of a merge: its other parents. */
  readonly otherParents: ReadonlyMap<number, readonly number[]>;
  /**
   * Indexes at which runs start, and the number of commits at the end. In a run each commit but the first
   * has one parent, the one before it.
   */
  readonly runs: Int32Array;
}

export interface CommitEntry {
  readonly id: string;
  readonly time: number;
  readonly parents: readonly string[];
}

export function buildGraph(entries: readonly CommitEntry[]): CommitGraph {
  const indexOf = new Map(entries.map(({ id }, place) => [id, place]));
  const edges = edgesOf(entries, indexOf);
  const order = parentsFirst(edges, entries.length);
  const rank = new Int32Array(entries.length);
  order.forEach((place, index) => (rank[place] = index));
  const firstParents = new Int32Array(order.length).fill(-1);
  const merges = new Uint8Array(order.length);
  const otherParents = new Map<number, readonly number[]>();
  order.forEach((place, index) => {
    const start = edges.starts[place] as number;
    const end = edges.starts[place + 1] as number;
    if (start === end) return;
    firstParents[index] = rank[edges.parents[start] as number] as number;
    if (start + 1 === end) return;
    merges[index] = 1;
    const others = edges.parents.subarray(start + 1, end);
    otherParents.set(
      index,
      Array.from(others, (parent) => rank[parent] as number),
    );
  });
  const sorted = Array.from(order, (place) => entries[place] as CommitEntry);
  sorted.forEach(({ id }, index) => indexOf.set(id, index));
  return {
    ids: sorted.map(({ id }) => id),
    indexOf,
    times: Float64Array.from(sorted, ({ time }) => time),
    firstParents,
    merges,
    otherParents,
    runs: runsOf(firstParents, merges),
  };
}

function runsOf(firstParents: Int32Array, merges: Uint8Array): Int32Array {
  const starts: number[] = [];
  firstParents.forEach((parent, commit) => {
    if (commit === 0 || parent !== commit - 1 || merges[commit]) starts.push(commit);
  });
  return Int32Array.from([...starts, firstParents.length]);
}

/** Places of parents that are here, those of the commit at place n from starts[n] to starts[n + 1]. */
interface Edges {
  readonly parents: Int32Array;
  readonly starts: Int32Array;
}

function edgesOf(entries: readonly CommitEntry[], placeOf: ReadonlyMap<string, number>): Edges {
  const most = entries.reduce((sum, { parents }) => sum + parents.length, 0);
  const parents = new Int32Array(most);
  const starts = new Int32Array(entries.length + 1);
  let used = 0;
  entries.forEach((entry, place) => {
    for (const id of entry.parents) {
      const parent = placeOf.get(id);
      if (parent !== undefined) parents[used++] = parent;
    }
    starts[place + 1] = used;
  });
  return { parents: parents.subarray(0, used), starts };
}

/** Places in an order in which each comes behind its parents. */
function parentsFirst({ parents, starts }: Edges, count: number): Int32Array {
  const waiting = new Int32Array(count);
  // Of each its children, as a list: the first, and what comes behind each edge.
  const firstChild = new Int32Array(count).fill(none);
  const nextChild = new Int32Array(parents.length);
  const childOf = new Int32Array(parents.length);
  for (let place = count - 1; place >= 0; place -= 1) {
    const start = starts[place] as number;
    const end = starts[place + 1] as number;
    waiting[place] = end - start;
    for (let edge = start; edge < end; edge += 1) {
      const parent = parents[edge] as number;
      childOf[edge] = place;
      nextChild[edge] = firstChild[parent] as number;
      firstChild[parent] = edge;
    }
  }
  const order = new Int32Array(count);
  let done = 0;
  const ready: number[] = [];
  waiting.forEach((left, place) => {
    if (left === 0) ready.push(place);
  });
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    order[done++] = place;
    let edge = firstChild[place] as number;
    while (edge !== none) {
      const child = childOf[edge] as number;
      const left = (waiting[child] as number) - 1;
      waiting[child] = left;
      if (left === 0) ready.push(child);
      edge = nextChild[edge] as number;
    }
  }
  return order.subarray(0, done);
}

const none = -1;

/** Whether one of the commit's parents is marked. */
export function isParentMarked(
  { firstParents, merges, otherParents }: CommitGraph,
  commit: number,
  marked: Uint8Array,
): boolean {
  const first = firstParents[commit] as number;
  if (first >= 0 && marked[first]) return true;
  return (
    merges[commit] === 1 && otherParents.get(commit)?.some((parent) => marked[parent]) === true
  );
}

/** For each commit whether it or one of its ancestors is marked. Written to `result`, if it is given. */
export function descendants(
  graph: CommitGraph,
  marked: Uint8Array,
  result: Uint8Array = new Uint8Array(marked.length),
): Uint8Array {
  const { runs } = graph;
  result.set(marked);
  // Nothing before the first marked one comes of it.
  let next = marked.indexOf(1);
  if (next < 0) return result;
  for (let run = runAt(runs, next); run + 1 < runs.length; run += 1) {
    const start = runs[run] as number;
    const end = runs[run + 1] as number;
    if (isParentMarked(graph, start, result)) result.fill(1, start, end);
    else if (next >= start && next < end) result.fill(1, next, end);
    if (next >= 0 && next < end) next = marked.indexOf(1, end);
  }
  return result;
}

/** The run that this commit is in. */
function runAt(runs: Int32Array, commit: number): number {
  let low = 0;
  let high = runs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((runs[middle] as number) <= commit) low = middle;
    else high = middle;
  }
  return low;
}

/** For each commit whether it can be reached from one of the tips. */
export function ancestors(
  { firstParents, merges, otherParents }: CommitGraph,
  tips: Iterable<number>,
): Uint8Array {
  const result = new Uint8Array(firstParents.length);
  for (const tip of tips) result[tip] = 1;
  for (let commit = result.length - 1; commit >= 0; commit -= 1) {
    if (!result[commit]) continue;
    const first = firstParents[commit] as number;
    if (first >= 0) result[first] = 1;
    if (!merges[commit]) continue;
    for (const parent of otherParents.get(commit) ?? []) result[parent] = 1;
  }
  return result;
}

/** By commit id: its place in topological order, parents first; −1 for one that is not here. */
export function ranks({ indexOf }: CommitGraph): (commit: string) => number {
  return (commit) => indexOf.get(commit) ?? -1;
}
