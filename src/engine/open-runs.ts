/** Encoded runs that go on behind a piece of a document: waited for, or followed from piece to piece. */
import { base64 } from '../core/detect/decoders/base64.ts';
import { hintKinds } from '../core/detect/decoders/decoder.ts';
import { isDigit64 } from '../core/detect/decoders/wrapped-run.ts';
import { hintReach, type Cluster } from './encoded.ts';

/** A longer run is read in parts. */
const mostWaited = 8 << 20;
/** Digits of base64 and of hex come in fours. */
const quantum = 4;

interface Piece {
  readonly bytes: Buffer;
  /** Absolute offset of bytes[0]. */
  readonly base: number;
  readonly coreStart: number;
  readonly coreEnd: number;
}

export interface OpenRuns {
  isLast: boolean;
  /** Where the core of the piece ends: `margin` before the end of its bytes, or where a run starts that is not all there. */
  coreEnd(piece: Piece, margin: number): number;
  /**
   * Adds the run that started in an earlier piece to the clusters, and remembers one that goes on. True
   * when it cannot be read in parts.
   */
  follow(piece: Piece, clusters: Cluster[]): boolean;
}

export function openRuns(): OpenRuns {
  /** Absolute offset of the first digit of a run that goes on. */
  let start: number | undefined;
  return {
    isLast: false,
    coreEnd({ bytes, coreStart }, margin) {
      const end = Math.max(0, bytes.length - margin);
      const first = bytes.length === 0 ? bytes.length : startOfLastRun(bytes);
      const isWaitedFor = first < end && bytes.length - first <= mostWaited;
      return isWaitedFor ? Math.max(coreStart, Math.min(end, first - hintReach)) : end;
    },
    follow(piece, clusters) {
      const { bytes, base } = piece;
      const started = clusters.find((one) => !this.isLast && goesOn(one, piece));
      if (start === undefined) {
        start = started && base + started.stretch.from;
      } else {
        const from = Math.max(0, start - base) || (quantum - ((base - start) % quantum)) % quantum;
        const to = endOfRun(bytes, from);
        const stretch = { from, to };
        clusters.unshift({ kind: hintKinds.run, hints: [], stretch, ...stretch });
        if (to < bytes.length) start = started && base + started.stretch.from;
      }
      return started !== undefined && isCompressed(bytes, started.stretch.from);
    },
  };
}

function endOfRun(bytes: Buffer, from: number): number {
  let to = from;
  while (to < bytes.length && isDigit64(bytes[to])) to += 1;
  return to;
}

/** Whether it is one long line that reaches over the end; broken lines are found again wherever a piece starts. */
function goesOn({ kind, stretch }: Cluster, { bytes, coreEnd }: Piece): boolean {
  if (kind !== hintKinds.run || stretch.to < bytes.length || stretch.from >= coreEnd) return false;
  return endOfRun(bytes, Math.max(stretch.from, bytes.length - widestLine)) === bytes.length;
}

const widestLine = 1_100;

/** Where the run starts that the bytes end in; their length when they end in none. */
function startOfLastRun(bytes: Buffer): number {
  let last = bytes.length - 1;
  while (last > 0 && last > bytes.length - farthestBreak && !isDigit64(bytes[last])) last -= 1;
  if (!isDigit64(bytes[last])) return bytes.length;
  return base64.stretchAt(bytes, last)?.from ?? bytes.length;
}

const farthestBreak = 64;

/** Base64, of one layer or two, of what starts as gzip does. */
function isCompressed(bytes: Buffer, from: number): boolean {
  const head = bytes.toString('latin1', from, from + 5);
  return head.startsWith('H4sI') || head === 'SDRzS';
}
