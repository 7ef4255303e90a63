/**
 * Versions of documents, each copied from another with some bytes changed: only what is new, and
 * where two copies meet, is searched. What was found elsewhere is taken along with the copy.
 *
 * Rules that are bound to a line need no more than the lines that a change touches. Of the others the
 * anchors are remembered, also those that led to nothing, and tried again when a change comes near.
 */
import { aheadOf, type Confirm, type Span } from '../core/detect/confirm.ts';
import { judge, type Found } from '../core/detect/judge.ts';
import { detectUtf16 } from '../core/detect/utf16.ts';
import type { Match } from '../core/model/match.ts';
import type { Origin } from '../core/model/origin.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Copied, Remembered, Version } from '../core/model/sink.ts';
import type { Core } from './core.ts';
import { createHits } from './filter.ts';
import { createEncodedLineage, type Looked } from './encoded-lineage.ts';
import type { EncodedSearch } from './encoded.ts';
import type { GramFilter } from './gram-filter.ts';
import type { Again } from './gather-repeats.ts';
import type { Moved, Reported } from './islands.ts';
import {
  copyEnd,
  copyStart,
  isInRanges,
  isWithin,
  mostRanges,
  segmentAt,
  type Segment,
} from './segments.ts';
import { createReports } from './version-report.ts';

export interface Lineage {
  version(version: Version): LookedAt;
  readonly filteredBytes: () => number;
}

export interface LookedAt {
  readonly remembered: Remembered;
  readonly matches: readonly Match[];
  /** Beside them: what an earlier version told and this one, which was copied from it, holds. */
  readonly again?: Again;
}

/** An anchor, and what became of it. Offsets count from the start of the document. */
interface Sighting {
  readonly rule: CompiledRule;
  /** Number of the filter's pattern. */
  readonly pattern: number;
  readonly start: number;
  /** Undefined when the anchor led to nothing; kept for rules that are not bound to a line. */
  readonly found: Found | undefined;
  /** Bytes that it has moved since it was found: what was found says where it was then. */
  readonly moved: number;
}

interface Memory {
  readonly kind: Kind;
  /** In order of their starts. */
  readonly sightings: readonly Sighting[];
  readonly encoded: readonly Looked[];
  /** Absent where something encoded was found, or nothing is told of the version. */
  readonly reported?: Reported;
}

type Kind = 'text' | 'binary' | 'wide';

const nothing: Readonly<Record<Kind, Memory>> = {
  text: { kind: 'text', sightings: [], encoded: [] },
  binary: { kind: 'binary', sightings: [], encoded: [] },
  wide: { kind: 'wide', sightings: [], encoded: [] },
};

/** What a filter sees of the line besides the match: see core/detect/judge.ts. */
const judgedText = 200;

export interface LineageParts {
  readonly rules: readonly CompiledRule[];
  /** By rule. */
  readonly confirms: readonly Confirm[];
  readonly filter: GramFilter;
  readonly core: Core;
  readonly encoded: EncodedSearch;
  /** Documents of which something that is encoded was left out are told here. */
  readonly noteUnread: (origin: Origin) => void;
  /** Looks into a whole document, for text that must be decoded first. */
  readonly scan: (origin: Origin, bytes: Buffer) => Match[];
}

