/** Versions of one text through a scanner: each by what its delta changed, and whole. */
import type { Match } from '../../../src/core/model/match.ts';
import type { CompiledRule } from '../../../src/core/model/rule.ts';
import { repeatsOf } from '../../../src/core/model/repeats.ts';
import type { Remembered } from '../../../src/core/model/sink.ts';
import { buildFilterTables } from '../../../src/core/rules/filter-tables.ts';
import { openCore, type Core } from '../../../src/engine/core.ts';
import { gatherRepeats } from '../../../src/engine/gather-repeats.ts';
import type { LookedAt } from '../../../src/engine/lineage.ts';
import { createScanner, type Scanner } from '../../../src/engine/scanner.ts';
import type { Edited } from '../../support/edited-text.ts';

const origin = { kind: 'blob', oid: 'version' } as const;
const textBytes = 1 << 20;
const mostCopies = 1_000;

const core = openCore() as Core;
const textAt = core.reserve(textBytes);
const copiesAt = core.reserve(mostCopies * 12);

export interface Chain {
  /** Takes the next version and tells what the two ways find. */
  next(edited: Edited): {
    readonly seams: Match[];
    readonly whole: Match[];
    /** How many of the matches were told of the version before, and not decided anew. */
    readonly again: number;
  };
  readonly bytes: () => Buffer;
  /** Where keys start and end, for edits near them. */
  readonly keys: () => number[];
}

export function chainOf(scanner: Scanner, first: Buffer): Chain {
  let bytes = first;
  let known: Match[] = [];
  let remembered: Remembered | undefined;
  const next = (edited: Edited): ReturnType<Chain['next']> => {
    core.bytes().set(edited.bytes, textAt);
    const words = core.words();
    edited.copied.forEach(({ to, from, length }, n) => {
      words.set([to, from, length], (copiesAt >> 2) + n * 3);
    });
    const seams = scanner.version({
      bytes: core.bytes().subarray(textAt, textAt + edited.bytes.length),
      origin: () => origin,
      isSilent: false,
      copied: remembered && {
        from: remembered,
        length: bytes.length,
        segments: copiesAt,
        segmentCount: edited.copied.length,
      },
    });
    remembered = seams.remembered;
    bytes = edited.bytes;
    known = scanner.scan(origin, Buffer.from(bytes));
    return { seams: matchesOf(seams), whole: known, again: seams.again?.matches.length ?? 0 };
  };
  next({ bytes: first, copied: [] });
  return {
    next,
    bytes: () => bytes,
    keys: () => known.flatMap(({ start, end }) => [start.byte, end.byte]),
  };
}

/** All that was found in a version, also what is told again as it stands there. */
export function matchesOf({ matches, again }: LookedAt, oid: string = origin.oid): Match[] {
  if (!again) return [...matches];
  const repeats = gatherRepeats();
  repeats.add(oid, again, (match) => again.matches.indexOf(match));
  const repeated = repeats.close();
  const found = { matches: again.matches, ...(repeated ? { repeats: repeated } : {}) };
  const all = [...matches, ...Array.from(repeatsOf(found), ({ make }) => make())];
  return all.sort((a, b) => a.start.byte - b.start.byte || a.end.byte - b.end.byte);
}

const scanners = new WeakMap<readonly CompiledRule[], Scanner>();

/** Building the tables of all rules takes a second. */
export function scannerOf(rules: readonly CompiledRule[]): Scanner {
  const known = scanners.get(rules) ?? createScanner(rules, buildFilterTables(rules));
  scanners.set(rules, known);
  return known;
}
