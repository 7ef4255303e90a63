/** Members of one archive → the sink, and the matches in them, with what the whole archive says of each. */
import type { Match } from '../../core/model/match.ts';
import type { Inside, Origin } from '../../core/model/origin.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Sink } from '../../core/model/sink.ts';
import { ArchiveError } from './archive-error.ts';
import { cutName, type InFile, type Output, type Place } from './job.ts';

/** A small archive can hold any number of damaged members, and of keys: so many are kept in memory. */
const mostProblems = 2_000;
const mostMatches = 100_000;
/** Of a member's name in each of these problems. */
const longestTold = 300;
/** Of one key by one rule; it is one finding however often it stands there. */
const mostPlaces = 1_000;

export interface Collected {
  readonly output: Output;
  /** To be called when the archive was read. */
  close(): Match[];
}

export function collectMembers(origin: Origin, sink: Sink): Collected {
  const found: Match[] = [];
  const places = new Map<string, number>();
  let problems = 0;

  let isSeen = false;

  function take(matches: readonly Match[], inFile: InFile = asIs): void {
    for (const one of matches) {
      const moved = inFile(one);
      if (!moved) continue;
      const match = isRead(inFile, moved) ? partOfFile(moved) : moved;
      const key = `${match.rule}\0${match.secret}`;
      const count = (places.get(key) ?? 0) + 1;
      places.set(key, count);
      if (count > mostPlaces) continue;
      if (found.length >= mostMatches) {
        throw new ArchiveError('archive-limit', `more than ${mostMatches} matches in it`, true);
      }
      found.push(match);
    }
  }

  function report(problem: Problem): void {
    problems += 1;
    if (problems <= mostProblems) sink.problem(problem);
  }

  function originOf(place: Place): Origin {
    const at = originAt(origin, place);
    isSeen ||= at === origin;
    return at;
  }

  return {
    output: {
      document: (place, bytes, inFile) => take(sink.look(originOf(place), bytes), inFile),
      open: (place, inFile) => sink.open(originOf(place), (matches) => take(matches, inFile)),
      unpacking: (format) => sink.unpacking(format),
      problem: (kind, place, message) => report({ kind, where: nameOf(origin, place), message }),
      image({ members }, facts) {
        for (const [index, match] of found.entries()) {
          const { inside } = match.origin;
          if (!inside || inside.image || !startsWith(inside, members)) continue;
          const image = facts(inside.members.slice(members.length));
          if (image)
            found[index] = { ...match, origin: { ...match.origin, inside: { ...inside, image } } };
        }
      },
    },
    close() {
      // What was searched itself too was counted then.
      if (!isSeen) sink.opened(origin);
      const more = problems - mostProblems;
      if (more > 0) {
        const message = `${more} more problems in it`;
        sink.problem({ kind: 'archive-damaged', where: nameOf(origin), message });
      }
      return found;
    },
  };
}

/** Text was taken out of the file that it is in: all that is found in it comes in the order of reading. */
function isRead(inFile: InFile, { origin }: Match): boolean {
  return inFile !== asIs && origin.inside === undefined;
}

function partOfFile(match: Match): Match {
  return { ...match, origin: { ...match.origin, inside: { members: [], decoded: [] } } };
}

function asIs(match: Match): Match {
  return match;
}

function originAt(origin: Origin, { members, decoded }: Place): Origin {
  // What turned out to be no archive is where it always was.
  if (members.length === 0 && decoded.length === 0) return origin;
  return { ...origin, inside: { members, decoded } };
}

function nameOf(origin: Origin, place?: Place): string {
  const name = 'path' in origin ? origin.path : origin.oid;
  const members = (place?.members ?? []).map((one) => cutName(one, longestTold));
  return [name, ...members].join('!');
}

function startsWith({ members }: Inside, outer: readonly string[]): boolean {
  return outer.every((name, index) => members[index] === name);
}
