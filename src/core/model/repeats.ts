/** Matches that stand in other objects, too: the same but for where. A key that stays takes little in each version. */
import type { Match, Position } from './match.ts';

/** Of the matches of one unit. */
export interface Repeats {
  /** Ids of blobs, in hexadecimal. */
  readonly oids: readonly string[];
  /** `repeatFields` numbers for each: which match, which id, then line, column and byte of its start. */
  readonly places: Int32Array;
}

export const repeatFields = 5;

/** What units found, as they told it. */
export interface UnitMatches {
  readonly matches: readonly Match[];
  readonly repeats?: Repeats;
}

/** A match again. */
export interface Repeat {
  readonly match: Match;
  readonly oid: string;
  /** The match as it stands there. */
  readonly make: () => Match;
}

export function* repeatsOf({ matches, repeats }: UnitMatches): Generator<Repeat> {
  if (!repeats) return;
  const { oids, places } = repeats;
  for (let at = 0; at < places.length; at += repeatFields) {
    const match = matches[places[at] as number] as Match;
    const oid = oids[places[at + 1] as number] as string;
    const make = (): Match => {
      const [line = 0, column = 0, byte = 0] = places.subarray(at + 2, at + repeatFields);
      return standing(match, oid, { line, column, byte });
    };
    yield { match, oid, make };
  }
}

/** All matches, each by itself. */
export function allMatches(found: UnitMatches): Match[] {
  return [...found.matches, ...Array.from(repeatsOf(found), ({ make }) => make())];
}

function standing(match: Match, oid: string, start: Position): Match {
  const { start: before, end } = match;
  const isOneLine = before.line === end.line;
  return {
    ...match,
    origin: { kind: 'blob', oid },
    start,
    end: {
      line: end.line + start.line - before.line,
      column: isOneLine ? end.column + start.column - before.column : end.column,
      byte: end.byte + start.byte - before.byte,
    },
  };
}
