/** The commits and their parents, and questions that need all of them at once. */

export interface CommitGraph {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Committer dates, seconds since 1970. */
  readonly times: readonly number[];
  /** Indexes; a parent that is not here (shallow, missing) is left out. */
  readonly parents: readonly (readonly number[])[];
  /** Indexes, every commit behind its parents. */
  readonly order: Int32Array;
}

export interface CommitEntry {
  readonly id: string;
  readonly time: number;
  readonly parents: readonly string[];
}

export function buildGraph(entries: readonly CommitEntry[]): CommitGraph {
  const ids = entries.map(({ id }) => id);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const parents = entries.map((entry) =>
    entry.parents.map((id) => indexOf.get(id)).filter((index) => index !== undefined),
  );
  return {
    ids,
    indexOf,
    times: entries.map(({ time }) => time),
    parents,
    order: parentsFirst(parents),
  };
}

function parentsFirst(parents: readonly (readonly number[])[]): Int32Array {
  const waiting = Int32Array.from(parents, (list) => list.length);
  const children = parents.map((): number[] => []);
  parents.forEach((list, child) => list.forEach((parent) => children[parent]?.push(child)));
  const order = new Int32Array(parents.length);
  let filled = 0;
  waiting.forEach((count, index) => {
    if (count === 0) order[filled++] = index;
  });
  for (let head = 0; head < filled; head += 1) {
    for (const child of children[order[head] as number] ?? []) {
      const left = (waiting[child] ?? 0) - 1;
      waiting[child] = left;
      if (left === 0) order[filled++] = child;
    }
  }
  return order.subarray(0, filled);
}

/** For each commit whether it or one of its ancestors is marked. */
export function descendants({ parents, order }: CommitGraph, marked: Uint8Array): Uint8Array {
  const result = Uint8Array.from(marked);
  for (const commit of order) {
    if (!result[commit] && parents[commit]?.some((parent) => result[parent])) result[commit] = 1;
  }
  return result;
}

/** For each commit whether it can be reached from one of the tips. */
export function ancestors({ parents, order }: CommitGraph, tips: Iterable<number>): Uint8Array {
  const result = new Uint8Array(parents.length);
  for (const tip of tips) result[tip] = 1;
  for (let i = order.length - 1; i >= 0; i -= 1) {
    const commit = order[i] as number;
    if (result[commit]) for (const parent of parents[commit] ?? []) result[parent] = 1;
  }
  return result;
}

/** By commit id: its place in topological order, parents first; −1 for one that is not here. */
export function ranks({ indexOf, order }: CommitGraph): (commit: string) => number {
  const placeOf = new Int32Array(indexOf.size);
  order.forEach((commit, place) => (placeOf[commit] = place));
  return (commit) => placeOf[indexOf.get(commit) ?? -1] ?? -1;
}
