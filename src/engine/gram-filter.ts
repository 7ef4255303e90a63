/** The filter in WebAssembly. Bytes that lie in its memory already are searched where they are. */
import type { HintKind } from '../core/detect/decoders/decoder.ts';
import type { Hint } from './encoded.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Core } from './core.ts';
import type { Hits, LiteralFilter } from './filter.ts';
import { runAnchors } from './token-runs.ts';

const room = 8_192;
const hitBytes = 8;
/** A gram lies at most this far behind its anchor, so that hits are that much out of order. */
const disorder = 64;
const leastStage = 1 << 20;

export interface GramFilter extends LiteralFilter {
  /**
   * The same for texts beside the document that is looked at. It takes no memory: that would take
   * away what lies in it.
   */
  readonly beside: LiteralFilter;
  /**
   * As `search`, in ranges of a document in the module's memory: `count` times two numbers of four bytes
   * at the address `ranges`, in order and apart.
   */
  searchRanges(bytes: Buffer, ranges: number, count: number, hits: Hits, drain: () => void): void;
  /** The same of hints. */
  hintsInRanges(bytes: Buffer, ranges: number, count: number): readonly Hint[];
}

/** Each is an address and, in its lowest bits, a kind: megabytes may be nothing but hints. */
type HintAddresses = Float64Array;
const noHints: HintAddresses = new Float64Array();
const none: readonly Hint[] = [];
const kindSpan = 256;

function hintPlace(hint: number, base: number): number {
  return Math.floor(hint / kindSpan) - base;
}

function hintKind(hint: number): HintKind {
  // Written by the module: nothing but these kinds.
  return (hint % kindSpan) as HintKind;
}

/** Tables of exactly these rules, as `buildFilterTables` made them. */
export function gramFilter(
  rules: readonly CompiledRule[],
  tables: Uint8Array,
  core: Core,
): GramFilter {
  const { run } = core;
  const place = placeOf(tables, core);
  const patterns = rules.flatMap((rule, index) =>
    rule.patterns.map(({ anchor }) => ({ length: anchor.length, rules: [index] })),
  );
  const runs = runAnchors(rules);

  /**
   * `go` finds hits from its argument on, with that much room, and returns 0 when there are no more;
   * `until` tells where the last one ends.
   */
  function collect(
    base: number,
    go: (hitsAt: number, room: number) => number,
    until: () => number,
    hits: Hits,
    drain: () => void,
  ): void {
    let kept = 0;
    let stopped = 0;
    do {
      stopped = go(place.hits + kept * hitBytes, room - kept);
      const words = core.words();
      const end = until() >> 2;
      hits.count = 0;
      let free = place.hits >> 2;
      for (let word = free; word < end; word += 2) {
        const start = words[word] as number;
        const pattern = words[word + 1] as number;
        if (stopped !== 0 && start > stopped - disorder) {
          words[free] = start;
          words[free + 1] = pattern;
          free += 2;
        } else add(hits, start - base, pattern);
      }
      kept = (free - (place.hits >> 2)) / 2;
      if (hits.count > 0) drain();
    } while (stopped !== 0);
    hits.count = 0;
  }

  function collectRuns(
    base: number,
    length: number,
    ranges: number,
    count: number,
    hits: Hits,
    drain: () => void,
  ): void {
    if (runs.length === 0) return;
    run.openRuns(place.tables, ranges, count, base, base + length);
    collect(base, run.searchRuns, run.runHitsUntil, hits, drain);
  }

  function writeRange(address: number, from: number, to: number): void {
    const words = core.words();
    words[address >> 2] = from;
    words[(address >> 2) + 1] = to;
  }

  function hintsIn(base: number, length: number, ranges: number, count: number): HintAddresses {
    run.openHints(ranges, count, base, base + length);
    const isNone = run.nextHints(place.hits, room) === 0 && run.hintsUntil() === place.hits;
    return isNone ? noHints : allHints();
  }

  /** What the last call wrote, and all that comes behind it, in order. */
  function allHints(): HintAddresses {
    const found: number[] = [];
    do {
      const words = core.words();
      const end = run.hintsUntil() >> 2;
      for (let word = place.hits >> 2; word < end; word += 2) {
        found.push((words[word] as number) * kindSpan + (words[word + 1] as number));
      }
    } while (run.nextHints(place.hits, room) !== 0 || run.hintsUntil() !== place.hits);
    // Those of runs come a little late.
    return Float64Array.from(found).sort();
  }

  const filter = {
    anchors: [...patterns, ...runs],
    search(bytes, from, to, hits, drain) {
      const base = resident(bytes, core);
      run.useTables(place.tables);
      run.setRange(base + from, base + to, base, base + bytes.length);
      let at = base + from;
      const go = (hitsAt: number, space: number): number => (at = run.search(at, hitsAt, space));
      collect(base, go, run.hitsUntil, hits, drain);
      writeRange(place.range, from, to);
      collectRuns(base, bytes.length, place.range, 1, hits, drain);
    },
    hints(bytes, from, to, note) {
      const base = staged(bytes, core);
      writeRange(place.hintRange, from, to);
      for (const one of hintsIn(base, bytes.length, place.hintRange, 1)) {
        note(hintPlace(one, base), hintKind(one));
      }
    },
    hintsInRanges(bytes, ranges, count) {
      const base = bytes.byteOffset;
      const found = hintsIn(base, bytes.length, ranges, count);
      // Nearly all versions.
      if (found.length === 0) return none;
      return Array.from(found, (one) => ({
        place: hintPlace(one, base),
        kind: hintKind(one),
      }));
    },
    searchRanges(bytes, ranges, count, hits, drain) {
      // The module would tell of the hits of the search before.
      if (count === 0) return;
      run.useTables(place.tables);
      run.openRanges(ranges, count, bytes.byteOffset, bytes.length);
      collect(bytes.byteOffset, run.searchRanges, run.hitsUntil, hits, drain);
      collectRuns(bytes.byteOffset, bytes.length, ranges, count, hits, drain);
    },
  } satisfies Omit<GramFilter, 'beside'>;
  return { ...filter, beside: inPieces(filter, core) };
}

