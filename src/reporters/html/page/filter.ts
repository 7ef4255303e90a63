/** Which keys and places are shown, and in which order. Values in, values out. */
import type { PageKey, PagePlace } from './data.ts';

export interface Filter {
  /** Empty: all. */
  readonly severity: ReadonlySet<string>;
  readonly liveness: ReadonlySet<string>;
  readonly where: ReadonlySet<string>;
  /** Empty: all. */
  readonly issuer: string;
  readonly author: string;
  /** Words that must all stand in the path, in upper or lower case; `*` stands for anything. */
  readonly path: string;
  readonly order: Order;
}

export const orders = {
  worst: 'Worst first',
  oldest: 'Longest exposed first',
  newest: 'Newest first',
  places: 'Most places first',
} as const;
export type Order = keyof typeof orders;

export const noFilter: Filter = {
  severity: new Set(),
  liveness: new Set(),
  where: new Set(),
  issuer: '',
  author: '',
  path: '',
  order: 'worst',
};

export interface Shown {
  readonly key: PageKey;
  /** Those that the filter lets through; never none. */
  readonly places: readonly PagePlace[];
}

/** A key is shown when it passes and one of its places does. */
export function select(keys: readonly PageKey[], filter: Filter): Shown[] {
  const matchesPath = pathTest(filter.path);
  const passes = (place: PagePlace): boolean =>
    (filter.where.size === 0 || filter.where.has(place.where)) &&
    (filter.author === '' || place.introduced?.author === filter.author) &&
    matchesPath(place.path);
  const shown = keys.flatMap((key): Shown[] => {
    if (!passesAsKey(key, filter)) return [];
    const places = key.places.filter(passes);
    return places.length === 0 ? [] : [{ key, places }];
  });
  return inOrder(shown, filter.order);
}

/** A key that HEAD holds at one path is not one that is only in history, whatever its other paths. */
function passesAsKey(key: PageKey, { severity, liveness, issuer, where }: Filter): boolean {
  return (
    (severity.size === 0 || severity.has(key.severity)) &&
    (liveness.size === 0 || liveness.has(key.liveness.state)) &&
    (where.size === 0 || where.has(key.where)) &&
    (issuer === '' || key.issuer === issuer)
  );
}

function pathTest(text: string): (path: string) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const parts = words.map((word) => word.split('*').filter(Boolean));
  return (path) => {
    const lower = path.toLowerCase();
    return parts.every((pieces) => standInOrder(pieces, lower));
  };
}

function standInOrder(pieces: readonly string[], text: string): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

const urgency: Readonly<Record<string, number>> = { live: 0, unknown: 1, unchecked: 1, dead: 2 };

/**
 * Keys come by severity and confidence, which a stable sort keeps. A live key is worse than any that
 * nobody asked about, and one out of service can wait.
 */
function inOrder(shown: Shown[], order: Order): Shown[] {
  const time = ({ key }: Shown, none: number): number =>
    key.since ? Date.parse(key.since.date) : none;
  switch (order) {
    case 'worst':
      return shown.sort((a, b) => urgencyOf(a) - urgencyOf(b));
    case 'oldest':
      return shown.sort((a, b) => time(a, Infinity) - time(b, Infinity) || 0);
    case 'newest':
      return shown.sort((a, b) => time(b, -Infinity) - time(a, -Infinity) || 0);
    case 'places':
      return shown.sort((a, b) => b.places.length - a.places.length);
    default:
      return order satisfies never;
  }
}

function urgencyOf({ key }: Shown): number {
  return urgency[key.liveness.state] ?? 1;
}

/** How many keys have each value, the commonest first. */
export function tally(values: readonly string[]): [value: string, count: number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
