/**
 * What is encoded in a document, decoded and searched, again and again. The hints say where; the
 * spans of what is found are those of the encoded bytes. Knows no encoding and no source.
 */
import type { Confirm } from '../core/detect/confirm.ts';
import {
  hintKinds,
  type HintKind,
  type Reading,
  type Span,
} from '../core/detect/decoders/decoder.ts';
import { escapeDecoders, runDecoders } from '../core/detect/decoders/index.ts';
import { inLine } from '../core/detect/decoders/in-line.ts';
import { splice } from '../core/detect/decoders/splice.ts';
import { judge, lookAround, type Found } from '../core/detect/judge.ts';
import { isFormOf } from '../core/detect/settle.ts';
import { detectUtf16 } from '../core/detect/utf16.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import { createHits, type FilterAnchor, type LiteralFilter } from './filter.ts';
import { openGzip } from './open-gzip.ts';

export interface Hint {
  readonly place: number;
  readonly kind: HintKind;
}

/** Hints that are looked into together, and the bytes that tell what comes of it. */
export interface Cluster extends Span {
  readonly kind: HintKind;
  readonly hints: readonly Hint[];
  /** Of a run: the encoded bytes. */
  readonly stretch: Span;
}

/** How much is decoded of one document. */
export interface Allowance {
  bytes: number;
  /** Something was left out. */
  isSpent: boolean;
}

export interface EncodedSearch {
  /** Clusters of one kind are in order and apart. */
  clusters(bytes: Buffer, hints: readonly Hint[]): Cluster[];
  /** All that is encoded at these hints. */
  look(bytes: Buffer, cluster: Cluster, isBinary: boolean, allowance: Allowance): Found[];
}

/** Around a hint: what rules, context words, markers and shown lines look at. */
export const hintReach = 4_096;
const mostDepth = 8;
const allowedBytes = 64 << 20;

/** Decoding makes less of a text: only who hides something in many layers gets here. */
export function allowanceFor(bytes: Buffer): Allowance {
  return { bytes: allowedBytes + bytes.length * 4, isSpent: false };
}

export interface EncodedParts {
  readonly rules: readonly CompiledRule[];
  /** By rule. */
  readonly confirms: readonly Confirm[];
  readonly filter: LiteralFilter;
}

export function createEncodedSearch({ rules, confirms, filter }: EncodedParts): EncodedSearch {
  const hits = createHits();

  /** Everything in a decoded text, what is encoded in it as well. */
  function search(
    reading: Reading,
    isBinary: boolean,
    depth: number,
    left: Allowance,
  ): readonly Found[] {
    const { text } = reading;
    const found: Found[] = [];
    const takenUntil = new Map<number, number>();
    filter.search(text, 0, text.length, hits, () => {
      for (let i = 0; i < hits.count; i += 1) {
        const start = hits.starts[i] as number;
        const anchor = filter.anchors[hits.literals[i] as number] as FilterAnchor;
        for (const index of anchor.rules) {
          const span = confirms[index]?.(text, start, anchor.length);
          if (!span || start < (takenUntil.get(index) ?? 0)) continue;
          if (!reading.isDecoded(span.matchStart, span.matchEnd)) continue;
          const one = judge(rules[index] as CompiledRule, span, text, isBinary);
          if (!one) continue;
          found.push(one);
          takenUntil.set(index, span.matchEnd);
        }
      }
    });
    const deeper: Found[] = [];
    const hints: Hint[] = [];
    filter.hints(text, 0, text.length, (place, kind) => hints.push({ place, kind }));
    for (const cluster of clusters(text, hints)) {
      // What stands as it did before was looked into there.
      const isNew = cluster.hints.some(({ place }) => isDecodedAt(reading, place, cluster));
      if (isNew)
        for (const one of lookDeeper(text, cluster, isBinary, depth, left)) deeper.push(one);
    }
    return withoutForms(found, deeper);
  }

  function lookDeeper(
    bytes: Buffer,
    cluster: Cluster,
    isBinary: boolean,
    depth: number,
    left: Allowance,
  ): Found[] {
    if (depth === mostDepth || left.bytes <= 0) {
      left.isSpent = true;
      return [];
    }
    const reading = readingOf(bytes, cluster, left);
    if (!reading) return [];
    left.bytes -= reading.text.length;
    const isRun = !isEscape(cluster.kind);
    const found: Found[] = [];
    for (const one of search(reading, isJunk(reading, cluster, isBinary), depth + 1, left)) {
      if (isRun && !isText(reading.text, one)) continue;
      const outer = outwards(one, reading, bytes);
      if (isRun || holdsHint(cluster.hints, outer)) found.push(outer);
    }
    return found;
  }

  return {
    clusters,
    look: (bytes, cluster, isBinary, allowance) =>
      lookDeeper(bytes, cluster, isBinary, 0, allowance),
  };
}

/** Where something was found in what is encoded, a rule that took the encoded form for a secret has nothing to say. */
function withoutForms(found: readonly Found[], deeper: readonly Found[]): readonly Found[] {
  if (found.length === 0 || deeper.length === 0) return found.length === 0 ? deeper : found;
  const byStart = new Map<number, Found[]>();
  for (const one of deeper) {
    const same = byStart.get(one.secretStart);
    if (same) same.push(one);
    else byStart.set(one.secretStart, [one]);
  }
  const kept = found.filter(
    (raw) => !byStart.get(raw.secretStart)?.some((decoded) => isFormOf(raw, decoded)),
  );
  return [...kept, ...deeper];
}

