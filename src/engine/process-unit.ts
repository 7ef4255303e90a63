/** One unit through the scanner: what a worker does, or the main thread when there is little to do. */
import { unseenContent } from '../core/detect/unseen-content.ts';
import type { Match } from '../core/model/match.ts';
import type { Origin } from '../core/model/origin.ts';
import type { Problem } from '../core/model/problem.ts';
import type { UnitMatches } from '../core/model/repeats.ts';
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';
import { gatherRepeats } from './gather-repeats.ts';
import type { Scanner } from './scanner.ts';

/** Reads a unit and puts its documents into the sink. */
export type Feed = (unit: Unit, sink: Sink, signal?: AbortSignal) => Promise<void>;

/** All that comes back from a worker. Plain data. */
export interface UnitResult extends UnitMatches {
  readonly problems: readonly Problem[];
  readonly documents: number;
  readonly objects: number;
  /** Unpacked bytes of the documents. */
  readonly bytes: number;
  readonly filteredBytes: number;
  /** How many of each format were unpacked; absent when there were none. */
  readonly unpacked?: ReadonlyMap<string, number>;
}

export async function processUnit(
  unit: Unit,
  scanner: Scanner,
  feed: Feed,
  signal?: AbortSignal,
): Promise<UnitResult> {
  const matches: Match[] = [];
  /** Of those in versions of objects: where they stand among the matches. */
  const numbers = new Map<Match, number>();
  const repeats = gatherRepeats();
  const problems: Problem[] = [];
  const filteredBefore = scanner.filteredBytes();
  const unpacked = new Map<string, number>();
  let documents = 0;
  let objects = 0;
  let bytes = 0;
  const begin = (origin: Origin): void => {
    documents += 1;
    if ('oid' in origin && !origin.inside) objects += 1;
  };
  const take = (origin: Origin, content: Buffer, isStart: boolean): void => {
    bytes += content.length;
    const unseen = isStart ? unseenContent(nameOf(origin), content) : undefined;
    if (unseen) problems.push(unseen);
  };
  // One by one: a call takes only so many arguments, and a hostile file holds any number of keys.
  const keep = (found: readonly Match[]): void => {
    for (const match of found) matches.push(match);
  };
  const sink: Sink = {
    document(origin, content) {
      begin(origin);
      take(origin, content, true);
      const found = scanner.scan(origin, content);
      keep(found);
    },
    look(origin, content) {
      begin(origin);
      take(origin, content, true);
      return scanner.scan(origin, content);
    },
    keep,
    opened: begin,
    unpacking: (format) => void unpacked.set(format, (unpacked.get(format) ?? 0) + 1),
    open(origin, give = keep) {
      begin(origin);
      const stream = scanner.open(origin);
      let isStart = true;
      return {
        push(content) {
          take(origin, content, isStart);
          isStart = false;
          give(stream.push(content));
        },
        end() {
          give(stream.end());
        },
      };
    },
    version(version) {
      if (!version.isSilent) {
        documents += 1;
        objects += 1;
        bytes += version.bytes.length;
        const unseen = unseenContent('', version.bytes);
        if (unseen) problems.push({ ...unseen, where: nameOf(version.origin()) });
      }
      const { remembered, matches: found, again } = scanner.version(version);
      for (const match of found) numbers.set(match, matches.push(match) - 1);
      if (again && again.matches.length > 0) {
        repeats.add(oidOf(version.origin()), again, (match) => numbers.get(match) ?? -1);
      }
      return remembered;
    },
    problem(problem) {
      problems.push(problem);
    },
  };
  await feed(unit, sink, signal);
  for (const origin of scanner.takeUnread()) {
    const message = 'something in it is encoded in more layers, or is longer, than is decoded';
    problems.push({ kind: 'decoding-limit', where: nameOf(origin), message });
  }
  const filteredBytes = scanner.filteredBytes() - filteredBefore;
  const repeated = repeats.close();
  return {
    matches,
    ...(repeated ? { repeats: repeated } : {}),
    problems,
    documents,
    objects,
    bytes,
    filteredBytes,
    ...(unpacked.size > 0 ? { unpacked } : {}),
  };
}

/** Versions are of objects. */
function oidOf(origin: Origin): string {
  return 'oid' in origin ? origin.oid : '';
}

function nameOf(origin: Origin): string {
  const name = 'path' in origin ? origin.path : origin.oid;
  return origin.inside ? [name, ...origin.inside.members].join('!') : name;
}

/** A problem that planning met, among the results. */
export function problemResult(problem: Problem): UnitResult {
  return { matches: [], problems: [problem], documents: 0, objects: 0, bytes: 0, filteredBytes: 0 };
}
