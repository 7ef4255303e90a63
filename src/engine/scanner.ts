/** Bytes → matches. Knows rules and documents; knows no source. One scanner a thread. */
import { confirmer } from '../core/detect/confirm.ts';
import { createCursor, type Cursor } from '../core/detect/text.ts';
import { detectUtf16, squeezeUtf16 } from '../core/detect/utf16.ts';
import type { Match } from '../core/model/match.ts';
import type { Origin } from '../core/model/origin.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import { judge } from '../core/detect/judge.ts';
import type { Version } from '../core/model/sink.ts';
import { openCore } from './core.ts';
import { isDecoding } from './decoding.ts';
import { allowanceFor, createEncodedSearch, type Hint } from './encoded.ts';
import { openRuns, type OpenRuns } from './open-runs.ts';
import { createHits, literalFilter, type FilterAnchor, type LiteralFilter } from './filter.ts';
import { gramFilter } from './gram-filter.ts';
import { createLineage, type LookedAt } from './lineage.ts';
import { candidateAt, settle, type Candidate } from '../core/detect/settle.ts';

export interface Scanner {
  /** A whole document that is in memory. */
  scan(origin: Origin, bytes: Buffer): Match[];
  /** A document that comes in pieces of any size. */
  open(origin: Origin): DocumentStream;
  /** A document that may be copied from another; what is the same is not searched again. */
  version(version: Version): LookedAt;
  /** Documents of which not all that is encoded was read, since this was asked last. */
  readonly takeUnread: () => Origin[];
  /** Bytes that the filter has read so far. */
  readonly filteredBytes: () => number;
}

export interface DocumentStream {
  push(bytes: Buffer): Match[];
  end(): Match[];
}

/** Text around a match that context words, markers, shown lines and parts of pairs are taken from. */
const surroundings = 12_288;
/** Streams are searched once this much has come. */
const pieceBytes = 8 << 20;

/** A stretch of a document. Findings whose anchor starts in [coreStart, coreEnd) are reported. */
interface Piece {
  bytes: Buffer;
  /** Absolute offset of bytes[0]. */
  base: number;
  coreStart: number;
  coreEnd: number;
}

/** What is remembered of a document from piece to piece. Offsets are absolute. */
interface DocumentState {
  readonly origin: Origin;
  readonly piece: Piece;
  readonly cursor: Cursor;
  /** By rule index: an accepted match of what is decided already reaches up to here. */
  readonly takenUntil: Map<number, number>;
  /** What earlier pieces found near this one: decided there, but it may overlap or belong to what is found here. */
  carried: readonly Candidate[];
  isBinary: boolean;
  /** Of what comes in pieces. */
  runs?: OpenRuns;
  /** It was said that something in it was left out. */
  isUnread?: boolean;
}

