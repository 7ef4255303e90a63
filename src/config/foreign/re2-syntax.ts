/** What an RE2 pattern says, and why one is refused. */

/** Code points, both ends included. */
export type Range = readonly [from: number, to: number];

export type Look = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'not-word';

export type Node =
  | { readonly kind: 'class'; readonly ranges: readonly Range[] }
  | { readonly kind: 'look'; readonly at: Look }
  /** `index` counts capturing groups from 1; absent in one that captures nothing. */
  | { readonly kind: 'group'; readonly index?: number; readonly body: Node }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
    };

/** The pattern is none of RE2's, or none that can be had here. Its message is one sentence. */
export class Re2Error extends Error {}

export const lastCodePoint = 0x10ffff;

/** In order, without overlaps. */
export function normalised(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: Range[] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(ranges: readonly Range[]): Range[] {
  const found: Range[] = [];
  let next = 0;
  for (const [from, to] of normalised(ranges)) {
    if (from > next) found.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= lastCodePoint) found.push([next, lastCodePoint]);
  return found;
}

/** Letters of ASCII in both cases. What folds to them from beyond is left to `re2-emit`. */
export function folded(ranges: readonly Range[]): Range[] {
  const lower: Range = [0x61, 0x7a];
  const upper: Range = [0x41, 0x5a];
  const shifted = (by: Range, distance: number): Range[] =>
    ranges.flatMap(([from, to]): Range[] => {
      const start = Math.max(from, by[0]);
      const end = Math.min(to, by[1]);
      return start > end ? [] : [[start + distance, end + distance]];
    });
  return normalised([...ranges, ...shifted(lower, -0x20), ...shifted(upper, 0x20)]);
}