export function createLineage(parts: LineageParts): Lineage {
  const { rules, confirms, filter, core, scan } = parts;
  const hits = createHits();
  const aheads = rules.map(aheadOf);
  const reports = createReports(core);
  const decodeChanged = createEncodedLineage(parts.encoded, filter, core);
  const ranges = core.reserve(mostRanges * 8);
  // A stretch that a change makes, or makes long enough, starts as far from it as a match can reach.
  const searched = (rule: CompiledRule): number => (rule.runs ? rule.after : searchedBehind(rule));
  const reachBack = rules.reduce((most, rule) => Math.max(most, searched(rule)), 0) + judgedText;
  const reachOn = rules.reduce((most, rule) => Math.max(most, searchedAhead(rule)), 0) + judgedText;
  let filteredBytes = 0;

  /** Writes the ranges to be searched and tells how many there are. */
  function changedRanges(bytes: Buffer, copied: Copied | undefined): number {
    if (bytes.length === 0) return 0;
    return core.run.dirtyRanges(
      copied?.segments ?? 0,
      copied?.segmentCount ?? 0,
      copied?.length ?? 0,
      bytes.byteOffset,
      bytes.length,
      reachBack,
      reachOn,
      ranges,
      mostRanges,
    );
  }

  function examine(
    bytes: Buffer,
    start: number,
    pattern: number,
    isBinary: boolean,
  ): Sighting | undefined {
    const { length, rules: indexes } = filter.anchors[pattern] ?? { length: 0, rules: [] };
    const index = indexes[0] ?? 0;
    const rule = rules[index] as CompiledRule;
    const span = confirms[index]?.(bytes, start, length);
    // As good as bound to its line: a change there has it searched again.
    if (!span && aheads[index]?.(bytes, start) === false) return undefined;
    const found = span && judge(rule, span, bytes, isBinary);
    return sightingOf(rule, pattern, start, found);
  }

  /** All that is in the ranges, in order. */
  function search(bytes: Buffer, count: number, isBinary: boolean): Sighting[] {
    const fresh: Sighting[] = [];
    filter.searchRanges(bytes, ranges, count, hits, () => {
      for (let i = 0; i < hits.count; i += 1) {
        const one = examine(bytes, at(hits.starts, i), at(hits.literals, i), isBinary);
        if (one) fresh.push(one);
      }
    });
    return fresh;
  }

  /** What the copies bring along, where nothing was searched. */
  function inherit(
    bytes: Buffer,
    from: Memory,
    copied: Copied,
    rangeCount: number,
    isBinary: boolean,
  ): Sighting[] {
    const words = core.words();
    const { sightings } = from;
    const kept: Sighting[] = [];
    for (let n = 0; n < copied.segmentCount; n += 1) {
      let i = firstFrom(sightings, copyStart(copied, n, words));
      if ((sightings[i]?.start ?? Infinity) >= copyEnd(copied, n, words)) continue;
      const segment = segmentAt(copied, n, bytes.length, words);
      for (; i < sightings.length; i += 1) {
        const one = sightings[i] as Sighting;
        if (one.start >= segment.from + segment.length) break;
        const start = one.start - segment.from + segment.to;
        if (isInRanges(words, ranges >> 2, rangeCount, start)) continue;
        const moved = move(one, start, segment, copied.length, bytes, isBinary);
        if (moved) kept.push(moved);
      }
    }
    return kept;
  }

  function move(
    one: Sighting,
    start: number,
    segment: Segment,
    length: number,
    bytes: Buffer,
    isBinary: boolean,
  ): Sighting | undefined {
    const { rule, pattern, found, moved } = one;
    // What led to nothing may have been refused for what stands beside the secret.
    const margin = found ? 0 : judgedText;
    // One more for a backslash: see core/detect/confirm.ts.
    const from = one.start - rule.before - 1 - margin;
    const isConfirmed =
      rule.isLineBound || isWithin(segment, length, from, one.start + rule.after + margin);
    if (!isConfirmed) return examine(bytes, start, pattern, isBinary);
    const by = moved + start - one.start;
    const isSame =
      !found || isWithin(segment, length, found.seenFrom + moved, found.seenTo + moved);
    if (isSame) return start === one.start ? one : { rule, pattern, start, found, moved: by };
    return sightingOf(rule, pattern, start, judge(rule, spanOf(found, by), bytes, isBinary));
  }

  return {
    filteredBytes: () => filteredBytes,
    version(version) {
      const { bytes } = version;
      const kind = kindOf(bytes, core);
      const from = version.copied?.from as Memory | undefined;
      if (kind === 'wide') {
        return {
          remembered: nothing.wide,
          matches: version.isSilent ? [] : scan(version.origin(), bytes),
        };
      }
      const isBinary = kind === 'binary';
      const copied = from?.kind === kind ? version.copied : undefined;
      const count = changedRanges(bytes, copied);
      if (count > 0) filteredBytes += core.run.dirtyBytes();
      const fresh = search(bytes, count, isBinary);
      const kept =
        from && copied && from.sightings.length > 0
          ? inherit(bytes, from, copied, count, isBinary)
          : [];
      const change = { bytes, isBinary, ranges, count, copied };
      const encoded = decodeChanged(change, copied ? (from?.encoded ?? []) : []);
      if (fresh.length + kept.length + encoded.length === 0) {
        return { remembered: nothing[kind], matches: [] };
      }
      // Copies come in the order of what they make.
      const sightings = fresh.length === 0 ? kept : inOrder([...kept, ...fresh]);
      const memory = { kind, sightings, encoded };
      if (version.isSilent) return { remembered: memory, matches: [] };
      const found = sightings.filter(hasFound);
      if (encoded.length > 0) {
        if (encoded.some(({ isSpent }) => isSpent)) parts.noteUnread(version.origin());
        return { remembered: memory, matches: reports.withEncoded(version, found, encoded) };
      }
      const before = copied ? from?.reported : undefined;
      const { reported, fresh: matches, again } = reports.plain(version, found, before);
      return { remembered: { ...memory, reported }, matches, again };
    },
  };
}