/** What the filter and hints look at around a place is far less. */
const margin = 1 << 14;
const pieceBytes = leastStage - 2 * margin;

/** Searches a text of any length in memory of its own. */
function inPieces(filter: LiteralFilter, core: Core): LiteralFilter {
  const place = core.reserve(leastStage);
  let staged: Buffer | undefined;

  function pieces(
    bytes: Buffer,
    from: number,
    to: number,
    go: (piece: Buffer, start: number, from: number, to: number) => void,
  ): void {
    for (let at = from; at < to; at += pieceBytes) {
      const until = Math.min(to, at + pieceBytes);
      const start = Math.max(0, at - margin);
      const piece = bytes.subarray(start, Math.min(bytes.length, until + margin));
      const isWhole = piece.length === bytes.length;
      if (!isWhole || staged !== bytes) core.bytes().set(piece, place);
      staged = isWhole ? bytes : undefined;
      go(core.bytes().subarray(place, place + piece.length), start, at - start, until - start);
    }
  }

  return {
    anchors: filter.anchors,
    search(bytes, from, to, hits, drain) {
      staged = undefined;
      pieces(bytes, from, to, (piece, start, first, behind) => {
        filter.search(piece, first, behind, hits, () => {
          for (let i = 0; i < hits.count; i += 1) {
            hits.starts[i] = (hits.starts[i] as number) + start;
          }
          drain();
        });
      });
    },
    hints(bytes, from, to, note) {
      pieces(bytes, from, to, (piece, start, first, behind) => {
        filter.hints(piece, first, behind, (at, kind) => note(at + start, kind));
      });
      staged = undefined;
    },
  };
}

/** In order of starts; they come nearly so. */
function add(hits: Hits, start: number, pattern: number): void {
  const { starts, literals } = hits;
  let at = hits.count;
  while (at > 0 && isAfter(starts[at - 1] as number, literals[at - 1] as number, start, pattern)) {
    starts[at] = starts[at - 1] as number;
    literals[at] = literals[at - 1] as number;
    at -= 1;
  }
  starts[at] = start;
  literals[at] = pattern;
  hits.count += 1;
}

function isAfter(start: number, pattern: number, thanStart: number, thanPattern: number): boolean {
  return start > thanStart || (start === thanStart && pattern > thanPattern);
}

interface Places {
  readonly tables: number;
  readonly hits: number;
  /** A single range: two numbers of four bytes. */
  readonly range: number;
  /** Another. */
  readonly hintRange: number;
}

const placesOf = new WeakMap<Uint8Array, Places>();

/** Where the tables lie; the same tables are copied in once. */
function placeOf(tables: Uint8Array, core: Core): Places {
  const known = placesOf.get(tables);
  if (known) return known;
  const places = {
    tables: core.reserve(tables.length),
    hits: core.reserve(room * hitBytes),
    range: core.reserve(8),
    hintRange: core.reserve(8),
  };
  core.bytes().set(tables, places.tables);
  placesOf.set(tables, places);
  return places;
}

let stage = { address: 0, size: 0 };

/** Where `resident` put them. */
function staged(bytes: Buffer, core: Core): number {
  return bytes.buffer === core.bytes().buffer ? bytes.byteOffset : stage.address;
}

/** The address of the bytes in the module's memory, copied there if need be. */
export function resident(bytes: Buffer, core: Core): number {
  const memory = core.bytes();
  if (bytes.buffer === memory.buffer) return bytes.byteOffset;
  if (stage.size < bytes.length) {
    const size = Math.max(leastStage, 2 ** Math.ceil(Math.log2(bytes.length)));
    stage = { address: core.reserve(size), size };
  }
  core.bytes().set(bytes, stage.address);
  return stage.address;
}
