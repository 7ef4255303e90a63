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
  const sorted = parentsFirst(entries);
  const indexOf = new Map(sorted.map(({ id }, index) => [id, index]));
  const firstParents = new Int32Array(sorted.length).fill(-1);
  const merges = new Uint8Array(sorted.length);
  const otherParents = new Map<number, readonly number[]>();
  sorted.forEach((entry, index) => {
    const [first, ...others] = entry.parents.flatMap((id) => indexOf.get(id) ?? []);
    if (first !== undefined) firstParents[index] = first;
    if (others.length === 0) return;
    merges[index] = 1;
    otherParents.set(index, others);
  });
  const ids = sorted.map(({ id }) => id);
  return {
    ids,
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

function parentsFirst(entries: readonly CommitEntry[]): CommitEntry[] {
  const placeOf = new Map(entries.map(({ id }, place) => [id, place]));
  const waiting = new Int32Array(entries.length);
  const children = entries.map((): number[] => []);
  entries.forEach(({ parents }, child) => {
    for (const id of parents) {
      const parent = placeOf.get(id);
      if (parent === undefined) continue;
      waiting[child] = (waiting[child] as number) + 1;
      children[parent]?.push(child);
    }
  });
  const order: number[] = [];
  const ready: number[] = [];
  waiting.forEach((count, place) => {
    if (count === 0) ready.push(place);
  });
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    order.push(place);
    for (const child of children[place] ?? []) {
      const left = (waiting[child] as number) - 1;
      waiting[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  return order.map((place) => entries[place] as CommitEntry);
}

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