function isDecodedAt(reading: Reading, place: number, { kind, stretch }: Cluster): boolean {
  return isEscape(kind)
    ? reading.isDecoded(place - tokenReach, place + tokenReach)
    : reading.isDecoded(stretch.from, stretch.to);
}

/** What a hint of an escape looks at. */
const tokenReach = 64;

function isEscape(kind: HintKind): boolean {
  return escapeDecoders.some(({ hint }) => hint === kind);
}

function clusters(bytes: Buffer, hints: readonly Hint[]): Cluster[] {
  return [
    ...runDecoders.flatMap((decoder) => runClusters(bytes, hints, decoder)),
    ...escapeDecoders.flatMap(({ hint }) => escapeClusters(bytes, hints, hint)),
  ];
}

function runClusters(
  bytes: Buffer,
  hints: readonly Hint[],
  decoder: (typeof runDecoders)[number],
): Cluster[] {
  const found: Cluster[] = [];
  let last: { stretch: Span; hints: Hint[] } | undefined;
  for (const one of hints) {
    if (one.kind !== decoder.hint) continue;
    if (last && one.place < last.stretch.to) {
      last.hints.push(one);
      continue;
    }
    const stretch = decoder.stretchAt(bytes, one.place);
    if (!stretch) continue;
    last = { stretch, hints: [one] };
    found.push({ kind: one.kind, ...reachOf(bytes, stretch.from, stretch.to), ...last });
  }
  return found;
}

function escapeClusters(bytes: Buffer, hints: readonly Hint[], kind: HintKind): Cluster[] {
  const groups: Hint[][] = [];
  for (const one of hints) {
    if (one.kind !== kind) continue;
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && one.place - before.place <= hintReach) group.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const reach = reachOf(bytes, group[0]?.place ?? 0, group.at(-1)?.place ?? 0);
    return { kind, hints: group, stretch: reach, ...reach };
  });
}

function reachOf(bytes: Buffer, from: number, to: number): Span {
  return { from: Math.max(0, from - hintReach), to: Math.min(bytes.length, to + hintReach) };
}

function readingOf(
  bytes: Buffer,
  { kind, stretch }: Cluster,
  left: Allowance,
): Reading | undefined {
  for (const decoder of escapeDecoders) {
    if (decoder.hint === kind) return splice(bytes, stretch, decoder);
  }
  for (const decoder of runDecoders) {
    if (decoder.hint !== kind) continue;
    const reading = decoder.decode(bytes, stretch, left.bytes);
    if (!reading || kind !== hintKinds.run) return reading;
    return openGzip(reading, left) ?? inLine(reading, bytes);
  }
  return undefined;
}

/** Found in a decoded text → found in the text that it was decoded from. */
function outwards(one: Found, reading: Reading, bytes: Buffer): Found {
  const secret = reading.spanOf(one.secretStart, one.secretEnd);
  const match = reading.spanOf(one.matchStart, one.matchEnd);
  const span = {
    matchStart: match.from,
    matchEnd: match.to,
    secretStart: secret.from,
    secretEnd: secret.to,
  };
  const around = lookAround(one.rule, span, bytes);
  const allow = one.allow ?? around.allow;
  return {
    ...one,
    ...span,
    hasContext: one.hasContext || around.hasContext,
    ...(allow ? { allow } : {}),
    seenFrom: Math.min(reading.from, around.seenFrom),
    seenTo: Math.max(reading.to, around.seenTo),
    steps: [...reading.steps, ...(one.steps ?? [])],
  };
}

/** Beside a match, the escape that bounds it. */
const longestEscape = 16;

/** An escape that is no hint may stand anywhere around one: what it says depends on where the text was cut. */
function holdsHint(hints: readonly Hint[], { matchStart, matchEnd }: Found): boolean {
  let low = 0;
  let high = hints.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hints[middle] as Hint).place < matchStart - longestEscape) low = middle + 1;
    else high = middle;
  }
  return low < hints.length && (hints[low] as Hint).place <= matchEnd;
}

/** Where a name beside a value means nothing. */
function isJunk({ text }: Reading, { kind }: Cluster, isBinary: boolean): boolean {
  // The parts of an address have names, too.
  if (kind === hintKinds.percent) return true;
  if (kind !== hintKinds.run) return isBinary;
  return !detectUtf16(text) && !isText(text);
}

const nearText = 64;
const mostLooked = 1 << 16;

/** Whether it reads as text, all of it or what stands around a match. */
function isText(text: Buffer, near?: Found): boolean {
  const from = near ? Math.max(0, near.matchStart - nearText) : 0;
  const end = near ? near.matchEnd + nearText : mostLooked;
  const to = Math.min(text.length, end, from + mostLooked);
  let high = 0;
  for (let i = from; i < to; i += 1) {
    const byte = text[i] as number;
    const isControl = byte < 0x20 ? byte < 8 || (byte > 13 && byte !== 0x1b) : byte === 0x7f;
    // UTF-16 is searched where it is decoded.
    if (isControl && !near?.steps) return false;
    if (byte >= 0x80) high += 1;
  }
  return high * 4 <= to - from;
}
