/** Questions answered by runs of commits, beside answers found commit by commit. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildGraph,
  descendants,
  type CommitGraph,
} from '../../../src/sources/git/commit-graph.ts';
import type { History } from '../../../src/sources/git/history.ts';
import { pathVersions } from '../../../src/sources/git/path-versions.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** Mostly lines, with branches, merges and several roots; told in any order. */
const graphs = fc
  .array(fc.tuple(fc.nat(9), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 40 })
  .chain((shapes) => {
    const commits = shapes.map(([kind, one, other], n) => {
      const parents =
        n === 0 || kind === 0
          ? []
          : kind < 7
            ? [n - 1]
            : kind === 7
              ? [one % n]
              : [...new Set([one % n, other % n])];
      return { id: `c${n}`, time: n, parents: parents.map((parent) => `c${parent}`) };
    });
    return fc.shuffledSubarray(commits, { minLength: commits.length }).map(buildGraph);
  });

function parentsOf({ firstParents, otherParents }: CommitGraph, commit: number): number[] {
  const first = firstParents[commit] as number;
  return [...(first < 0 ? [] : [first]), ...(otherParents.get(commit) ?? [])];
}

describe('the graph of commits', () => {
  it('has parents before their children, and runs that are lines', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const starts = new Set(graph.runs);
        expect(graph.runs.at(-1)).toBe(graph.ids.length);
        graph.ids.forEach((_, commit) => {
          const parents = parentsOf(graph, commit);
          for (const parent of parents) expect(parent).toBeLessThan(commit);
          if (!starts.has(commit)) expect(parents).toEqual([commit - 1]);
        });
      }),
      propertyRuns(200),
    );
  });

  it('has a line as one run, in whatever order it is told', () => {
    const line = Array.from({ length: 50 }, (_, n) => ({
      id: `c${n}`,
      time: n,
      parents: n === 0 ? [] : [`c${n - 1}`],
    }));
    expect([...buildGraph(line.toReversed()).runs]).toEqual([0, 50]);
  });

  it('knows the descendants of marked commits', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(5)), (graph, marks) => {
        const marked = Uint8Array.from(graph.ids, () => (marks.next().value === 0 ? 1 : 0));
        const expected = marked.slice();
        graph.ids.forEach((_, commit) => {
          if (parentsOf(graph, commit).some((parent) => expected[parent])) expected[commit] = 1;
        });
        expect(descendants(graph, marked)).toEqual(expected);
      }),
      propertyRuns(200),
    );
  });
});

describe('versions of a path', () => {
  it('are at each commit what changed last on the way of first parents', () => {
    const changes = fc.array(fc.tuple(fc.nat(39), fc.nat(4)), { maxLength: 20 });
    fc.assert(
      fc.property(graphs, changes, (graph, told) => {
        const list = told.map(([commit, blob]) => ({
          path: 'a',
          commit: `c${commit}`,
          now: blob === 0 ? '' : `blob ${blob}`,
        }));
        const history = { graph, changes: new Map([['a', list]]) } as unknown as History;
        const [versions] = [...pathVersions(history, () => true)];
        const { at, blobs, stretches } = versions ?? { at: [], blobs: [], stretches: [] };
        const expected: string[] = [];
        graph.ids.forEach((id, commit) => {
          const change = list.findLast((one) => one.commit === id);
          const first = graph.firstParents[commit] as number;
          expected[commit] = change ? change.now : (expected[first] ?? '');
        });
        expect(Array.from(at, (version) => blobs[version])).toEqual(expected);
        const covered = graph.ids.map(() => 0);
        for (const [version, ends] of stretches.entries()) {
          for (let n = 0; n < ends.length; n += 2) {
            const [from, to] = [ends[n] as number, ends[n + 1] as number];
            expect(from).toBeLessThan(to);
            for (let commit = from; commit < to; commit += 1) {
              covered[commit] = 1;
              expect(at[commit]).toBe(version);
              if (commit > from) expect(parentsOf(graph, commit)).toEqual([commit - 1]);
            }
          }
        }
        expect(covered).toEqual(expected.map((blob) => (blob === '' ? 0 : 1)));
      }),
      propertyRuns(200),
    );
  });
});