/** Undefined for what needs no second look: an anchor that led to nothing, of a rule that is bound to a line. */
function sightingOf(
  rule: CompiledRule,
  pattern: number,
  start: number,
  found: Found | undefined,
): Sighting | undefined {
  if (!found && rule.isLineBound) return undefined;
  return { rule, pattern, start, found: found && { ...found, told: {} }, moved: 0 };
}

/**
 * From where an anchor starts, the bytes of its line that tell whether the filter reports it and, of
 * what is bound to the line, whether it matches.
 */
function searchedBehind({ isLineBound, after, leastValue, patterns, ahead }: CompiledRule): number {
  if (isLineBound || leastValue !== undefined) return after;
  const ends = patterns.map((pattern) =>
    pattern.after.reduce((sum, [, , max]) => sum + max, pattern.anchor.length),
  );
  return Math.min(after, Math.max(...ends, ahead?.reach ?? 0));
}

/** From where an anchor starts, the bytes before it on its line that tell the same. */
function searchedAhead({ isLineBound, runs, before, ahead }: CompiledRule): number {
  return isLineBound || runs ? before : (ahead?.before ?? 0);
}

/** Where it stands `by` bytes on, without what was said of it there. */
function spanOf({ matchStart, matchEnd, secretStart, secretEnd }: Span, by: number): Span {
  return {
    matchStart: matchStart + by,
    matchEnd: matchEnd + by,
    secretStart: secretStart + by,
    secretEnd: secretEnd + by,
  };
}

function hasFound(one: Sighting): one is Sighting & Moved {
  return one.found !== undefined;
}

function inOrder(sightings: Sighting[]): Sighting[] {
  return sightings.sort((a, b) => a.start - b.start || a.pattern - b.pattern);
}

/** Index of the first sighting at or behind `start`. */
function firstFrom(sightings: readonly Sighting[], start: number): number {
  let low = 0;
  let high = sightings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sightings[middle] as Sighting).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function at(numbers: Int32Array | Uint32Array, index: number): number {
  return numbers[index] as number;
}

const binarySample = 8_000;

function kindOf(bytes: Buffer, core: Core): Kind {
  const start = bytes.byteOffset;
  const hasZero = core.run.holdsZero(start, start + Math.min(bytes.length, binarySample)) === 1;
  const isMarked = bytes[0] === 0xff || bytes[0] === 0xfe;
  if (!hasZero && !isMarked) return 'text';
  if (detectUtf16(bytes)) return 'wide';
  return hasZero ? 'binary' : 'text';
}