/** `tables`: the filter's, if they were built before. */
export function createScanner(rules: readonly CompiledRule[], tables?: Uint8Array): Scanner {
  const core = tables && openCore();
  const grams = core && tables ? asMeasured(gramFilter(rules, tables, core)) : undefined;
  const filter = grams ?? asMeasured(literalFilter(rules));
  const confirms = rules.map(confirmer);
  const encoded = createEncodedSearch({ rules, confirms, filter: grams?.beside ?? filter });
  const unread: Origin[] = [];
  const noteUnread = (origin: Origin): void => void unread.push(origin);
  const lineage =
    core && grams
      ? createLineage({ rules, confirms, filter: grams, core, encoded, noteUnread, scan })
      : undefined;
  const hits = createHits();
  const reach = rules.reduce((most, rule) => Math.max(most, rule.before, rule.after), 0);
  // A match that overlaps another's far end, and the whole window that its pattern looks at.
  const margin = reach * 3 + surroundings;
  let filteredBytes = 0;

  function search(document: DocumentState): Candidate[] {
    const { piece, takenUntil } = document;
    const { bytes, base } = piece;
    const found: Candidate[] = [...document.carried];
    // Behind the core everything is decided again with the next piece, with all that follows in view.
    const takenAhead = new Map<number, number>();
    const take = (): void => {
      for (let i = 0; i < hits.count; i += 1) {
        const start = hits.starts[i] as number;
        const anchor = filter.anchors[hits.literals[i] as number] as FilterAnchor;
        for (const index of anchor.rules) {
          // Most anchors are nobody's secret: the cheapest question comes first.
          const span = confirms[index]?.(bytes, start, anchor.length);
          if (!span) continue;
          const isCore = start < piece.coreEnd;
          const ahead = isCore ? 0 : (takenAhead.get(index) ?? 0);
          if (base + start < Math.max(takenUntil.get(index) ?? 0, ahead)) continue;
          const rule = rules[index] as CompiledRule;
          const one = judge(rule, span, bytes, document.isBinary);
          if (!one) continue;
          found.push({ ...one, isCore });
          (isCore ? takenUntil : takenAhead).set(index, base + span.matchEnd);
        }
      }
    };
    filter.search(bytes, piece.coreStart, bytes.length, hits, take);
    filteredBytes += bytes.length - piece.coreStart;
    searchEncoded(document, found);
    document.carried = [...document.carried, ...found.filter(({ isCore }) => isCore)];
    return found;
  }

  /** Adds what is encoded in the piece. */
  function searchEncoded(document: DocumentState, found: Candidate[]): void {
    const { bytes, coreStart, coreEnd } = document.piece;
    const hints: Hint[] = [];
    filter.hints(bytes, 0, bytes.length, (place, kind) => hints.push({ place, kind }));
    const clusters = hints.length === 0 ? [] : encoded.clusters(bytes, hints);
    const isCut = document.runs?.follow(document.piece, clusters) ?? false;
    if (clusters.length === 0) return;
    const allowance = allowanceFor(bytes);
    for (const cluster of clusters) {
      for (const one of encoded.look(bytes, cluster, document.isBinary, allowance)) {
        if (one.secretStart < coreStart) continue;
        found.push({ ...one, isCore: one.secretStart < coreEnd });
      }
    }
    if ((allowance.isSpent || isCut) && !document.isUnread) {
      document.isUnread = true;
      noteUnread(document.origin);
    }
  }

  function scanPiece(document: DocumentState): Match[] {
    const found = search(document);
    if (found.length === 0) return [];
    // A later piece may report a place before the last one of this piece.
    return settle(found, document.piece, document.origin, document.cursor.fork());
  }

  function scanLatin(origin: Origin, bytes: Buffer): Match[] {
    const piece = { bytes, base: 0, coreStart: 0, coreEnd: bytes.length };
    const state = newDocument(origin, piece);
    state.isBinary = looksBinary(bytes);
    return scanPiece(state);
  }

  function scan(origin: Origin, bytes: Buffer): Match[] {
    const utf16 = detectUtf16(bytes);
    if (!utf16) return scanLatin(origin, bytes);
    const skipped = hasMark(bytes) ? 2 : 0;
    const matches = scanLatin(origin, squeezeUtf16(bytes.subarray(skipped), utf16));
    return matches.map((match) => widen(match, utf16, skipped));
  }

  return {
    takeUnread: () => unread.splice(0),
    filteredBytes: () => filteredBytes + (lineage?.filteredBytes() ?? 0),
    version(version) {
      if (!lineage) throw new Error('versions need the WebAssembly module');
      return lineage.version(version);
    },
    scan,
    open(origin) {
      const piece: Piece = { bytes: Buffer.alloc(0), base: 0, coreStart: 0, coreEnd: 0 };
      const runs = openRuns();
      const document: DocumentState = { ...newDocument(origin, piece), runs };
      const waiting: Buffer[] = [];
      let waitingBytes = 0;
      let utf16: ReturnType<typeof detectUtf16>;
      let skipped = 0;
      let isFirst = true;

      function flush(isLast: boolean): Match[] {
        let bytes: Buffer = Buffer.concat(waiting);
        waiting.length = 0;
        waitingBytes = 0;
        if (isFirst) {
          isFirst = false;
          utf16 = detectUtf16(bytes);
          skipped = utf16 && hasMark(bytes) ? 2 : 0;
          document.isBinary = !utf16 && looksBinary(bytes);
          bytes = bytes.subarray(skipped);
        }
        if (utf16) {
          const odd = bytes.length & 1;
          if (odd && !isLast) {
            waiting.push(bytes.subarray(bytes.length - 1));
            waitingBytes = 1;
          }
          bytes = squeezeUtf16(bytes, utf16);
        }
        piece.bytes = Buffer.concat([piece.bytes, bytes]);
        piece.coreEnd = isLast ? piece.bytes.length : runs.coreEnd(piece, margin);
        runs.isLast = isLast;
        const matches = scanPiece(document);
        // Keep what later matches may look back at; the cursor must have passed what goes.
        const kept = Math.max(0, piece.coreEnd - margin);
        document.cursor.positionAt(piece.base + kept);
        document.carried = document.carried
          .filter(({ matchEnd }) => matchEnd > kept)
          .map((one) => candidateAt(one, -kept, false));
        piece.bytes = piece.bytes.subarray(kept);
        piece.base += kept;
        piece.coreStart = piece.coreEnd - kept;
        const kind = utf16;
        return kind ? matches.map((match) => widen(match, kind, skipped)) : matches;
      }

      return {
        push(bytes) {
          const found: Match[] = [];
          // However much comes at once: what is encoded takes many times its size.
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            const some = bytes.subarray(at, at + pieceBytes);
            waiting.push(some);
            waitingBytes += some.length;
            if (waitingBytes >= pieceBytes) for (const one of flush(false)) found.push(one);
          }
          return found;
        },
        end: () => flush(true),
      };
    },
  };
}

/** What decoding costs is measured without it; the coverage of the report says so. */
function asMeasured<Filter extends LiteralFilter>(filter: Filter): Filter {
  return isDecoding() ? filter : { ...filter, hints: () => undefined };
}

function newDocument(origin: Origin, piece: Piece): DocumentState {
  const cursor = createCursor(piece);
  return { origin, piece, cursor, takenUntil: new Map(), carried: [], isBinary: false };
}

function hasMark(bytes: Buffer): boolean {
  return bytes[0] === 0xff || bytes[0] === 0xfe;
}

const binarySample = 8_000;

function looksBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, binarySample).includes(0);
}

/** Byte offsets of squeezed text → of the UTF-16 original. */
function widen(match: Match, kind: 'utf-16le' | 'utf-16be', skipped: number): Match {
  return {
    ...match,
    decoded: [kind, ...match.decoded],
    start: { ...match.start, byte: match.start.byte * 2 + skipped },
    end: { ...match.end, byte: match.end.byte * 2 + skipped },
  };
}
