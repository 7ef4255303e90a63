/** What versions hold of what earlier ones told → numbers, few for each. */
import type { Match } from '../core/model/match.ts';
import { repeatFields, type Repeats } from '../core/model/repeats.ts';

/** Matches of an earlier version that stand in this one, too. */
export interface Again {
  readonly matches: readonly Match[];
  /** Three numbers a match: line, column and byte of its start. */
  readonly starts: readonly number[];
}

/** Gathers what a unit tells again. */
export function gatherRepeats(): {
  /** `numberOf`: of a match among those of the unit. */
  add(oid: string, again: Again, numberOf: (match: Match) => number): void;
  /** Undefined when there are none. */
  close(): Repeats | undefined;
} {
  const oids: string[] = [];
  let places = new Int32Array(repeatFields * 256);
  let end = 0;
  return {
    add(oid, { matches, starts }, numberOf) {
      const number = oids.push(oid) - 1;
      if (end + matches.length * repeatFields > places.length) {
        const more = new Int32Array((places.length + matches.length * repeatFields) * 2);
        more.set(places);
        places = more;
      }
      for (const [at, match] of matches.entries()) {
        places[end] = numberOf(match);
        places[end + 1] = number;
        places[end + 2] = starts[at * 3] as number;
        places[end + 3] = starts[at * 3 + 1] as number;
        places[end + 4] = starts[at * 3 + 2] as number;
        end += repeatFields;
      }
    },
    close: () => (end === 0 ? undefined : { oids, places: places.slice(0, end) }),
  };
}
